"""Who reads an intervention and who is in it: a student's row as a plan of theirs, or for whoever runs it and sees them.

Whoever sees one student sees the intervention, and of the others nothing: no row, and so no number. It closes with an
outcome for every student, seen or not, and after that nothing of it changes.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import holds, protect, sees, settled

ME = "(SELECT guard.uid())"
OURS = "school_id = (SELECT guard.school())"
RUN, KEPT = "(SELECT guard.interventions_run())", "(SELECT guard.interventions_kept())"
WITH_A_STUDENT = "id IN (SELECT m.intervention_id FROM interventions_member m)"
READ = f"{OURS} AND (lead_id = {ME} OR made_by_id = {ME} OR id IN {RUN} OR {WITH_A_STUDENT})"
OF_READ = "intervention_id IN (SELECT i.id FROM interventions_intervention i)"
MEMBER = f"{sees('plans.view_plan')} OR ({sees('students.view_student')} AND intervention_id IN {RUN})"
OF_MEMBER = "member_id IN (SELECT m.id FROM interventions_member m)"
# About the same student, in the same intervention, at a meeting one logged oneself.
FITS = (
    "EXISTS (SELECT FROM interventions_member m JOIN interventions_sitting t ON t.intervention_id = m.intervention_id"
    " WHERE m.id = interventions_dose.member_id AND m.student_id = interventions_dose.student_id"
    f" AND t.id = interventions_dose.meeting_id AND t.by_id = {ME})"
)

# Asked by policies of the tables they read themselves, so with rights of their own.
FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.interventions_kept() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.id FROM public.interventions_intervention i
   WHERE i.school_id = guard.school()
     AND (guard.uid() IN (i.lead_id, i.made_by_id) OR (SELECT guard.holds('interventions.keep_interventions')))
  $$;
CREATE FUNCTION guard.interventions_run() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.id FROM public.interventions_intervention i
   WHERE i.school_id = guard.school()
     AND (guard.uid() IN (i.lead_id, i.made_by_id)
          OR EXISTS (SELECT FROM public.interventions_helper h WHERE h.intervention_id = i.id AND h.user_id = guard.uid()))
  $$;
CREATE FUNCTION guard.intervention_lacks(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.interventions_member m WHERE m.intervention_id = wanted AND m.outcome IS NULL)
  $$;
CREATE FUNCTION guard.intervention_closed(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.interventions_intervention i WHERE i.id = wanted AND i.closed_on IS NOT NULL)
  $$;
CREATE FUNCTION guard.intervention_of(wanted uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.intervention_id FROM public.interventions_sitting t WHERE t.id = wanted
  $$;
-- After the row is written, so that policies speak first; and as whoever acts: the demo writes as the owner.
CREATE FUNCTION guard.intervention_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
    RETURN NULL;
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.closed_on IS NOT NULL THEN
      RAISE EXCEPTION 'an intervention begins open' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF OLD.closed_on IS NOT NULL THEN
    RAISE EXCEPTION 'the intervention is closed' USING ERRCODE = 'check_violation';
  ELSIF NEW.closed_on IS NOT NULL AND guard.intervention_lacks(NEW.id) THEN
    RAISE EXCEPTION 'an intervention closes with an outcome for everybody in it' USING ERRCODE = 'check_violation';
  END IF;
  -- A lead who has left since is no reason to refuse another change.
  IF (TG_OP = 'INSERT' OR NEW.lead_id <> OLD.lead_id)
     AND NOT EXISTS (SELECT FROM public.accounts_user u WHERE u.id = NEW.lead_id AND u.school_id = guard.school()) THEN
    RAISE EXCEPTION 'whoever leads it works here' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.barrier_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.barrier_id IS DISTINCT FROM OLD.barrier_id)
     AND NOT EXISTS (
       SELECT FROM public.plans_barrier b WHERE b.id = NEW.barrier_id
          AND (b.school_id IS NULL OR b.school_id = guard.school())) THEN
    RAISE EXCEPTION 'the need is one of the school''s' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.intervention_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_it uuid;
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') OR (TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW) THEN
    RETURN NULL;
  END IF;
  IF TG_TABLE_NAME = 'interventions_dose' THEN
    of_it := guard.intervention_of(NEW.meeting_id);
  ELSIF TG_OP = 'DELETE' THEN
    of_it := OLD.intervention_id;
  ELSE
    of_it := NEW.intervention_id;
  END IF;
  IF guard.intervention_closed(of_it) THEN
    RAISE EXCEPTION 'the intervention is closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.intervention_lacks(uuid), guard.intervention_closed(uuid), guard.intervention_of(uuid),
  guard.interventions_kept(), guard.interventions_run() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.intervention_lacks(uuid), guard.intervention_closed(uuid), guard.intervention_of(uuid),
  guard.interventions_kept(), guard.interventions_run(), guard.intervention_kept(), guard.intervention_stays()
  TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
"""
FUNCTIONS_UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.intervention_lacks(uuid), guard.intervention_closed(uuid), guard.intervention_of(uuid),
  guard.interventions_kept(), guard.interventions_run(), guard.intervention_kept(), guard.intervention_stays();
SET LOCAL ROLE waymark_owner;
"""
TRIGGERS = """
CREATE TRIGGER kept AFTER INSERT OR UPDATE ON interventions_intervention
  FOR EACH ROW EXECUTE FUNCTION guard.intervention_kept();
CREATE TRIGGER stays AFTER INSERT OR DELETE ON interventions_helper
  FOR EACH ROW EXECUTE FUNCTION guard.intervention_stays();
CREATE TRIGGER stays AFTER INSERT OR UPDATE ON interventions_member
  FOR EACH ROW EXECUTE FUNCTION guard.intervention_stays();
CREATE TRIGGER stays AFTER INSERT OR UPDATE ON interventions_sitting
  FOR EACH ROW EXECUTE FUNCTION guard.intervention_stays();
CREATE TRIGGER stays AFTER INSERT OR UPDATE ON interventions_dose
  FOR EACH ROW EXECUTE FUNCTION guard.intervention_stays();
"""
TRIGGERS_UNDO = """
DROP TRIGGER kept ON interventions_intervention;
DROP TRIGGER stays ON interventions_helper;
DROP TRIGGER stays ON interventions_member;
DROP TRIGGER stays ON interventions_sitting;
DROP TRIGGER stays ON interventions_dose;
"""
WORKS_HERE = "user_id IN (SELECT u.id FROM accounts_user u WHERE u.school_id = (SELECT guard.school()))"


class Migration(migrations.Migration):
    dependencies = [("interventions", "0001_initial"), ("plans", "0005_model_plan_policies")]
    operations = [
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_UNDO),
        protect(
            "interventions_intervention",
            select=READ,
            insert=f"{OURS} AND made_by_id = {ME} AND {holds('interventions.run_intervention')}",
            update=f"{OURS} AND id IN {KEPT}",
        ),
        protect(
            "interventions_helper",
            select=OF_READ,
            insert=f"intervention_id IN {KEPT} AND {WORKS_HERE}",
            delete=f"intervention_id IN {KEPT}",
        ),
        protect(
            "interventions_member",
            select=MEMBER,
            insert=f"{sees('interventions.run_intervention')} AND intervention_id IN {KEPT}",
            update=f"{sees('students.view_student')} AND intervention_id IN {KEPT}",
        ),
        protect(
            "interventions_sitting",
            select=OF_READ,
            insert=f"by_id = {ME} AND intervention_id IN {RUN}",
            update=f"by_id = {ME} AND intervention_id IN {RUN}",
        ),
        protect("interventions_dose", select=OF_MEMBER, insert=FITS, update=FITS),
        settled("interventions_intervention", "school_id", "made_by_id", "submission", "created_at"),
        settled("interventions_member", "intervention_id", "student_id"),
        settled("interventions_sitting", "intervention_id", "by_id", "submission"),
        settled("interventions_dose", "meeting_id", "member_id", "student_id"),
        protect_history("interventions_interventionchange", select="id IN (SELECT i.id FROM interventions_intervention i)"),
        protect_history("interventions_memberchange", select=MEMBER),
        protect_history("interventions_sittingchange", select=OF_READ),
        protect_history("interventions_dosechange", select=OF_MEMBER),
        migrations.RunSQL(TRIGGERS, TRIGGERS_UNDO),
    ]
