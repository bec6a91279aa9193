"""A time given to several is its keeper's: moved or cancelled, nobody whom they see no more is left standing in it.

Such a row is hidden from whoever acts, so their own rights cannot end it: it would hold their time without a word. The
function ends it and tells nobody, neither by what it answers nor by what it writes into the row. In a colleague's diary
it refuses, for half a group is nobody's to move.
"""

from django.db import migrations

from core.rls import sees

LOG, TEAM = sees("tutor_sessions.log_session"), sees("tutor_sessions.view_team_session")
# As in migration 0002: what may be read, and kept.
KEPT = f"{LOG} AND ({TEAM} OR (staff_id = guard.uid() AND {sees('students.view_student')}))"
HIDDEN = f"together = key AND state = 'booked' AND NOT ({KEPT})"
FUNCTION = f"""
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.leave_none_standing(key uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.diary_appointment WHERE staff_id <> guard.uid() AND {HIDDEN}) THEN
    RAISE EXCEPTION 'a time for several is changed by whoever sees them all' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE public.diary_appointment
     SET state = 'cancelled', reason = 'The time they were booked for with others was changed or cancelled'
   WHERE staff_id = guard.uid() AND {HIDDEN};
END $$;
REVOKE ALL ON FUNCTION guard.leave_none_standing(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.leave_none_standing(uuid) TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
GRANT UPDATE (state, reason) ON diary_appointment TO waymark_definer;
CREATE POLICY definer_ends ON diary_appointment FOR UPDATE TO waymark_definer
  USING (state = 'booked' AND staff_id = (SELECT guard.uid())) WITH CHECK (state = 'cancelled');
GRANT INSERT ON diary_appointmentchange TO waymark_definer;
CREATE POLICY definer_copies ON diary_appointmentchange FOR INSERT TO waymark_definer
  WITH CHECK (pg_trigger_depth() > 0);
"""  # noqa: S608 (our own text)
UNDO = """
DROP POLICY definer_copies ON diary_appointmentchange;
REVOKE INSERT ON diary_appointmentchange FROM waymark_definer;
DROP POLICY definer_ends ON diary_appointment;
REVOKE UPDATE (state, reason) ON diary_appointment FROM waymark_definer;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.leave_none_standing(uuid);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("diary", "0008_taking_back")]
    operations = [migrations.RunSQL(FUNCTION, UNDO)]
