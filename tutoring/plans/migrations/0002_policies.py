"""Who reads and writes plans: whoever holds the permission over the student; who has a step to do has that step."""

from django.db import migrations

from audit.history import protect_history
from core.rls import belongs_to_school, protect, sees, settled

READ, WRITE = sees("plans.view_plan"), sees("plans.make_plan")
ME = "(SELECT guard.uid())"
MY_STEP = f"(owner_staff_id = {ME} AND {sees('students.view_student')})"

# Nothing open can be forgotten: a plan closes when all its parts have an outcome, and then nothing of it opens again.
# Who ticks a step may not read the plan, so the trigger looks with rights of its own.
WHOLE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.plan_closes_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.plans_planstep s WHERE s.plan_id = NEW.id AND s.outcome = '')
     OR EXISTS (SELECT FROM public.plans_plantarget t WHERE t.plan_id = NEW.id AND t.result IS NULL) THEN
    RAISE EXCEPTION 'a plan closes with an outcome for every part' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION guard.plan_step_stays_ended() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.plans_actionplan p WHERE p.id = NEW.plan_id AND p.closed_on IS NOT NULL) THEN
    RAISE EXCEPTION 'the plan is closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION guard.plan_closes_whole(), guard.plan_step_stays_ended() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER closes_whole BEFORE UPDATE OF closed_on ON plans_actionplan FOR EACH ROW
  WHEN (NEW.closed_on IS NOT NULL) EXECUTE FUNCTION guard.plan_closes_whole();
CREATE TRIGGER stays_ended BEFORE INSERT OR UPDATE OF outcome ON plans_planstep FOR EACH ROW
  WHEN (NEW.outcome = '') EXECUTE FUNCTION guard.plan_step_stays_ended();
"""
WHOLE_UNDO = """
DROP TRIGGER closes_whole ON plans_actionplan;
DROP TRIGGER stays_ended ON plans_planstep;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.plan_closes_whole();
DROP FUNCTION guard.plan_step_stays_ended();
SET LOCAL ROLE waymark_owner;
"""


def of_plan(table: str) -> str:
    """A part names its plan and is about the same student: nothing can be hung on somebody else's plan."""
    return f"EXISTS (SELECT FROM plans_actionplan p WHERE p.id = {table}.plan_id AND p.student_id = {table}.student_id)"


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial"), ("groups", "0006_sight_one_note_a_role")]
    operations = [
        belongs_to_school("plans_barrier"),
        protect("plans_actionplan", select=READ, insert=f"made_by_id = {ME} AND {WRITE}", update=WRITE),
        protect(
            "plans_planbarrier", select=READ, insert=f"{WRITE} AND {of_plan('plans_planbarrier')}", delete=WRITE
        ),
        protect("plans_plantarget", select=READ, insert=f"{WRITE} AND {of_plan('plans_plantarget')}", update=WRITE),
        protect(
            "plans_planstep",
            select=f"{READ} OR {MY_STEP}",
            insert=f"{WRITE} AND {of_plan('plans_planstep')}",
            update=f"{WRITE} OR {MY_STEP}",
        ),
        protect("plans_planreview", select=READ, insert=f"by_id = {ME} AND {WRITE} AND {of_plan('plans_planreview')}"),
        migrations.RunSQL(WHOLE, WHOLE_UNDO),
        settled("plans_actionplan", "student_id", "made_by_id", "from_session_id"),
        settled("plans_plantarget", "plan_id", "student_id"),
        settled("plans_planstep", "plan_id", "student_id", "from_step_id"),
        *(
            protect_history(f"plans_{name}change", select=READ)
            for name in ("actionplan", "planbarrier", "plantarget", "planreview")
        ),
        protect_history("plans_planstepchange", select=f"{READ} OR {MY_STEP}"),
    ]
