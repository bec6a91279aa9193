"""Everybody reads the list of tags; a conversation carries only words of its author's school."""

from django.db import migrations

from core.rls import belongs_to_school, settled

# After the row is written, so that policies speak first; and as whoever acts: the demo writes as the owner.
# What it carried before it keeps, whatever became of the tag.
CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.tags_of_school() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before text[] := CASE WHEN TG_OP = 'UPDATE' THEN OLD.tags ELSE '{}' END;
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF EXISTS (
       SELECT FROM unnest(NEW.tags) AS carried (name)
        WHERE carried.name <> ALL (before) AND NOT EXISTS (
          SELECT FROM public.tutor_sessions_sessiontag t
           WHERE t.school_id = guard.school() AND t.name = carried.name AND t.is_active)) THEN
    RAISE EXCEPTION 'a conversation carries the school''s tags' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.tags_of_school() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER tags_of_school AFTER INSERT OR UPDATE OF tags ON tutor_sessions_tutorsession
  FOR EACH ROW WHEN (NEW.tags <> '{}') EXECUTE FUNCTION guard.tags_of_school();
"""
UNDO = """
DROP TRIGGER tags_of_school ON tutor_sessions_tutorsession;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.tags_of_school();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0017_tags")]
    operations = [
        belongs_to_school("tutor_sessions_sessiontag"),
        settled("tutor_sessions_sessiontag", "school_id", "name"),
        migrations.RunSQL(CREATE, UNDO),
    ]
