"""What one's own conversations took, also those about students one no longer sees: days, kinds, minutes, nobody's name."""

from django.db import migrations

CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.own_time(since date, until date)
  RETURNS TABLE (held_on date, kind text, name text, minutes integer)
  LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 200 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me uuid := guard.uid();
  here uuid := guard.school();
BEGIN
  -- A meeting with several students has a row for each, and took place once.
  RETURN QUERY SELECT min(s.held_on), min(s.kind)::text, min(k.name)::text, max(s.minutes)::integer
    FROM public.tutor_sessions_tutorsession s
    JOIN public.tutor_sessions_sessionkind k ON k.id = s.school_kind_id
   WHERE s.author_id = me AND k.school_id = here AND s.held_on BETWEEN since AND until
   GROUP BY COALESCE(s.together, s.id)
   ORDER BY min(s.held_on);
END $$;
REVOKE ALL ON FUNCTION guard.own_time(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.own_time(date, date) TO waymark_web;
SET LOCAL ROLE waymark_owner;
"""
UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.own_time(date, date);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0021_reflection_policies")]
    operations = [migrations.RunSQL(CREATE, UNDO)]
