"""Who reads a line to staff: whom it names, as long as it is in force, and those who keep the child's file."""

from importlib import import_module

from django.db import migrations

from core.rls import protect, settled

WHO_READS = import_module("safeguarding.migrations.0002_who_reads")
POLICIES = import_module("safeguarding.migrations.0003_policies")
ME = POLICIES.ME
PINNED, TRIGGER = WHO_READS.PINNED, "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- Children whose file the actor is kept from; nothing for whoever keeps no file.
CREATE FUNCTION guard.children_kept_from(me uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT k.student_id FROM public.safeguarding_keptfrom k
   WHERE k.person_id = me AND k.ended_at IS NULL AND k.student_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM public.sharing_confirmation f WHERE f.kept_id = k.id AND f.agreed IS NOT TRUE)
$$;

-- Whether the actor keeps this child's file: proved afresh, reaching the child, kept from nothing of it.
CREATE FUNCTION guard.keeps_child(child uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN me IS NOT NULL AND guard.elevated()
     AND (guard.sees_all('safeguarding.keep_file') OR child IN (SELECT guard.students_seen('safeguarding.keep_file')))
     AND child NOT IN (SELECT guard.children_kept_from(me));
END $$;

-- Lines about children whose file the actor keeps.
CREATE FUNCTION guard.lines_kept() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  IF guard.elevated() AND guard.holds('safeguarding.keep_file') THEN
    RETURN QUERY SELECT l.id FROM public.sharing_staffline l WHERE guard.keeps_child(l.student_id);
  END IF;
END $$;

-- Lines for the actor, in force today, about a child whose page they open.
CREATE FUNCTION guard.lines_for_me() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 3 AS $$
DECLARE
  me uuid := guard.uid();
  today date := guard.this_day();
BEGIN
  RETURN QUERY
    SELECT l.id FROM public.sharing_stafflinereader r JOIN public.sharing_staffline l ON l.id = r.line_id
     WHERE r.person_id = me AND l.withdrawn_at IS NULL AND l.until >= today
       AND (guard.sees_all('students.view_student')
            OR l.student_id IN (SELECT guard.students_seen('students.view_student')));
END $$;

-- What this very transaction publishes: its words are put beside it, and never later.
CREATE FUNCTION guard.lines_published_now() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 1 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY SELECT l.id FROM public.sharing_staffline l
                WHERE l.published_by_id = me AND l.published_at = transaction_timestamp();
END $$;

-- Whose words may be read: within the last minute the actor put on the record that they open the line, or, of those who
-- keep it, the child's file; and that is committed.
CREATE FUNCTION guard.lines_opened() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 3 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY
    WITH said AS MATERIALIZED (
      SELECT e.object_type AS what, e.object_id AS which FROM public.audit_event e
       WHERE e.actor_id = me AND e.action IN ('file.line_opened', 'file.opened')
         AND e.at > clock_timestamp() - interval '60 seconds'
         AND e.xid IS DISTINCT FROM pg_current_xact_id_if_assigned())
    SELECT l.id FROM public.sharing_staffline l
     WHERE ((l.id::text IN (SELECT s.which FROM said s WHERE s.what = 'sharing.StaffLine')
             AND l.id IN (SELECT guard.lines_for_me() UNION SELECT guard.lines_kept()))
         OR (l.student_id::text IN (SELECT s.which FROM said s WHERE s.what = 'students.Student')
             AND l.id IN (SELECT guard.lines_kept())));
END $$;

-- Who read a line when, for those who keep it.
CREATE FUNCTION guard.line_readings(wanted uuid) RETURNS TABLE (at timestamptz, who text) LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  IF wanted IN (SELECT guard.lines_kept()) THEN
    RETURN QUERY SELECT e.at, e.actor_name::text FROM public.audit_event e
      WHERE e.action = 'file.line_opened' AND e.object_type = 'sharing.StaffLine' AND e.object_id = wanted::text
      ORDER BY e.at DESC LIMIT 200;
  END IF;
END $$;

CREATE FUNCTION guard.line_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.published_at := guard.this_moment(NEW.published_at);
  RETURN NEW;
END $$;

-- From today on and for a year at most; withdrawn once, by whoever withdraws it.
CREATE FUNCTION guard.line_held() RETURNS trigger {TRIGGER} AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') = '' THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.until NOT BETWEEN guard.this_day() AND guard.this_day() + 366 THEN
    RAISE EXCEPTION 'a line is for a year at most' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
     OR NEW.withdrawn_by_id IS DISTINCT FROM guard.uid()) THEN
    RAISE EXCEPTION 'a line is withdrawn once, by whoever withdraws it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- Who is named gets a mail that says nothing; they say once that they understood it.
CREATE FUNCTION guard.line_named() RETURNS trigger {TRIGGER} AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') <> '' THEN
    PERFORM guard.alert_lead(NEW.person_id);
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.line_understood() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.understood_at IS NOT NULL OR NEW.understood_at IS NULL THEN
    RAISE EXCEPTION 'it is understood once' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION guard.children_kept_from(uuid), guard.keeps_child(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.lines_kept(), guard.lines_for_me(), guard.lines_published_now(), guard.lines_opened(),
  guard.line_readings(uuid), guard.line_dated(), guard.line_held(), guard.line_named(), guard.line_understood()
  TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.line_understood(), guard.line_named(), guard.line_held(), guard.line_dated(), guard.line_readings(uuid),
  guard.lines_opened(), guard.lines_published_now(), guard.lines_for_me(), guard.lines_kept(), guard.keeps_child(uuid),
  guard.children_kept_from(uuid);
SET LOCAL ROLE waymark_owner;
"""
MINE, KEPT = "IN (SELECT guard.lines_for_me())", "IN (SELECT guard.lines_kept())"
NOW = "line_id IN (SELECT guard.lines_published_now())"
# Whoever keeps a child's file publishes a line about them; that they are kept from it says the row they could not read.
PUBLISHES = f"""published_by_id = {ME} AND withdrawn_at IS NULL AND withdrawn_by_id IS NULL
  AND (SELECT guard.elevated()) AND {POLICIES.KEEP}"""
TRIGGERS = """
CREATE POLICY only_opened ON sharing_stafflinewords AS RESTRICTIVE FOR SELECT TO waymark_web
  USING (line_id IN (SELECT guard.lines_opened()));
CREATE TRIGGER line_dated BEFORE INSERT ON sharing_staffline FOR EACH ROW EXECUTE FUNCTION guard.line_dated();
CREATE TRIGGER line_held_new AFTER INSERT ON sharing_staffline FOR EACH ROW EXECUTE FUNCTION guard.line_held();
CREATE TRIGGER line_held AFTER UPDATE ON sharing_staffline FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.line_held();
CREATE TRIGGER line_named AFTER INSERT ON sharing_stafflinereader FOR EACH ROW EXECUTE FUNCTION guard.line_named();
CREATE TRIGGER line_understood AFTER UPDATE ON sharing_stafflinereader FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.line_understood();
"""
NO_TRIGGERS = """
DROP TRIGGER line_understood ON sharing_stafflinereader;
DROP TRIGGER line_named ON sharing_stafflinereader;
DROP TRIGGER line_held ON sharing_staffline;
DROP TRIGGER line_held_new ON sharing_staffline;
DROP TRIGGER line_dated ON sharing_staffline;
DROP POLICY only_opened ON sharing_stafflinewords;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0004_lines")]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        protect("sharing_staffline", select=f"id {MINE} OR id {KEPT}", insert=PUBLISHES, update=f"id {KEPT}"),
        settled("sharing_staffline", "student_id", "published_by_id", "published_at", "until"),
        protect(
            "sharing_stafflinewords",
            select=f"line_id {KEPT} OR (kind = 'text' AND line_id {MINE})",
            insert=NOW,
        ),
        protect(
            "sharing_stafflinereader",
            select=f"line_id {KEPT} OR (person_id = {ME} AND line_id {MINE})",
            insert=f"understood_at IS NULL AND {NOW}",
            update=f"person_id = {ME} AND line_id {MINE}",
        ),
        settled("sharing_stafflinereader", "line_id", "person_id"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
