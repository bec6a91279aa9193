"""The pastoral team reads and keeps watches. What a wrong view could get wrong is held here: who looked and when stays,
and a watch ends once, in the name of whoever ends it.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import protect, sees, settled

KEEP = sees("watch.keep_watch")
ME = "(SELECT guard.uid())"
OF_WATCH = """EXISTS (SELECT FROM watch_watch w WHERE w.id = watch_checkin.watch_id
  AND w.student_id = watch_checkin.student_id AND w.ended_on IS NULL)"""

# After the row is written, so that policies speak first; the demo and migrations write as the owner, and are not asked.
PEOPLE = "NOT pg_has_role(current_user, 'waymark_owner', 'MEMBER')"
CREATE = f"""
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.watch_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.ended_on IS NOT NULL THEN
    RAISE EXCEPTION 'a watch that has ended stays as it ended' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.ended_on IS NOT NULL AND (NEW.ended_by_id, NEW.ended_on) IS DISTINCT FROM (guard.uid(), (guard.checked()).on_day) THEN
    RAISE EXCEPTION 'whoever ends a watch says so in their own name, that day' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.looked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.day > (guard.checked()).on_day THEN
    RAISE EXCEPTION 'nobody has looked on a day to come' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.watch_kept(), guard.looked() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER watch_begun AFTER INSERT ON watch_watch
  FOR EACH ROW WHEN ({PEOPLE}) EXECUTE FUNCTION guard.watch_kept();
CREATE TRIGGER watch_kept AFTER UPDATE ON watch_watch
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.* AND {PEOPLE}) EXECUTE FUNCTION guard.watch_kept();
CREATE TRIGGER looked AFTER INSERT ON watch_checkin
  FOR EACH ROW WHEN ({PEOPLE}) EXECUTE FUNCTION guard.looked();
"""
UNDO = """
DROP TRIGGER looked ON watch_checkin;
DROP TRIGGER watch_kept ON watch_watch;
DROP TRIGGER watch_begun ON watch_watch;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.watch_kept(), guard.looked();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("watch", "0001_initial"), ("groups", "0009_short_notes")]
    operations = [
        protect("watch_watch", select=KEEP, insert=f"made_by_id = {ME} AND {KEEP}", update=KEEP),
        settled("watch_watch", "student_id", "kind", "reason", "made_by_id", "started_on"),
        protect("watch_checkin", select=KEEP, insert=f"by_id = {ME} AND {KEEP} AND {OF_WATCH}"),
        protect_history("watch_watchchange", select=KEEP),
        protect_history("watch_checkinchange", select=KEEP),
        migrations.RunSQL(CREATE, UNDO),
    ]
