"""A colleague who has a step of a plan to do says so themselves, once, on the day: PostgreSQL takes nobody else's word."""

from django.db import migrations

# After the row is written, so that policies speak first; the demo and migrations write as the owner, and are not asked.
PEOPLE = "NOT pg_has_role(current_user, 'waymark_owner', 'MEMBER')"
SAID = "{row}.text, {row}.owner, {row}.owner_staff_id"
OTHERWISE = f"({SAID.format(row='OLD')}) IS DISTINCT FROM ({SAID.format(row='NEW')})"
# Whoever says so may not be able to read the plan, so the trigger looks with rights of its own.
CREATE = f"""
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.plan_step_agreed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.owner_agreed_on IS NULL THEN
    IF {OTHERWISE} THEN
      RETURN NULL;
    END IF;
    RAISE EXCEPTION 'what a colleague agreed to is not taken back for them' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.owner <> 'staff' OR NEW.owner_staff_id IS DISTINCT FROM guard.uid() THEN
    RAISE EXCEPTION 'nobody agrees for somebody else' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' OR NEW.owner_agreed_on <> (guard.checked()).on_day THEN
    RAISE EXCEPTION 'a step that stands is agreed to on the day' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.outcome <> '' OR OLD.owner_agreed_on IS NOT NULL OR EXISTS (
    SELECT FROM public.plans_actionplan p
     WHERE p.id = NEW.plan_id AND (p.closed_on IS NOT NULL OR p.made_by_id = guard.uid())) THEN
    RAISE EXCEPTION 'an open step is agreed to once, and not by who wrote the plan' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.plan_step_reads_otherwise() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.owner_agreed_on := NULL;
  RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION guard.plan_step_agreed(), guard.plan_step_reads_otherwise() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER reads_otherwise BEFORE UPDATE ON plans_planstep FOR EACH ROW
  WHEN ({OTHERWISE}) EXECUTE FUNCTION guard.plan_step_reads_otherwise();
CREATE TRIGGER agreed AFTER UPDATE ON plans_planstep FOR EACH ROW
  WHEN (OLD.owner_agreed_on IS DISTINCT FROM NEW.owner_agreed_on AND {PEOPLE})
  EXECUTE FUNCTION guard.plan_step_agreed();
CREATE TRIGGER agreed_from_the_start AFTER INSERT ON plans_planstep FOR EACH ROW
  WHEN (NEW.owner_agreed_on IS NOT NULL AND {PEOPLE}) EXECUTE FUNCTION guard.plan_step_agreed();
"""  # noqa: S608 (our own text)
UNDO = """
DROP TRIGGER agreed_from_the_start ON plans_planstep;
DROP TRIGGER agreed ON plans_planstep;
DROP TRIGGER reads_otherwise ON plans_planstep;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.plan_step_agreed();
DROP FUNCTION guard.plan_step_reads_otherwise();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0009_step_agreed")]
    operations = [migrations.RunSQL(CREATE, UNDO)]
