"""A booking whose keeper is no longer with the student is cancelled: by one of our own jobs, which sees no student.

Else it would stand on the clock of whoever has the student now, and in the way of a time of whoever had them.
"""

from django.db import migrations

CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.release_bookings() RETURNS TABLE (booking uuid, student uuid, staff uuid) LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE today date := (guard.checked()).on_day;
BEGIN
  IF guard.system_name() IS DISTINCT FROM 'diary' THEN
    RETURN;
  END IF;
  RETURN QUERY
    WITH ahead AS (
      SELECT a.id, a.staff_id, a.student_id FROM public.diary_appointment a WHERE a.state = 'booked' AND a.day > today),
    reached AS MATERIALIZED (
      SELECT k.staff_id, r AS student_id FROM (SELECT DISTINCT h.staff_id FROM ahead h) k,
             LATERAL guard.reach_with(k.staff_id, 'tutor_sessions.log_session', today) r),
    lost AS (
      SELECT h.id FROM ahead h
       WHERE NOT EXISTS (SELECT FROM reached r WHERE r.staff_id = h.staff_id AND r.student_id = h.student_id))
    UPDATE public.diary_appointment a
       SET state = 'cancelled', reason = 'Whoever it was booked with is no longer with this student'
      FROM lost l WHERE a.id = l.id AND a.state = 'booked'
    RETURNING a.id, a.student_id, a.staff_id;
END $$;
REVOKE ALL ON FUNCTION guard.release_bookings() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.release_bookings() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
CREATE POLICY definer_releases ON diary_appointment FOR UPDATE TO waymark_definer
  USING (state = 'booked' AND (SELECT guard.system_name()) = 'diary') WITH CHECK (state = 'cancelled');
"""
UNDO = """
DROP POLICY definer_releases ON diary_appointment;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.release_bookings();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("diary", "0010_given_to_another")]
    operations = [migrations.RunSQL(CREATE, UNDO)]
