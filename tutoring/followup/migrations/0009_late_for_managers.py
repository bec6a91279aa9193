"""Which alerts the people one manages have not answered by their day: whose and since when, and no student.

The one thing that a line manager is told beyond what their roles let them read (decision 0016). Only of colleagues who
can still answer: who sees the student no more is not to be asked why.
"""

from django.db import migrations

CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.alerts_late() RETURNS TABLE (alert uuid, person uuid, due_on date)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := (guard.checked()).on_day;
  people uuid[] := ARRAY(SELECT guard.people_managed());
BEGIN
  IF cardinality(people) = 0 THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT a.id, a.to_id, a.answer_by
      FROM public.followup_alert a
      JOIN public.students_student s ON s.id = a.student_id AND (s.left_on IS NULL OR s.left_on >= today)
     WHERE a.to_id = ANY (people) AND a.answered_on IS NULL AND a.answer_by < today
       AND a.student_id IN (SELECT guard.reach_with(a.to_id, 'students.view_student', today));
END $$;
REVOKE ALL ON FUNCTION guard.alerts_late() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.alerts_late() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""
DROP = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.alerts_late();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("followup", "0008_chair_of_governors"), ("accounts", "0022_people_managed")]
    operations = [migrations.RunSQL(CREATE, DROP)]
