"""What the meetings of interventions took that one logged oneself, also of those one runs no more: no student, no name.

The minutes of the meeting and not of its students: half an hour with six is half an hour. Whoever logged it was there;
of others who helped nobody wrote down that they were.
"""

from django.db import migrations

CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.own_sittings(since date, until date)
  RETURNS TABLE (held_on date, kind text, name text, minutes integer)
  LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me uuid := guard.uid();
  here uuid := guard.school();
BEGIN
  RETURN QUERY SELECT t.held_on, 'small_group', 'Intervention meeting', t.minutes::integer
    FROM public.interventions_sitting t
    JOIN public.interventions_intervention i ON i.id = t.intervention_id
   WHERE t.by_id = me AND i.school_id = here AND t.held_on BETWEEN since AND until;
END $$;
REVOKE ALL ON FUNCTION guard.own_sittings(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.own_sittings(date, date) TO waymark_web;
SET LOCAL ROLE waymark_owner;
"""
UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.own_sittings(date, date);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("interventions", "0002_policies")]
    operations = [migrations.RunSQL(CREATE, UNDO)]
