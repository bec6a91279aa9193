"""Who reads a visit: whoever goes, who is told, and the student's team. What a wrong view could get wrong is held here:
whoever goes says out and back, each once, and nothing of a visit changes after that; who is told sees the family.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import is_system, protect, sees, settled

ME, JOB = "(SELECT guard.uid())", is_system("home visits")
GOES = f"(visitor_id = {ME} OR companion_id = {ME})"
# Not only while they see the student: whoever is out must be able to say that they are back, and who is told to read.
READ = f"{sees('tutor_sessions.view_team_session')} OR {GOES} OR told_id = {ME}"
RUNS = f"({JOB} AND out_at IS NOT NULL)"

# After the row is written, so that policies speak first; and as whoever acts: the demo writes as the owner.
CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.visit_planned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF NEW.told_id NOT IN (SELECT guard.staff_who_see(NEW.student_id, 'students.view_family')) THEN
    RAISE EXCEPTION 'who is told sees the family' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM public.accounts_user u WHERE u.id = coalesce(NEW.companion_id, NEW.visitor_id)
                  AND u.school_id = guard.school() AND u.is_active) THEN
    RAISE EXCEPTION 'whoever goes along works here' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.cancelled OR num_nonnulls(NEW.out_at, NEW.back_at, NEW.told_taken_at, NEW.told_at, NEW.heads_taken_at,
                                   NEW.heads_told_at) > 0 THEN
    RAISE EXCEPTION 'a visit begins as a plan' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.visit_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved boolean := (OLD.cancelled, OLD.out_at, OLD.back_at, OLD.child_seen, OLD.who_was_there)
    IS DISTINCT FROM (NEW.cancelled, NEW.out_at, NEW.back_at, NEW.child_seen, NEW.who_was_there);
  rang boolean := (OLD.told_taken_at, OLD.told_at, OLD.heads_taken_at, OLD.heads_told_at)
    IS DISTINCT FROM (NEW.told_taken_at, NEW.told_at, NEW.heads_taken_at, NEW.heads_told_at);
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') THEN
    RETURN NULL;
  END IF;
  IF (CASE WHEN guard.system_name() = 'home visits' THEN moved ELSE rang END) THEN
    RAISE EXCEPTION 'the timer notes its alarms and nothing else, and nobody else does' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.told_at IS NOT NULL AND NEW.told_at IS DISTINCT FROM OLD.told_at
     OR OLD.heads_told_at IS NOT NULL AND NEW.heads_told_at IS DISTINCT FROM OLD.heads_told_at THEN
    RAISE EXCEPTION 'an alarm is given once' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.out_at IS NOT NULL AND NEW.out_at IS DISTINCT FROM OLD.out_at
     OR OLD.back_at IS NOT NULL AND NEW.back_at IS DISTINCT FROM OLD.back_at
     OR OLD.cancelled AND (NOT NEW.cancelled OR NEW.out_at IS NOT NULL) THEN
    RAISE EXCEPTION 'out, back and cancelled are said once' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.child_seen <> '' AND (OLD.child_seen, OLD.who_was_there) IS DISTINCT FROM (NEW.child_seen, NEW.who_was_there) THEN
    RAISE EXCEPTION 'what was found is said once' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-- For the timer alone, which sees no student: who leads the house of the one visited; where nobody but the visitor
-- does, the leaders of the school.
CREATE FUNCTION guard.heads_of_visit(visit uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE today date := (guard.checked()).on_day; found uuid[]; leaders uuid[];
BEGIN
  IF guard.system_name() IS DISTINCT FROM 'home visits' THEN
    RETURN;
  END IF;
  SELECT array_agg(DISTINCT u.id) FILTER (WHERE m.role IN ('head_of_house', 'deputy_head_of_house')
           AND m.house_id = s.house_id AND coalesce(m.year_group = s.year_group, m.year_group IS NULL)),
         array_agg(DISTINCT u.id) FILTER (WHERE m.role IN ('headteacher', 'senior_leader'))
    INTO found, leaders
    FROM public.visits_homevisit v
    JOIN public.students_student s ON s.id = v.student_id
    JOIN public.accounts_membership m ON m.school_id = s.school_id
         AND m.starts_on <= today AND (m.ends_on IS NULL OR m.ends_on >= today)
    JOIN public.accounts_user u ON u.id = m.user_id AND u.is_active AND u.school_id = s.school_id
   WHERE v.id = visit AND u.id <> v.visitor_id AND u.id IS DISTINCT FROM v.companion_id;
  RETURN QUERY SELECT unnest(coalesce(found, leaders));
END $$;
REVOKE ALL ON FUNCTION guard.heads_of_visit(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.heads_of_visit(uuid), guard.visit_planned(), guard.visit_moved()
  TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER visit_planned AFTER INSERT ON visits_homevisit FOR EACH ROW EXECUTE FUNCTION guard.visit_planned();
CREATE TRIGGER visit_moved AFTER UPDATE ON visits_homevisit
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.visit_moved();
"""
UNDO = """
DROP TRIGGER visit_moved ON visits_homevisit;
DROP TRIGGER visit_planned ON visits_homevisit;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.heads_of_visit(uuid), guard.visit_planned(), guard.visit_moved();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial"), ("accounts", "0011_stands_for")]
    operations = [
        protect(
            "visits_homevisit",
            select=f"{READ} OR {RUNS}",
            insert=f"visitor_id = {ME} AND {sees('visits.plan_visit')}",
            update=f"{GOES} OR {RUNS}",
        ),
        settled(
            "visits_homevisit",
            "student_id", "visitor_id", "companion_id", "told_id", "submission", "leaves_at", "back_by", "known_risk",
            "known_risk_note", "somebody_knows", "somebody_knows_note", "phone_charged", "phone_charged_note", "note",
        ),
        protect_history("visits_homevisitchange", select=READ),
        migrations.RunSQL(CREATE, UNDO),
    ]
