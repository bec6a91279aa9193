"""An appointment is held when its conversation is written down: that day, that student, that kind, by whom it was with.

A trigger and not a call, so that no way of logging (long form, quick note, import) can forget it, and sessions need not
know the diary. It runs with the writer's own rights: what they may not keep stays as it is.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION diary_held_when_logged() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE diary_appointment SET state = 'held', session_id = NEW.id
   WHERE id = (SELECT a.id FROM diary_appointment a
                WHERE a.staff_id = NEW.author_id AND a.student_id = NEW.student_id AND a.day = NEW.held_on
                  AND a.kind = NEW.kind AND a.state = 'booked'
                ORDER BY a.starts_at LIMIT 1)
     AND NOT EXISTS (SELECT FROM diary_appointment kept WHERE kept.session_id = NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER diary_held_when_logged AFTER INSERT OR UPDATE OF held_on, kind ON tutor_sessions_tutorsession
  FOR EACH ROW EXECUTE FUNCTION diary_held_when_logged();
"""
DROP = """
DROP TRIGGER diary_held_when_logged ON tutor_sessions_tutorsession;
DROP FUNCTION diary_held_when_logged();
"""


class Migration(migrations.Migration):
    dependencies = [("diary", "0002_policies")]
    operations = [migrations.RunSQL(CREATE, DROP)]
