"""Who reads and writes group tutorials: whoever sees somebody in the group with the permission.

What a wrong view could get wrong is held here too: a meeting falls on a school day of its series, is not written up
before its day unless it is not held, and only those who were in the group that day were there or not.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import holds, protect, sees, settled

ME = "(SELECT guard.uid())"
VIEW, RUN, KEEP = "tutorials.view_tutorial", "tutorials.run_tutorial", "tutorials.keep_programme"
OURS = "term_id IN (SELECT t.id FROM students_term t WHERE t.school_id = (SELECT guard.school()))"
KEPT = f"{OURS} AND {holds(KEEP)}"


def group_seen(permission: str) -> str:
    return f"""group_id IN (SELECT m.group_id FROM groups_groupmembership m
  WHERE m.student_id IN (SELECT guard.students_seen('{permission}'))
    AND m.starts_on <= current_date AND (m.ends_on IS NULL OR m.ends_on >= current_date))"""  # noqa: S608 (our names)


MINE = f"series_id IN (SELECT s.id FROM tutorials_series s WHERE s.{group_seen(RUN)})"  # noqa: S608 (the same)
READ = "series_id IN (SELECT s.id FROM tutorials_series s)"
OF_MINE = f"{sees(RUN)} AND meeting_id IN (SELECT m.id FROM tutorials_meeting m WHERE m.{MINE})"  # noqa: S608

# After the row is written, so that policies speak first; and as whoever acts: the demo writes as the owner.
CREATE = """
CREATE FUNCTION tutorial_written() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' AND NOT EXISTS (
    SELECT FROM tutorials_series s JOIN groups_tutorgroup g ON g.id = s.group_id
      JOIN students_term t ON t.school_id = g.school_id AND NEW.day BETWEEN t.starts_on AND t.ends_on
       AND coalesce(NOT NEW.day BETWEEN t.break_starts_on AND t.break_ends_on, true)
     WHERE s.id = NEW.series_id AND NEW.day BETWEEN s.starts_on AND s.ends_on
       AND extract(isodow FROM NEW.day) = s.weekday + 1
       AND NOT EXISTS (SELECT FROM students_closure c WHERE c.school_id = g.school_id AND c.date = NEW.day)) THEN
    RAISE EXCEPTION 'a tutorial meets on its weekday, on school days' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.not_held = '' AND NEW.day > (now() AT TIME ZONE 'Europe/London')::date THEN
    RAISE EXCEPTION 'nothing is covered before its day' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.topic_id IS NOT NULL AND NOT EXISTS (SELECT FROM tutorials_topic t WHERE t.id = NEW.topic_id) THEN
    RAISE EXCEPTION 'a topic of the school’s own programme' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.not_held <> '' AND EXISTS (SELECT FROM tutorials_presence p WHERE p.meeting_id = NEW.id) THEN
    RAISE EXCEPTION 'nobody was there when it was not held' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tutorial_written AFTER INSERT ON tutorials_meeting FOR EACH ROW EXECUTE FUNCTION tutorial_written();
CREATE TRIGGER tutorial_changed AFTER UPDATE ON tutorials_meeting
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION tutorial_written();
CREATE FUNCTION tutorial_attended() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (
    SELECT FROM tutorials_meeting m JOIN tutorials_series s ON s.id = m.series_id
      JOIN groups_groupmembership g ON g.group_id = s.group_id AND g.student_id = NEW.student_id
       AND g.starts_on <= m.day AND (g.ends_on IS NULL OR g.ends_on >= m.day)
     WHERE m.id = NEW.meeting_id AND m.not_held = '') THEN
    RAISE EXCEPTION 'only who was in the group that day, when it was held' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tutorial_attended AFTER INSERT ON tutorials_presence
  FOR EACH ROW EXECUTE FUNCTION tutorial_attended();
"""
UNDO = """
DROP TRIGGER tutorial_attended ON tutorials_presence;
DROP FUNCTION tutorial_attended();
DROP TRIGGER tutorial_changed ON tutorials_meeting;
DROP TRIGGER tutorial_written ON tutorials_meeting;
DROP FUNCTION tutorial_written();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tutorials", "0001_initial"),
        ("groups", "0006_sight_one_note_a_role"),
        ("accounts", "0011_stands_for"),
    ]
    operations = [
        protect("tutorials_topic", select=OURS, insert=KEPT, update=KEPT, delete=KEPT),
        protect(
            "tutorials_series",
            select=group_seen(VIEW),
            insert=f"made_by_id = {ME} AND {group_seen(RUN)}",
            update=group_seen(RUN),
            delete=group_seen(RUN),
        ),
        settled("tutorials_series", "group_id", "weekday", "starts_on", "made_by_id", "created_at"),
        protect_history("tutorials_serieschange", select=group_seen(VIEW)),
        protect("tutorials_meeting", select=READ, insert=f"written_by_id = {ME} AND {MINE}", update=MINE),
        settled("tutorials_meeting", "series_id", "day", "written_by_id", "created_at"),
        protect_history("tutorials_meetingchange", select=READ),
        protect("tutorials_presence", select=sees(VIEW), insert=OF_MINE, update=OF_MINE, delete=OF_MINE),
        settled("tutorials_presence", "meeting_id", "student_id"),
        protect_history("tutorials_presencechange", select=sees(VIEW)),
        migrations.RunSQL(CREATE, UNDO),
    ]
