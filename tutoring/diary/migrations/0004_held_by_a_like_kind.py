"""A school's own kind says what a session is (tutor_sessions 0009), so its change is heard of too; and a 1:1 that
became a review, or the other way round, was held all the same: the student was there, and they talked.
"""

from importlib import import_module

from django.db import migrations

LIKE = """
CREATE OR REPLACE FUNCTION diary_held_when_logged() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE diary_appointment SET state = 'held', session_id = NEW.id
   WHERE id = (SELECT a.id FROM diary_appointment a
                WHERE a.staff_id = NEW.author_id AND a.student_id = NEW.student_id AND a.day = NEW.held_on
                  AND (a.kind = NEW.kind
                       OR (a.kind IN ('one_to_one', 'review') AND NEW.kind IN ('one_to_one', 'review')))
                  AND a.state = 'booked'
                ORDER BY a.kind = NEW.kind DESC, a.starts_at LIMIT 1)
     AND NOT EXISTS (SELECT FROM diary_appointment kept WHERE kept.session_id = NEW.id);
  RETURN NULL;
END $$;
DROP TRIGGER diary_held_when_logged ON tutor_sessions_tutorsession;
CREATE TRIGGER diary_held_when_logged AFTER INSERT OR UPDATE OF held_on, kind, school_kind_id
  ON tutor_sessions_tutorsession FOR EACH ROW EXECUTE FUNCTION diary_held_when_logged();
"""
BEFORE = import_module("tutoring.diary.migrations.0003_held_when_logged")


class Migration(migrations.Migration):
    dependencies = [("diary", "0003_held_when_logged"), ("tutor_sessions", "0009_every_session_has_a_kind")]
    operations = [migrations.RunSQL(LIKE, BEFORE.DROP + BEFORE.CREATE)]
