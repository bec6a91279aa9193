"""Who records, reads and adds to records of restrictive interventions, and never a word unseen. Decision 0012."""

from django.db import migrations

from core.rls import protect, sees

ME = "(SELECT guard.uid())"
PINNED = "STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- Records that the actor wrote, or is named in as a colleague.
CREATE FUNCTION guard.incidents_mine() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF me IS NOT NULL THEN
    RETURN QUERY SELECT i.id FROM public.restraint_incident i WHERE i.recorded_by_id = me
                 UNION SELECT s.incident_id FROM public.restraint_incidentstaff s WHERE s.person_id = me;
  END IF;
END $$;

-- Their pupils, whose key opens the words.
CREATE FUNCTION guard.incident_pupils() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  RETURN QUERY SELECT i.student_id FROM public.restraint_incident i WHERE i.id IN (SELECT guard.incidents_mine());
END $$;

-- Of pupils over whom the actor holds the permission, but of whom they are not kept, as a relative is.
CREATE FUNCTION guard.incidents_over(wanted text) RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF me IS NOT NULL AND guard.holds(wanted) THEN
    RETURN QUERY SELECT i.id FROM public.restraint_incident i
      WHERE i.student_id IN (SELECT guard.students_seen(wanted))
        AND i.student_id NOT IN (SELECT k.student_id FROM public.safeguarding_keptfrom k
              WHERE k.person_id = me AND k.student_id IS NOT NULL AND k.ended_at IS NULL);
  END IF;
END $$;

CREATE FUNCTION guard.incidents_read() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  RETURN QUERY SELECT guard.incidents_mine() UNION SELECT guard.incidents_over('restraint.keep_incidents');
END $$;

-- What this very transaction records.
CREATE FUNCTION guard.incidents_now() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 1 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN QUERY SELECT i.id FROM public.restraint_incident i
                WHERE i.recorded_by_id = me AND i.recorded_at = transaction_timestamp();
END $$;

-- Whose words may be read: proved afresh, and noted on the record in a transaction that is over (decision 0011).
CREATE FUNCTION guard.incidents_opened() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 1 AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF me IS NOT NULL AND guard.elevated() THEN
    RETURN QUERY SELECT i.id FROM public.restraint_incident i WHERE i.id::text IN (
      SELECT e.object_id FROM public.audit_event e
       WHERE e.actor_id = me AND e.action = 'file.force_opened' AND e.object_type = 'restraint.Incident'
         AND e.at > clock_timestamp() - interval '60 seconds' AND e.xid IS DISTINCT FROM pg_current_xact_id_if_assigned());
  END IF;
END $$;

-- Who has looked, for those who keep the records.
CREATE FUNCTION guard.incident_readers(wanted uuid)
  RETURNS TABLE (at timestamptz, who text) LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  IF wanted IN (SELECT guard.incidents_over('restraint.keep_incidents')) THEN
    RETURN QUERY SELECT e.at, e.actor_name::text FROM public.audit_event e
      WHERE e.action = 'file.force_opened' AND e.object_type = 'restraint.Incident' AND e.object_id = wanted::text
      ORDER BY e.at DESC;
  END IF;
END $$;

-- Time and what the school's data says of the pupil are the database's; where the record stands follows from entries.
CREATE FUNCTION guard.incident_dated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE pupil public.students_student;
BEGIN
  SELECT * INTO pupil FROM public.students_student WHERE id = NEW.student_id;
  NEW.recorded_at := guard.this_moment(NEW.recorded_at);
  NEW.sen_status := pupil.sen_status;
  NEW.house_id := pupil.house_id;
  NEW.owes_report := pupil.date_of_birth IS NULL
    OR (pupil.date_of_birth + interval '20 years')::date > (NEW.started_at AT TIME ZONE 'Europe/London')::date;
  NEW.told_at := NULL; NEW.excused_at := NULL; NEW.staff_at := NULL;
  NEW.pupil_at := NULL; NEW.plan_at := NULL; NEW.reviewed_at := NULL;
  RETURN NEW;
END $$;
CREATE FUNCTION guard.incident_entry_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.written_at := guard.this_moment(NEW.written_at);
  RETURN NEW;
END $$;
CREATE FUNCTION guard.incident_stands() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.restraint_incident i SET
    told_at     = CASE NEW.kind WHEN 'told'     THEN coalesce(i.told_at, NEW.happened_at)     ELSE i.told_at END,
    excused_at  = CASE NEW.kind WHEN 'excused'  THEN coalesce(i.excused_at, NEW.happened_at)  ELSE i.excused_at END,
    staff_at    = CASE NEW.kind WHEN 'staff'    THEN coalesce(i.staff_at, NEW.happened_at)    ELSE i.staff_at END,
    pupil_at    = CASE NEW.kind WHEN 'pupil'    THEN coalesce(i.pupil_at, NEW.happened_at)    ELSE i.pupil_at END,
    plan_at     = CASE NEW.kind WHEN 'plan'     THEN coalesce(i.plan_at, NEW.happened_at)     ELSE i.plan_at END,
    reviewed_at = CASE NEW.kind WHEN 'reviewed' THEN coalesce(i.reviewed_at, NEW.happened_at) ELSE i.reviewed_at END
  WHERE i.id = NEW.incident_id;
  RETURN NULL;
END $$;
-- What is said to have happened lies between the event and now; two machines need not agree to the second.
CREATE FUNCTION guard.incident_entry_in_time() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.happened_at > NEW.written_at + interval '1 minute' OR NEW.happened_at < (
       SELECT i.started_at FROM public.restraint_incident i WHERE i.id = NEW.incident_id) THEN
    RAISE EXCEPTION 'what followed lies between the event and now' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION guard.incidents_mine(), guard.incident_pupils(), guard.incidents_over(text), guard.incidents_read(),
  guard.incidents_now(), guard.incidents_opened(), guard.incident_readers(uuid), guard.incident_dated(),
  guard.incident_entry_dated(), guard.incident_stands(), guard.incident_entry_in_time() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.incidents_mine(), guard.incident_pupils(), guard.incidents_over(text), guard.incidents_read(),
  guard.incidents_now(), guard.incidents_opened(), guard.incident_readers(uuid), guard.incident_dated(),
  guard.incident_entry_dated(), guard.incident_stands(), guard.incident_entry_in_time() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.incident_entry_in_time(), guard.incident_stands(), guard.incident_entry_dated(),
  guard.incident_dated(), guard.incident_readers(uuid), guard.incidents_opened(), guard.incidents_now(),
  guard.incidents_read(), guard.incidents_over(text), guard.incident_pupils(), guard.incidents_mine();
SET LOCAL ROLE waymark_owner;
"""
NOW = "incident_id IN (SELECT guard.incidents_now())"
READ = "incident_id IN (SELECT guard.incidents_read())"
MINE = "incident_id IN (SELECT guard.incidents_mine())"


def over(permission: str) -> str:
    return f"incident_id IN (SELECT guard.incidents_over('restraint.{permission}'))"


# What a colleague named in it reads; what the pupil says of it and what a leader thinks is for those who keep it; why
# parents are not told, for those who may decide that.
READS = f"""(kind IN ('recorded', 'added', 'letter', 'told', 'staff') AND {READ})
  OR (kind IN ('pupil', 'plan', 'reviewed') AND {over("keep_incidents")})
  OR (kind = 'excused' AND {over("excuse_report")})"""
# Nobody reviews what they were part of.
WRITES = f"""author_id = {ME} AND CASE kind WHEN 'recorded' THEN {NOW}
  WHEN 'reviewed' THEN {over("review_incident")} AND NOT ({MINE})
  WHEN 'excused' THEN {over("excuse_report")}
  WHEN 'pupil' THEN {over("keep_incidents")}
  WHEN 'plan' THEN {over("keep_incidents")}
  ELSE {READ} END AND (kind = 'recorded' OR (SELECT guard.elevated()))"""
TRIGGERS = """
CREATE POLICY definer_writes ON restraint_incident TO waymark_definer USING (true) WITH CHECK (true);
GRANT UPDATE ON restraint_incident TO waymark_definer;
CREATE TRIGGER incident_dated BEFORE INSERT ON restraint_incident FOR EACH ROW EXECUTE FUNCTION guard.incident_dated();
CREATE TRIGGER incident_entry_dated BEFORE INSERT ON restraint_incidententry
  FOR EACH ROW EXECUTE FUNCTION guard.incident_entry_dated();
CREATE TRIGGER incident_entry_in_time AFTER INSERT ON restraint_incidententry
  FOR EACH ROW EXECUTE FUNCTION guard.incident_entry_in_time();
CREATE TRIGGER incident_stands AFTER INSERT ON restraint_incidententry
  FOR EACH ROW WHEN (NEW.kind IN ('told', 'excused', 'staff', 'pupil', 'plan', 'reviewed'))
  EXECUTE FUNCTION guard.incident_stands();
CREATE POLICY only_opened ON restraint_incidententry AS RESTRICTIVE FOR SELECT TO waymark_web
  USING (incident_id IN (SELECT guard.incidents_opened()));
CREATE POLICY may_select_named ON safeguarding_studentkey FOR SELECT TO waymark_web
  USING (student_id IN (SELECT guard.incident_pupils()));
CREATE POLICY actor_bound ON safeguarding_studentkey AS RESTRICTIVE TO waymark_web USING ((SELECT guard.is_bound()));
"""
NO_TRIGGERS = """
DROP POLICY actor_bound ON safeguarding_studentkey;
DROP POLICY may_select_named ON safeguarding_studentkey;
DROP POLICY only_opened ON restraint_incidententry;
DROP TRIGGER incident_stands ON restraint_incidententry;
DROP TRIGGER incident_entry_in_time ON restraint_incidententry;
DROP TRIGGER incident_entry_dated ON restraint_incidententry;
DROP TRIGGER incident_dated ON restraint_incident;
REVOKE UPDATE ON restraint_incident FROM waymark_definer;
DROP POLICY definer_writes ON restraint_incident;
"""


class Migration(migrations.Migration):
    dependencies = [("restraint", "0001_initial"), ("safeguarding", "0007_only_for_readers"), ("groups", "0013_groups_seen")]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        protect(
            "restraint_incident",
            select="id IN (SELECT guard.incidents_read())",
            insert=f"recorded_by_id = {ME} AND school_id = (SELECT guard.school()) AND {sees('restraint.record_incident')}",
        ),
        protect("restraint_incidentstaff", select=READ, insert=NOW),
        protect("restraint_incidententry", select=READS, insert=WRITES),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
