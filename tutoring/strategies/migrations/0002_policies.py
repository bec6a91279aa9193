"""Cards and own words for everybody who teaches the student, a handling plan whole for the pastoral team. What a wrong
view could get wrong is held here: words never change, and who looks, puts away or notes an agreement does so once.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import protect, sees, settled

READ, WRITE = sees("strategies.view_strategy"), sees("strategies.write_strategy")
TEAM = sees("strategies.keep_handling")
ME = "(SELECT guard.uid())"
# A team's part belongs to a plan that this very person wrote about this very student.
OF_PLAN = """EXISTS (SELECT FROM strategies_handlingplan p WHERE p.id = strategies_teampart.plan_id
  AND p.student_id = strategies_teampart.student_id AND p.made_by_id = (SELECT guard.uid()))"""
NOBODY_YET = "staff_name = '' AND home_name = '' AND student_name = ''"

# After the row is written, so that policies speak first; the demo and migrations write as the owner, and are not asked.
PEOPLE = "NOT pg_has_role(current_user, 'waymark_owner', 'MEMBER')"
CREATE = f"""
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.strategy_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.ended_on IS NOT NULL THEN
    RAISE EXCEPTION 'a card that was put away stays as it is' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.ended_on IS NOT NULL AND (NEW.ended_by_id, NEW.ended_on) IS DISTINCT FROM (guard.uid(), (guard.checked()).on_day)
     OR (NEW.still_true_on, NEW.still_true_by_id) IS DISTINCT FROM (OLD.still_true_on, OLD.still_true_by_id)
        AND (NEW.still_true_by_id, NEW.still_true_on) IS DISTINCT FROM (guard.uid(), (guard.checked()).on_day)
     OR NEW.review_on <> OLD.review_on
        AND (NEW.still_true_by_id, NEW.still_true_on) IS DISTINCT FROM (guard.uid(), (guard.checked()).on_day) THEN
    RAISE EXCEPTION 'whoever looks at a card says so in their own name, that day' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION guard.handling_agreed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.staff_name <> '' AND (OLD.staff_name, OLD.staff_on) IS DISTINCT FROM (NEW.staff_name, NEW.staff_on)
     OR OLD.home_name <> '' AND (OLD.home_name, OLD.home_on) IS DISTINCT FROM (NEW.home_name, NEW.home_on)
     OR OLD.student_name <> '' AND (OLD.student_name, OLD.student_on) IS DISTINCT FROM (NEW.student_name, NEW.student_on) THEN
    RAISE EXCEPTION 'who agreed is said once' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM public.strategies_handlingplan p WHERE p.student_id = NEW.student_id
              AND p.version > (SELECT mine.version FROM public.strategies_handlingplan mine WHERE mine.id = NEW.plan_id)) THEN
    RAISE EXCEPTION 'nobody agrees to an earlier version any more' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-- One version after the other: a number left out could be written into later.
CREATE FUNCTION guard.next_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE before integer;
BEGIN
  EXECUTE format('SELECT max(version) FROM public.%I WHERE student_id = $1 AND id <> $2', TG_TABLE_NAME)
    INTO before USING NEW.student_id, NEW.id;
  IF NEW.version <> coalesce(before, 0) + 1 THEN
    RAISE EXCEPTION 'a version follows the one before' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.strategy_kept(), guard.handling_agreed(), guard.next_version()
  TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER strategy_kept AFTER UPDATE ON strategies_strategycard
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.* AND {PEOPLE}) EXECUTE FUNCTION guard.strategy_kept();
CREATE TRIGGER handling_agreed AFTER UPDATE ON strategies_teampart
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.* AND {PEOPLE}) EXECUTE FUNCTION guard.handling_agreed();
CREATE TRIGGER next_version AFTER INSERT ON strategies_ownwords
  FOR EACH ROW WHEN ({PEOPLE}) EXECUTE FUNCTION guard.next_version();
CREATE TRIGGER next_version AFTER INSERT ON strategies_handlingplan
  FOR EACH ROW WHEN ({PEOPLE}) EXECUTE FUNCTION guard.next_version();
"""  # noqa: S608 (our own text)
UNDO = """
DROP TRIGGER next_version ON strategies_handlingplan;
DROP TRIGGER next_version ON strategies_ownwords;
DROP TRIGGER handling_agreed ON strategies_teampart;
DROP TRIGGER strategy_kept ON strategies_strategycard;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.strategy_kept(), guard.handling_agreed(), guard.next_version();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("strategies", "0001_initial"), ("groups", "0009_short_notes")]
    operations = [
        protect(
            "strategies_strategycard",
            select=READ,
            insert=f"author_id = {ME} AND ended_on IS NULL AND still_true_on IS NULL AND {WRITE}",
            update=WRITE,
        ),
        settled("strategies_strategycard", "student_id", "author_id", "kind", "moment", "text", "created_at"),
        protect("strategies_ownwords", select=READ, insert=f"made_by_id = {ME} AND {WRITE}"),
        protect("strategies_handlingplan", select=READ, insert=f"made_by_id = {ME} AND {TEAM}"),
        protect(
            "strategies_teampart", select=TEAM, insert=f"{NOBODY_YET} AND {OF_PLAN} AND {TEAM}", update=TEAM
        ),
        settled(
            "strategies_teampart", "plan_id", "student_id", "triggers", "holds", "trained", "medical", "after"
        ),
        protect_history("strategies_strategycardchange", select=READ),
        protect_history("strategies_ownwordschange", select=READ),
        protect_history("strategies_handlingplanchange", select=READ),
        protect_history("strategies_teampartchange", select=TEAM),
        migrations.RunSQL(CREATE, UNDO),
    ]
