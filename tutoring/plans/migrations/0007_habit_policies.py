"""Whoever makes plans notes whether a habit was kept; PostgreSQL asks whether the day fits and the plan is open."""

from django.db import migrations

from audit.history import protect_history
from core.rls import protect, sees, settled

READ, WRITE = sees("plans.view_plan"), sees("plans.make_plan")
ME = "(SELECT guard.uid())"
OF_HABIT = """EXISTS (SELECT FROM plans_plantarget t WHERE t.id = plans_habitcheck.target_id
  AND t.student_id = plans_habitcheck.student_id AND t.rhythm <> '')"""

# After the row is written, so that policies speak first; the demo and migrations write as the owner, and are not asked.
PEOPLE = "NOT pg_has_role(current_user, 'waymark_owner', 'MEMBER')"
CREATE = f"""
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.habit_said() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE habit record; today date := (guard.checked()).on_day;
BEGIN
  SELECT t.rhythm, p.closed_on INTO habit
    FROM public.plans_plantarget t JOIN public.plans_actionplan p ON p.id = t.plan_id WHERE t.id = NEW.target_id;
  IF habit.closed_on IS NOT NULL THEN
    RAISE EXCEPTION 'the plan is closed' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.by_id IS DISTINCT FROM guard.uid() THEN
    RAISE EXCEPTION 'whoever notes a habit does so in their own name' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.day > today OR habit.rhythm = 'week' AND extract(isodow FROM NEW.day) <> 1
     OR habit.rhythm = 'day' AND extract(isodow FROM NEW.day) > 5 THEN
    RAISE EXCEPTION 'a habit is noted for a day gone by: a school day, or the Monday of its week' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.habit_said() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER habit_said AFTER INSERT ON plans_habitcheck
  FOR EACH ROW WHEN ({PEOPLE}) EXECUTE FUNCTION guard.habit_said();
CREATE TRIGGER habit_corrected AFTER UPDATE ON plans_habitcheck
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.* AND {PEOPLE}) EXECUTE FUNCTION guard.habit_said();
"""  # noqa: S608 (our own text)
UNDO = """
DROP TRIGGER habit_corrected ON plans_habitcheck;
DROP TRIGGER habit_said ON plans_habitcheck;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.habit_said();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0006_habits")]
    operations = [
        protect("plans_habitcheck", select=READ, insert=f"by_id = {ME} AND {WRITE} AND {OF_HABIT}", update=WRITE),
        settled("plans_habitcheck", "target_id", "student_id", "day"),
        protect_history("plans_habitcheckchange", select=READ),
        migrations.RunSQL(CREATE, UNDO),
    ]
