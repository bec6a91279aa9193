"""A search that is on the record opens the words of all that one may read; and who else stands in a child's file."""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

WHO_READS = import_module("safeguarding.migrations.0002_who_reads")

FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- Whose words may be read: within the last minute the actor put on the record that they open them, or that they search
-- the file, and that is committed. What they may not read at all stays shut: the other policy sees to that.
CREATE OR REPLACE FUNCTION guard.concerns_opened() RETURNS SETOF uuid LANGUAGE plpgsql {WHO_READS.PINNED} ROWS 5 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY
    WITH said AS MATERIALIZED (
      SELECT e.action AS how, e.object_type AS what, e.object_id AS which FROM public.audit_event e
       WHERE e.actor_id = me AND e.action IN ('file.opened', 'file.searched')
         AND e.at > clock_timestamp() - interval '60 seconds'
         AND e.xid IS DISTINCT FROM pg_current_xact_id_if_assigned())
    SELECT c.id FROM public.safeguarding_concern c
     WHERE c.id::text IN (SELECT s.which FROM said s WHERE s.how = 'file.opened' AND s.what = 'safeguarding.Concern')
        OR EXISTS (SELECT FROM said s WHERE s.how = 'file.searched')
    UNION ALL
    SELECT k.concern_id FROM public.safeguarding_concernchild k
     WHERE k.student_id::text IN (
       SELECT s.which FROM said s WHERE s.how = 'file.opened' AND s.what = 'students.Student');
END $$;

-- Every child who was ever linked to one of this child's concerns that the actor reads, with each name they have or had:
-- also a child whom the actor would not find, because the words name them all the same. `place`: in the order in which
-- they came into the file, which no later link changes.
CREATE FUNCTION guard.file_names(child uuid)
  RETURNS TABLE (place bigint, who uuid, forename text, surname text) LANGUAGE plpgsql {WHO_READS.PINNED} AS $$
BEGIN
  RETURN QUERY
    WITH mine AS MATERIALIZED (
      SELECT c.id FROM public.safeguarding_concern c
       WHERE c.store = 'children' AND guard.in_file(c.id) AND EXISTS (
         SELECT FROM public.safeguarding_concernchild k WHERE k.concern_id = c.id AND k.student_id = child)),
    links AS (
      SELECT h.student_id, h.pgh_id::bigint AS n FROM public.safeguarding_concernchildchange h
       WHERE h.concern_id IN (SELECT m.id FROM mine m)
      UNION ALL
      SELECT k.student_id, 9223372036854775807 FROM public.safeguarding_concernchild k
       WHERE k.concern_id IN (SELECT m.id FROM mine m)),
    came AS (SELECT l.student_id, min(l.n) AS n FROM links l GROUP BY l.student_id),
    named AS (
      SELECT s.id, s.preferred_forename, s.preferred_surname, s.legal_forename, s.legal_surname
        FROM public.students_student s WHERE s.id IN (SELECT c.student_id FROM came c)
      UNION ALL
      SELECT h.id, h.preferred_forename, h.preferred_surname, h.legal_forename, h.legal_surname
        FROM public.students_studentchange h WHERE h.id IN (SELECT c.student_id FROM came c))
    SELECT DISTINCT dense_rank() OVER (ORDER BY c.n, c.student_id), c.student_id, v.f::text, v.l::text
      FROM came c JOIN named d ON d.id = c.student_id CROSS JOIN LATERAL (VALUES
        (d.preferred_forename, d.preferred_surname), (d.legal_forename, d.legal_surname)) AS v (f, l)
     ORDER BY 1, 3, 4;
END $$;
REVOKE ALL ON FUNCTION guard.file_names(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.file_names(uuid) TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
BEFORE = f"""
SET LOCAL ROLE waymark_definer;
{as_before(WHO_READS.FUNCTIONS, "concerns_opened")}
DROP FUNCTION guard.file_names(uuid);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("safeguarding", "0003_policies"), ("students", "0003_history")]
    operations = [migrations.RunSQL(FUNCTIONS, BEFORE)]
