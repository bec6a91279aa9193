"""Whoever gets something in hand from somebody else is mailed that there is something to read, and nothing of what."""

from django.db import migrations

FUNCTION = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.due_owner_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') <> '' AND NEW.owner_id IS DISTINCT FROM guard.uid() THEN
    PERFORM guard.alert_lead(NEW.owner_id);
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.due_owner_told() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.due_owner_told() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER owner_told_first AFTER INSERT ON case_due
  FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL AND NEW.done_on IS NULL) EXECUTE FUNCTION guard.due_owner_told();
CREATE TRIGGER owner_told AFTER UPDATE OF owner_id ON case_due
  FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL AND NEW.owner_id IS DISTINCT FROM OLD.owner_id AND NEW.done_on IS NULL)
  EXECUTE FUNCTION guard.due_owner_told();
"""
UNDO = """
DROP TRIGGER owner_told ON case_due;
DROP TRIGGER owner_told_first ON case_due;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.due_owner_told();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("case", "0004_who_reads_standings"), ("sharing", "0002_nobody_left_out")]
    operations = [migrations.RunSQL(FUNCTION, UNDO)]
