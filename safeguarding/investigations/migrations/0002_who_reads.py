"""Who opens, reads and adds to investigations, and never a word unseen. Decision 0014."""

from django.db import migrations

from core.rls import holds, protect, sees

ME = "(SELECT guard.uid())"
PINNED = "STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- Those that the actor opened, and those about students they reach: who may investigate, where the student was harmed or
-- is said to have done it; whoever keeps the file, in any part. None about a student whose file they are kept from.
CREATE FUNCTION guard.investigations_read() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF me IS NOT NULL AND guard.holds('investigations.investigate') THEN
    RETURN QUERY
      WITH seen AS MATERIALIZED (SELECT s AS id FROM guard.students_seen('investigations.investigate') AS s),
      kept AS MATERIALIZED (SELECT s AS id FROM guard.students_seen('safeguarding.keep_file') AS s)
      SELECT i.id FROM public.investigations_investigation i
       WHERE (i.lead_id = me AND i.school_id = guard.school() OR EXISTS (
               SELECT FROM public.investigations_party p
                WHERE p.investigation_id = i.id
                  AND (p.part IN ('target', 'alleged') AND p.student_id IN (SELECT seen.id FROM seen)
                    OR p.student_id IN (SELECT kept.id FROM kept))))
         AND NOT EXISTS (
               SELECT FROM public.investigations_party p
                WHERE p.investigation_id = i.id AND p.student_id IN (SELECT guard.children_kept_from(me)));
  END IF;
END $$;

-- Their students, whose keys open the words.
CREATE FUNCTION guard.investigation_students() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  RETURN QUERY SELECT k.student_id FROM public.investigations_investigationkey k
                WHERE k.investigation_id IN (SELECT guard.investigations_read());
END $$;

-- What this very transaction opens.
CREATE FUNCTION guard.investigations_now() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 1 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY SELECT i.id FROM public.investigations_investigation i
                WHERE i.lead_id = me AND i.opened_at = transaction_timestamp();
END $$;

-- Whose words may be read: proved afresh, and noted on the record in a transaction that is over (decision 0011).
CREATE FUNCTION guard.investigations_opened() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 1 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF me IS NOT NULL AND guard.elevated() THEN
    RETURN QUERY SELECT i.id FROM public.investigations_investigation i WHERE i.id::text IN (
      SELECT e.object_id FROM public.audit_event e
       WHERE e.actor_id = me AND e.action = 'file.investigation_opened'
         AND e.object_type = 'investigations.Investigation'
         AND e.at > clock_timestamp() - interval '60 seconds' AND e.xid IS DISTINCT FROM pg_current_xact_id_if_assigned());
  END IF;
END $$;

-- Who has looked.
CREATE FUNCTION guard.investigation_readers(wanted uuid)
  RETURNS TABLE (at timestamptz, who text) LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  IF wanted IN (SELECT guard.investigations_read()) THEN
    RETURN QUERY SELECT e.at, e.actor_name::text FROM public.audit_event e
      WHERE e.action = 'file.investigation_opened' AND e.object_type = 'investigations.Investigation'
        AND e.object_id = wanted::text
      ORDER BY e.at DESC;
  END IF;
END $$;

-- Time is the database's, and where it stands follows from entries.
CREATE FUNCTION guard.investigation_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.opened_at := guard.this_moment(NEW.opened_at);
  IF coalesce(current_setting('waymark.actor', true), '') <> '' THEN
    NEW.status := 'open'; NEW.found_at := NULL; NEW.closed_at := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION guard.investigation_entry_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.written_at := guard.this_moment(NEW.written_at);
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION guard.investigations_read(), guard.investigation_students(), guard.investigations_now(),
  guard.investigations_opened(), guard.investigation_readers(uuid), guard.investigation_dated(),
  guard.investigation_entry_dated() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.investigations_read(), guard.investigation_students(), guard.investigations_now(),
  guard.investigations_opened(), guard.investigation_readers(uuid), guard.investigation_dated(),
  guard.investigation_entry_dated() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.investigation_entry_dated(), guard.investigation_dated(), guard.investigation_readers(uuid),
  guard.investigations_opened(), guard.investigations_now(), guard.investigation_students(), guard.investigations_read();
SET LOCAL ROLE waymark_owner;
"""
READ = "investigation_id IN (SELECT guard.investigations_read())"
NOW = "investigation_id IN (SELECT guard.investigations_now())"
# While it is being opened; later after a fresh proof.
ADDS = f"({NOW} OR ((SELECT guard.elevated()) AND {READ}))"
TRIGGERS = """
CREATE TRIGGER investigation_dated BEFORE INSERT ON investigations_investigation
  FOR EACH ROW EXECUTE FUNCTION guard.investigation_dated();
CREATE TRIGGER investigation_entry_dated BEFORE INSERT ON investigations_investigationentry
  FOR EACH ROW EXECUTE FUNCTION guard.investigation_entry_dated();
CREATE POLICY only_opened ON investigations_investigationentry AS RESTRICTIVE FOR SELECT TO waymark_web
  USING (investigation_id IN (SELECT guard.investigations_opened()));
CREATE POLICY may_select_investigated ON safeguarding_studentkey FOR SELECT TO waymark_web
  USING (student_id IN (SELECT guard.investigation_students()));
"""
NO_TRIGGERS = """
DROP POLICY may_select_investigated ON safeguarding_studentkey;
DROP POLICY only_opened ON investigations_investigationentry;
DROP TRIGGER investigation_entry_dated ON investigations_investigationentry;
DROP TRIGGER investigation_dated ON investigations_investigation;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("investigations", "0001_initial"),
        ("sharing", "0005_who_reads_lines"),
        ("restraint", "0002_who_reads"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        protect(
            "investigations_investigation",
            select="id IN (SELECT guard.investigations_read())",
            insert=f"lead_id = {ME} AND school_id = (SELECT guard.school()) AND {holds('investigations.investigate')}",
        ),
        protect(
            "investigations_party",
            select=READ,
            insert=f"{ADDS} AND (student_id IS NULL OR {sees('students.find_student')})",
        ),
        protect("investigations_investigationkey", select=READ, insert=ADDS),
        protect(
            "investigations_investigationentry",
            select=READ,
            insert=f"author_id = {ME} AND CASE kind WHEN 'opened' THEN {NOW} ELSE (SELECT guard.elevated()) AND {READ} END",
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
