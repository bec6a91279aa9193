"""Which handovers the people one manages have not acknowledged by their day: whose and since when, and no student.

The one thing that a line manager is told beyond what their roles let them read (decision 0016). Only of colleagues who
tutor today where nobody is named, and who can still acknowledge it.
"""

from django.db import migrations

CREATE = """
SET LOCAL ROLE waymark_definer;
-- A fortnight after it was handed over, as `PATIENCE` of tutoring.handover.selectors.
CREATE FUNCTION guard.handovers_late() RETURNS TABLE (handover uuid, person uuid, due_on date)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := (guard.checked()).on_day;
  people uuid[] := ARRAY(SELECT guard.people_managed());
BEGIN
  IF cardinality(people) = 0 THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT h.id, next.who, h.handed_on + 14
      FROM public.handover_handover h
      JOIN public.students_student s ON s.id = h.student_id AND (s.left_on IS NULL OR s.left_on >= today)
     CROSS JOIN LATERAL (
       SELECT h.to_id AS who WHERE h.to_id IS NOT NULL
        UNION
       SELECT m.user_id
         FROM public.groups_groupmembership g
         JOIN public.groups_tutorassignment t ON t.group_id = g.group_id
              AND t.starts_on <= today AND (t.ends_on IS NULL OR t.ends_on >= today)
         JOIN public.accounts_membership m ON m.id = t.membership_id
              AND m.starts_on <= today AND (m.ends_on IS NULL OR m.ends_on >= today)
        WHERE h.to_id IS NULL AND g.student_id = h.student_id
          AND g.starts_on <= today AND (g.ends_on IS NULL OR g.ends_on >= today)) next
     WHERE h.acknowledged_on IS NULL AND h.handed_on + 14 <= today AND next.who = ANY (people)
       AND next.who <> h.from_tutor_id
       AND h.student_id IN (SELECT guard.reach_with(next.who, 'handover.write_handover', today));
END $$;
REVOKE ALL ON FUNCTION guard.handovers_late() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.handovers_late() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""
DROP = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.handovers_late();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("handover", "0004_rollover_policies"), ("accounts", "0022_people_managed")]
    operations = [migrations.RunSQL(CREATE, DROP)]
