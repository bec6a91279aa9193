"""What the school calls an appointment, filled in and held by the same trigger as for sessions (tutor_sessions 0009).

Where two are booked with a student on one day, logging one of a kind makes the one of that very kind held first.
"""

from importlib import import_module

from django.db import migrations

KIND = """
-- What was booked before: no change that its history should tell of.
ALTER TABLE diary_appointment DISABLE TRIGGER USER;
UPDATE diary_appointment a SET school_kind_id = (
  SELECT k.id FROM students_student s JOIN tutor_sessions_sessionkind k ON k.school_id = s.school_id AND k.kind = a.kind
   WHERE s.id = a.student_id ORDER BY k.is_active DESC, k.position, k.name LIMIT 1);
-- Keys are checked at the end of the transaction otherwise, and until then the table cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE diary_appointment ENABLE TRIGGER USER;
CREATE TRIGGER kind_of_appointment BEFORE INSERT OR UPDATE OF kind, school_kind_id ON diary_appointment
  FOR EACH ROW EXECUTE FUNCTION guard.kind_of_session();
"""
UNDO = """
DROP TRIGGER kind_of_appointment ON diary_appointment;
"""
BEFORE = import_module("tutoring.diary.migrations.0004_held_by_a_like_kind").LIKE
ORDER = "ORDER BY a.kind = NEW.kind DESC,"
assert ORDER in BEFORE  # noqa: S101 (else nothing would change)
AFTER = BEFORE.replace(ORDER, "ORDER BY a.school_kind_id = NEW.school_kind_id DESC NULLS LAST, a.kind = NEW.kind DESC,")


class Migration(migrations.Migration):
    dependencies = [("diary", "0005_school_kind"), ("tutor_sessions", "0023_kind_after_policies")]
    operations = [migrations.RunSQL(KIND, UNDO), migrations.RunSQL(AFTER, BEFORE)]
