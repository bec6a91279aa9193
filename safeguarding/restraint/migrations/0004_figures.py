"""Figures for governors, who know no pupil: counts of a school by group, for those who may see them."""

from django.db import migrations

PINNED = "STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
CREATE = f"""
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.incident_figures(since date, until date)
  RETURNS TABLE (trait text, grp text, records bigint, pupils bigint, roll bigint) LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  IF NOT guard.holds('restraint.see_figures') THEN
    RETURN;
  END IF;
  RETURN QUERY
    WITH used AS (
      SELECT i.student_id AS who, i.kinds, i.sen_status AS sen, i.house_id AS house, s.sex
        FROM public.restraint_incident i JOIN public.students_student s ON s.id = i.student_id
       WHERE i.school_id = guard.school() AND (i.started_at AT TIME ZONE 'Europe/London')::date BETWEEN since AND until),
    here AS (
      SELECT s.id, s.sen_status AS sen, s.house_id AS house, s.sex FROM public.students_student s
       WHERE s.school_id = guard.school() AND (s.joined_on IS NULL OR s.joined_on <= until)
         AND (s.left_on IS NULL OR s.left_on >= until))
    SELECT 'all', '', (SELECT count(*) FROM used), (SELECT count(DISTINCT u.who) FROM used u), (SELECT count(*) FROM here)
    UNION ALL
    SELECT 'kind', k.kind, count(u.who), count(DISTINCT u.who), 0
      FROM unnest(ARRAY['force', 'physical', 'other', 'seclusion']) k(kind) LEFT JOIN used u ON k.kind = ANY (u.kinds)
     GROUP BY k.kind
    UNION ALL
    SELECT 'sen', g.sen, (SELECT count(*) FROM used u WHERE u.sen = g.sen),
           (SELECT count(DISTINCT u.who) FROM used u WHERE u.sen = g.sen), count(h.id)
      FROM unnest(ARRAY['N', 'K', 'E']) g(sen) LEFT JOIN here h ON h.sen = g.sen GROUP BY g.sen
    UNION ALL
    SELECT 'sex', g.sex, (SELECT count(*) FROM used u WHERE u.sex = g.sex),
           (SELECT count(DISTINCT u.who) FROM used u WHERE u.sex = g.sex), count(h.id)
      FROM unnest(ARRAY['F', 'M', 'U']) g(sex) LEFT JOIN here h ON h.sex = g.sex GROUP BY g.sex
    UNION ALL
    SELECT 'house', g.name, (SELECT count(*) FROM used u WHERE u.house = g.id),
           (SELECT count(DISTINCT u.who) FROM used u WHERE u.house = g.id), count(h.id)
      FROM public.accounts_house g LEFT JOIN here h ON h.house = g.id
     WHERE g.school_id = guard.school() GROUP BY g.id, g.name;
END $$;
REVOKE ALL ON FUNCTION guard.incident_figures(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.incident_figures(date, date) TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.incident_figures(date, date);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("restraint", "0003_own_by_the_index")]
    operations = [migrations.RunSQL(CREATE, UNDO)]
