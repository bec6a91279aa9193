"""A mentoring is read as a student's own words are, begun by whoever writes those, changed by them and by the mentor.
The mentor is somebody who reads it already, so that nobody comes to see a student by being named; ended, it stays.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import protect, sees, settled

ME = "(SELECT guard.uid())"
READ, WRITE = sees("strategies.view_strategy"), sees("strategies.write_strategy")
TABLE = "referrals_mentoring"
# After the row is written, so that policies speak first.
KEPT = f"""
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.mentor_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF NEW.mentor_id NOT IN (SELECT guard.staff_who_see(NEW.student_id, 'strategies.view_strategy')) THEN
    RAISE EXCEPTION 'a mentor is somebody who sees the student' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.mentor_named() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER mentor_named AFTER INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION guard.mentor_named();
CREATE TRIGGER stays_ended BEFORE UPDATE ON {TABLE} FOR EACH ROW
  WHEN (OLD.until IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.settled('');
"""  # noqa: S608 (our own text)
UNDO = f"""
DROP TRIGGER stays_ended ON {TABLE};
DROP TRIGGER mentor_named ON {TABLE};
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.mentor_named();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0005_mentoring"), ("groups", "0009_short_notes")]
    operations = [
        protect(
            TABLE,
            select=READ,
            insert=f"set_by_id = {ME} AND until IS NULL AND {WRITE}",
            update=f"(ended_by_id IS NULL OR ended_by_id = {ME}) AND ({WRITE} OR (mentor_id = {ME} AND {READ}))",
        ),
        settled(TABLE, "student_id", "mentor_id", "submission", "since", "set_by_id", "created_at"),
        protect_history("referrals_mentoringchange", select=READ),
        migrations.RunSQL(KEPT, UNDO),
    ]
