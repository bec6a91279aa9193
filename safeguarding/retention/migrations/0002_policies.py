"""Who knows how long a file is kept: those who read every part of it, and nobody else. Decision 0015.

Every school has all four classes from its first day. The day of a file is worked out here and nowhere else, so that
the page that says it and the trigger that refuses before it cannot differ.
"""

from django.db import migrations

from core.rls import holds, protect, settled

ME = "(SELECT guard.uid())"
KEPT = "student_id IN (SELECT guard.files_kept())"
OF_MINE = "hold_id IN (SELECT guard.holds_mine())"
OURS = f"school_id = (SELECT guard.school()) AND {holds('retention.set_retention')}"
PINNED = "STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
USUAL = """(VALUES
    ('file', 'birth', 25, 'Usual practice, not a statute: the time in which a claim can be made (Limitation Act 1980), as'
      ' the records toolkit for schools has it. Then it is reviewed.'),
    ('abuse', 'last', 75, 'The Independent Inquiry into Child Sexual Abuse recommends 75 years with reviews. It is not'
      ' law: the school decides, and says so in its policy.'),
    ('force', 'birth', 25, 'As the child’s file: a claim can be made long after. No statute sets a period.'),
    ('copy', 'birth', 25, 'Whether a copy is kept, and how long, is the local authority’s policy. Until somebody says what'
      ' it is, as the file itself.')) AS usual (covers, counted, years, source)"""
ROWS = (
    "(id, school_id, covers, trigger, years, source) SELECT md5({0}::text || 'retention' || usual.covers)::uuid, {0},"
    " usual.covers, usual.counted, usual.years, usual.source FROM"
)
SEEDS = f"""
GRANT INSERT ON retention_retentionclass TO waymark_definer;
CREATE POLICY definer_makes ON retention_retentionclass FOR INSERT TO waymark_definer WITH CHECK (true);
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.usual_retention_classes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.retention_retentionclass {ROWS.format("NEW.id")} {USUAL} ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.usual_retention_classes() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER usual_retention_classes AFTER INSERT ON accounts_school
  FOR EACH ROW EXECUTE FUNCTION guard.usual_retention_classes();
INSERT INTO retention_retentionclass {ROWS.format("s.id")} accounts_school s CROSS JOIN {USUAL};
"""
NO_SEEDS = """
DROP TRIGGER usual_retention_classes ON accounts_school;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.usual_retention_classes();
SET LOCAL ROLE waymark_owner;
DROP POLICY definer_makes ON retention_retentionclass;
REVOKE INSERT ON retention_retentionclass FROM waymark_definer;
DELETE FROM retention_retentionclass;
"""
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- Children of whom the actor reads everything that hangs on their key: concerns, standings, lines to staff, use of force.
-- Whoever is kept from one concern would judge the rest, and never learn it.
CREATE FUNCTION guard.files_kept() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
DECLARE
  me uuid := guard.uid();
  everybody boolean;
BEGIN
  IF me IS NULL OR NOT guard.elevated() OR NOT guard.holds('safeguarding.keep_file') THEN
    RETURN;
  END IF;
  everybody := guard.sees_all('safeguarding.keep_file');
  RETURN QUERY
    WITH kept AS MATERIALIZED (SELECT k AS id FROM guard.file_kept_from(me) AS k),
    filed AS MATERIALIZED (
      SELECT k.student_id, k.concern_id FROM public.safeguarding_concernchild k
        JOIN public.safeguarding_concern c ON c.id = k.concern_id AND c.store = 'children'),
    something AS (
      SELECT f.student_id FROM filed f UNION SELECT i.student_id FROM public.restraint_incident i
      UNION SELECT s.student_id FROM public.case_standing s UNION SELECT l.student_id FROM public.sharing_staffline l)
    SELECT o.student_id FROM something o
     WHERE (everybody OR o.student_id IN (SELECT guard.students_seen('safeguarding.keep_file')))
       AND o.student_id NOT IN (SELECT g.student_id FROM filed g WHERE g.concern_id IN (SELECT kept.id FROM kept))
       AND o.student_id NOT IN (
         SELECT k.student_id FROM public.safeguarding_keptfrom k
          WHERE k.person_id = me AND k.ended_at IS NULL AND k.student_id IS NOT NULL);
END $$;

CREATE FUNCTION guard.holds_mine() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  RETURN QUERY SELECT h.id FROM public.retention_hold h WHERE h.student_id IN (SELECT guard.files_kept());
END $$;

-- Which classes apply to these children's files, counted from what day, and until when. Of a copy, what was decided of it
-- when the file went says more than the class. No day where the one it is counted from is not known.
CREATE FUNCTION guard.file_days(whom uuid[])
  RETURNS TABLE (student_id uuid, covers text, counted text, years smallint, from_on date, due_on date)
  LANGUAGE sql STABLE AS $$
  WITH written AS (
    SELECT k.student_id, c.category LIKE '%%sexual%%' OR c.category = 'child-nudes' AS abuse,
           (SELECT max(e.written_at) FROM public.safeguarding_entry e WHERE e.concern_id = c.id) AS at
      FROM public.safeguarding_concernchild k
      JOIN public.safeguarding_concern c ON c.id = k.concern_id AND c.store = 'children'
     WHERE k.student_id = ANY (whom)
    UNION ALL SELECT s.student_id, s.category = 'SAB', s.written_at FROM public.case_standing s WHERE s.student_id = ANY (whom)
    UNION ALL SELECT l.student_id, false, l.published_at FROM public.sharing_staffline l WHERE l.student_id = ANY (whom)),
  file AS (SELECT w.student_id, bool_or(w.abuse) AS abuse, max(w.at) AS at FROM written w GROUP BY w.student_id),
  gone AS (
    SELECT DISTINCT ON (t.student_id) t.student_id, t.receipt_on, t.copy_kept, t.copy_until
      FROM public.transfer_transfer t JOIN file f ON f.student_id = t.student_id
     WHERE t.receipt_on IS NOT NULL AND t.reopened_at IS NULL AND t.sent_at >= f.at
     ORDER BY t.student_id, t.sent_at DESC),
  applies AS (
    SELECT f.student_id, 'file' AS covers, f.at FROM file f
     WHERE NOT EXISTS (SELECT FROM gone g WHERE g.student_id = f.student_id)
    UNION ALL SELECT f.student_id, 'abuse', f.at FROM file f
     WHERE f.abuse AND NOT EXISTS (SELECT FROM gone g WHERE g.student_id = f.student_id)
    UNION ALL SELECT i.student_id, 'force', max(e.written_at) FROM public.restraint_incident i
      LEFT JOIN public.restraint_incidententry e ON e.incident_id = i.id WHERE i.student_id = ANY (whom) GROUP BY i.student_id
    UNION ALL SELECT f.student_id, 'copy', f.at FROM file f JOIN gone g ON g.student_id = f.student_id),
  counted AS (
    SELECT a.student_id, a.covers, r.trigger, r.years, g.copy_kept, g.copy_until, g.receipt_on, CASE r.trigger
             WHEN 'birth' THEN s.date_of_birth WHEN 'left' THEN s.left_on WHEN 'received' THEN g.receipt_on
             ELSE CASE WHEN s.left_on IS NOT NULL THEN greatest((a.at AT TIME ZONE 'Europe/London')::date, s.left_on) END
           END AS from_on
      FROM applies a JOIN public.students_student s ON s.id = a.student_id
      JOIN public.retention_retentionclass r ON r.school_id = s.school_id AND r.covers = a.covers
      LEFT JOIN gone g ON g.student_id = a.student_id AND a.covers = 'copy')
  SELECT n.student_id, n.covers, n.trigger, n.years, n.from_on, CASE
           WHEN n.copy_kept IS FALSE THEN n.receipt_on WHEN n.copy_until IS NOT NULL THEN n.copy_until
           ELSE (n.from_on + make_interval(years => n.years))::date END
    FROM counted n
$$;

-- A class whose day is not known keeps longest: nobody can say that it is over.
CREATE FUNCTION guard.files_due(one uuid) RETURNS TABLE (student_id uuid, covers text, trigger text, years smallint,
  from_on date, class_due_on date, due_on date, held boolean) LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  RETURN QUERY
    SELECT d.student_id, d.covers, d.counted, d.years, d.from_on, d.due_on,
           CASE WHEN NOT bool_or(d.due_on IS NULL) OVER of_child THEN max(d.due_on) OVER of_child END,
           EXISTS (SELECT FROM public.retention_hold h WHERE h.student_id = d.student_id
                    AND NOT EXISTS (SELECT FROM public.retention_holdend e WHERE e.hold_id = h.id))
      FROM guard.file_days(ARRAY(SELECT k FROM guard.files_kept() AS k WHERE one IS NULL OR k = one)) d
    WINDOW of_child AS (PARTITION BY d.student_id);
END $$;

-- Time is the database's, where somebody acts.
CREATE FUNCTION guard.hold_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.placed_at := guard.this_moment(NEW.placed_at);
  RETURN NEW;
END $$;
CREATE FUNCTION guard.hold_end_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.lifted_at := guard.this_moment(NEW.lifted_at);
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION guard.file_days(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.files_kept(), guard.holds_mine(), guard.files_due(uuid), guard.hold_dated(),
  guard.hold_end_dated() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
""".replace("%%", "%")  # noqa: S608 (our own text)
NO_FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.hold_end_dated(), guard.hold_dated(), guard.files_due(uuid), guard.file_days(uuid[]),
  guard.holds_mine(), guard.files_kept();
SET LOCAL ROLE waymark_owner;
"""
TRIGGERS = """
CREATE TRIGGER hold_dated BEFORE INSERT ON retention_hold FOR EACH ROW EXECUTE FUNCTION guard.hold_dated();
CREATE TRIGGER hold_end_dated BEFORE INSERT ON retention_holdend FOR EACH ROW EXECUTE FUNCTION guard.hold_end_dated();
"""
NO_TRIGGERS = """
DROP TRIGGER hold_end_dated ON retention_holdend;
DROP TRIGGER hold_dated ON retention_hold;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0001_tables"),
        ("transfer", "0002_policies"),
        ("restraint", "0002_who_reads"),
        ("sharing", "0005_who_reads_lines"),
        ("case", "0004_who_reads_standings"),
    ]
    operations = [
        # The definer reads all of these tables as protect() lets it.
        protect("retention_retentionclass", select=OURS, update=f"(SELECT guard.elevated()) AND {OURS}"),
        settled("retention_retentionclass", "school_id", "covers"),
        migrations.RunSQL(SEEDS, NO_SEEDS),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        protect("retention_hold", select=KEPT, insert=f"placed_by_id = {ME} AND {KEPT}"),
        protect("retention_holdend", select=OF_MINE, insert=f"lifted_by_id = {ME} AND {OF_MINE}"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
