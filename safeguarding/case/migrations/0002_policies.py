"""What a concern waits for is for those who read the concern; what came to its end stays as it ended.

Whoever is kept from a concern has nothing of it in hand any more, as with the concern itself (safeguarding 0005).
"""

from importlib import import_module

from django.db import migrations

from audit.history import protect_history
from core.rls import protect, settled

FILE = import_module("safeguarding.migrations.0003_policies")
IN_FILE = FILE.in_file()
TRIGGERS = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.due_lets_go() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.case_due d SET owner_id = NULL
   WHERE d.owner_id IS NOT NULL AND d.done_on IS NULL AND d.concern_id IN (SELECT guard.file_kept_from(d.owner_id))
     AND (d.concern_id = NEW.concern_id OR d.concern_id IN (
       SELECT k.concern_id FROM public.safeguarding_concernchild k WHERE k.student_id = NEW.student_id));
  RETURN NULL;
END $$;
-- The designated lead is kept from it only once a second person agreed (safeguarding.sharing).
CREATE FUNCTION guard.due_lets_go_agreed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.case_due d SET owner_id = NULL
   WHERE d.owner_id = (SELECT k.person_id FROM public.safeguarding_keptfrom k WHERE k.id = NEW.kept_id)
     AND d.done_on IS NULL AND d.concern_id IN (SELECT guard.file_kept_from(d.owner_id));
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.due_lets_go(), guard.due_lets_go_agreed() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
GRANT UPDATE (owner_id) ON case_due TO waymark_definer;
CREATE POLICY definer_lets_go ON case_due FOR UPDATE TO waymark_definer USING (true) WITH CHECK (true);
GRANT INSERT ON case_duechange TO waymark_definer;
CREATE POLICY definer_copies ON case_duechange FOR INSERT TO waymark_definer WITH CHECK (pg_trigger_depth() > 0);
CREATE TRIGGER due_lets_go AFTER INSERT ON safeguarding_keptfrom
  FOR EACH ROW EXECUTE FUNCTION guard.due_lets_go();
CREATE TRIGGER due_lets_go AFTER INSERT ON safeguarding_concernchild
  FOR EACH ROW EXECUTE FUNCTION guard.due_lets_go();
CREATE TRIGGER due_lets_go AFTER UPDATE ON sharing_confirmation
  FOR EACH ROW EXECUTE FUNCTION guard.due_lets_go_agreed();
CREATE TRIGGER stays_ended BEFORE UPDATE ON case_due FOR EACH ROW
  WHEN (OLD.done_on IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.settled('');
"""
UNDO = """
DROP TRIGGER stays_ended ON case_due;
DROP TRIGGER due_lets_go ON sharing_confirmation;
DROP TRIGGER due_lets_go ON safeguarding_concernchild;
DROP TRIGGER due_lets_go ON safeguarding_keptfrom;
DROP POLICY definer_copies ON case_duechange;
REVOKE INSERT ON case_duechange FROM waymark_definer;
DROP POLICY definer_lets_go ON case_due;
REVOKE UPDATE (owner_id) ON case_due FROM waymark_definer;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.due_lets_go_agreed(), guard.due_lets_go();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("case", "0001_due"), ("safeguarding", "0008_kinds_of_the_case"), ("sharing", "0003_policies")]
    operations = [
        protect("case_due", select=IN_FILE, insert=f"made_by_id = {FILE.ME} AND {IN_FILE}", update=IN_FILE),
        settled("case_due", "concern_id", "kind", "what", "follows_id", "made_by_id", "begun_on"),
        protect_history("case_duechange", select=IN_FILE),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
