"""Who really reads a concern; whoever is kept from it has it in hand no more; somebody is left who reads it."""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

WHO_READS = import_module("safeguarding.migrations.0002_who_reads")
TRIGGER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- Whose role reads any file at all, so that the others are not asked one by one; only other functions ask it.
CREATE FUNCTION guard.file_keepers() RETURNS SETOF uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY SELECT DISTINCT m.user_id FROM public.accounts_membership m
    JOIN guard.role_permission p ON p.role = m.role AND p.permission LIKE 'safeguarding.keep\\_%file'
    JOIN public.accounts_user u ON u.id = m.user_id AND u.is_active;
END $$;

-- Who reads a concern once they prove who they are, for those who read it themselves.
CREATE FUNCTION guard.concern_holders(concern uuid) RETURNS SETOF uuid LANGUAGE plpgsql {WHO_READS.PINNED} AS $$
DECLARE day date := guard.this_day();
BEGIN
  IF guard.in_file(concern) THEN
    RETURN QUERY SELECT u.id FROM guard.file_keepers() AS u(id) WHERE guard.reads_concern(u.id, concern, day);
  END IF;
END $$;

-- Somebody must be left who reads it: the child's file, and each concern about the child. One after the other: two who
-- keep each other from it at the same moment would each find the other still there.
CREATE OR REPLACE FUNCTION guard.kept_from_leaves() RETURNS trigger {TRIGGER} AS $$
DECLARE day date := guard.this_day();
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('guard.kept_from_leaves'));
  IF (NEW.student_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM guard.file_keepers() AS u(id)
        WHERE u.id <> NEW.person_id AND NEW.student_id IN (SELECT guard.reach_with(u.id, 'safeguarding.keep_file', day))
          AND NOT EXISTS (SELECT FROM public.safeguarding_keptfrom k
                WHERE k.person_id = u.id AND k.student_id = NEW.student_id AND k.ended_at IS NULL)))
     OR EXISTS (
       SELECT FROM (SELECT NEW.concern_id AS id UNION SELECT k.concern_id FROM public.safeguarding_concernchild k
                      JOIN public.safeguarding_concern o ON o.id = k.concern_id AND o.store = 'children'
                     WHERE k.student_id = NEW.student_id) c
        WHERE c.id IS NOT NULL AND NOT EXISTS (
          SELECT FROM guard.file_keepers() AS u(id)
           WHERE u.id <> NEW.person_id AND guard.reads_concern(u.id, c.id, day))) THEN
    RAISE EXCEPTION 'somebody must be left who reads it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- Somebody is kept from a concern or a child, or such a child is linked: what they had in hand of it is in nobody's,
-- also where whoever did it does not read that concern.
CREATE FUNCTION guard.kept_from_lets_go() RETURNS trigger {TRIGGER} AS $$
BEGIN
  UPDATE public.safeguarding_concern c SET owner_id = NULL
   WHERE c.owner_id IS NOT NULL AND c.id IN (SELECT guard.file_kept_from(c.owner_id))
     AND (c.id = NEW.concern_id OR c.id IN (
       SELECT k.concern_id FROM public.safeguarding_concernchild k WHERE k.student_id = NEW.student_id));
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION guard.file_keepers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.concern_holders(uuid), guard.kept_from_lets_go() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;
{as_before(WHO_READS.FUNCTIONS, "kept_from_leaves")}
DROP FUNCTION guard.kept_from_lets_go(), guard.concern_holders(uuid), guard.file_keepers();
SET LOCAL ROLE waymark_owner;
"""
TRIGGERS = """
GRANT UPDATE (owner_id) ON safeguarding_concern TO waymark_definer;
CREATE POLICY definer_lets_go ON safeguarding_concern FOR UPDATE TO waymark_definer USING (true) WITH CHECK (true);
GRANT INSERT ON safeguarding_concernchange TO waymark_definer;
CREATE POLICY definer_copies ON safeguarding_concernchange FOR INSERT TO waymark_definer
  WITH CHECK (pg_trigger_depth() > 0);
CREATE TRIGGER kept_from_lets_go AFTER INSERT ON safeguarding_keptfrom
  FOR EACH ROW EXECUTE FUNCTION guard.kept_from_lets_go();
CREATE TRIGGER kept_from_lets_go AFTER INSERT ON safeguarding_concernchild
  FOR EACH ROW EXECUTE FUNCTION guard.kept_from_lets_go();
"""
NO_TRIGGERS = """
DROP TRIGGER kept_from_lets_go ON safeguarding_concernchild;
DROP TRIGGER kept_from_lets_go ON safeguarding_keptfrom;
DROP POLICY definer_copies ON safeguarding_concernchange;
REVOKE INSERT ON safeguarding_concernchange FROM waymark_definer;
DROP POLICY definer_lets_go ON safeguarding_concern;
REVOKE UPDATE (owner_id) ON safeguarding_concern FROM waymark_definer;
"""


class Migration(migrations.Migration):
    dependencies = [("safeguarding", "0004_search_and_names")]
    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS), migrations.RunSQL(TRIGGERS, NO_TRIGGERS)]
