"""What one's own home visits took, from out to back, also to students one no longer sees: days and minutes, no name.

A visit that was logged as a conversation counts as that conversation, with the minutes written down there, and not here:
a home visit of that day with that student, logged by the same person, takes one visit's place, however many siblings it
was written down for. So a timer that ran on is put right by logging. Whoever went along counts their own time.
"""

from django.db import migrations

CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.own_visits(since date, until date, zone text)
  RETURNS TABLE (held_on date, kind text, name text, minutes integer)
  LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me uuid := guard.uid();
  here uuid := guard.school();
BEGIN
  RETURN QUERY
    WITH made AS (
      SELECT v.student_id, (v.leaves_at AT TIME ZONE zone)::date AS day, v.back_at - v.out_at AS took,
             row_number() OVER (PARTITION BY v.student_id, (v.leaves_at AT TIME ZONE zone)::date ORDER BY v.out_at) AS nth
        FROM public.visits_homevisit v
        JOIN public.students_student p ON p.id = v.student_id
       WHERE me IN (v.visitor_id, v.companion_id) AND v.back_at IS NOT NULL AND p.school_id = here
    )
    SELECT made.day, 'home_visit',
           coalesce((SELECT k.name FROM public.tutor_sessions_sessionkind k
                      WHERE k.school_id = here AND k.kind = 'home_visit'
                      ORDER BY k.is_active DESC, k.position, k.name LIMIT 1), 'Home visit')::text,
           round(extract(epoch FROM made.took) / 60)::integer
      FROM made
     WHERE made.day BETWEEN since AND until
       AND made.nth > (SELECT count(DISTINCT coalesce(s.together, s.id)) FROM public.tutor_sessions_tutorsession s
                        WHERE s.author_id = me AND s.student_id = made.student_id AND s.kind = 'home_visit'
                          AND s.held_on = made.day);
END $$;
REVOKE ALL ON FUNCTION guard.own_visits(date, date, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.own_visits(date, date, text) TO waymark_web;
SET LOCAL ROLE waymark_owner;
"""
UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.own_visits(date, date, text);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_site"), ("tutor_sessions", "0022_own_time")]
    operations = [migrations.RunSQL(CREATE, UNDO)]
