"""Who manages whom is read by all who work there and written by whoever manages the staff; nothing is dated back, what
is over stays, and nobody is managed by whom they manage. Decision 0016."""

from django.db import migrations

from audit.history import protect_history
from core.rls import holds, protect, settled

NO_CIRCLE = """
SET LOCAL ROLE waymark_definer;
-- One after the other, as two lines given at once would each not see the other's. Up from the manager, along lines that
-- share a day with those below, until nobody is above.
CREATE FUNCTION guard.line_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('lines:' || NEW.school_id, 0));
  IF EXISTS (SELECT FROM public.accounts_user u
              WHERE u.id IN (NEW.person_id, NEW.manager_id) AND u.school_id IS DISTINCT FROM NEW.school_id) THEN
    RAISE EXCEPTION 'a line manager is of the same school' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
      WITH RECURSIVE up AS (
        SELECT NEW.manager_id AS who, NEW.starts_on AS first, coalesce(NEW.ends_on, 'infinity') AS last
         UNION
        SELECT l.manager_id, greatest(up.first, l.starts_on), least(up.last, coalesce(l.ends_on, 'infinity'))
          FROM up
          JOIN public.accounts_linemanager l ON l.person_id = up.who AND l.starts_on <= up.last
           AND coalesce(l.ends_on, 'infinity') >= up.first
         WHERE up.who <> NEW.person_id)
      SELECT FROM up WHERE up.who = NEW.person_id) THEN
    RAISE EXCEPTION 'nobody is managed by whom they manage' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.line_kept() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.line_kept() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER line_made AFTER INSERT ON accounts_linemanager FOR EACH ROW EXECUTE FUNCTION guard.line_kept();
CREATE TRIGGER line_moved AFTER UPDATE ON accounts_linemanager FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.line_kept();
"""
UNDO = """
DROP TRIGGER line_made ON accounts_linemanager;
DROP TRIGGER line_moved ON accounts_linemanager;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.line_kept();
SET LOCAL ROLE waymark_owner;
"""
OURS, TODAY = "school_id = (SELECT guard.school())", "(SELECT guard.today())"
STAFFING = f"{OURS} AND {holds('accounts.manage_staff')}"
TO_COME = f"{STAFFING} AND starts_on >= {TODAY}"
NOT_OVER = f"{STAFFING} AND (ends_on IS NULL OR ends_on >= {TODAY})"
ME = "(SELECT guard.uid())"
BEFORE = f"person_id = {ME} OR manager_id = {ME} OR ({OURS} AND {holds('audit.search_record')})"


class Migration(migrations.Migration):
    # `guard.today` comes with the registers.
    dependencies = [("accounts", "0020_line_manager"), ("attendance", "0008_register_policies")]
    operations = [
        protect("accounts_linemanager", select=OURS, insert=TO_COME, update=NOT_OVER, delete=TO_COME),
        protect_history("accounts_linemanagerchange", select=BEFORE),
        settled("accounts_linemanager", "school_id", "person_id", "manager_id", "starts_on"),
        migrations.RunSQL(NO_CIRCLE, UNDO),
    ]
