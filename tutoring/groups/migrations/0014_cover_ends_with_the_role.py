"""When a role ends, whoever stands in for it is deputy no longer: nobody has lent what nobody has.

Without it a deputy of a head kept the house to the last day of the cover, though the head had left. What has not begun
by then is taken off the list. A role that is given a later end again brings no cover back.
"""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

BEFORE = import_module("tutoring.groups.migrations.0010_cover").SOUND
SOUND = as_before(BEFORE, "sound_cover")
# A cover cut short by its role was sound when it was arranged: that it is shorter asks nothing anew.
PEOPLE = "pg_has_role(current_user, 'waymark_owner', 'MEMBER')"
CREATE = f"""
SET LOCAL ROLE waymark_definer;
{SOUND.replace(PEOPLE, f"{PEOPLE} OR pg_trigger_depth() > 1", 1)}
SET LOCAL ROLE waymark_owner;
CREATE FUNCTION cover_ends() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM accounts_membership WHERE stands_in_for_id = NEW.id AND starts_on > NEW.ends_on;
  UPDATE accounts_membership SET ends_on = NEW.ends_on
   WHERE stands_in_for_id = NEW.id AND (ends_on IS NULL OR ends_on > NEW.ends_on);
  RETURN NULL;
END $$;
CREATE TRIGGER cover_ends AFTER UPDATE ON accounts_membership FOR EACH ROW
  WHEN (NEW.stands_in_for_id IS NULL AND NEW.ends_on IS NOT NULL AND OLD.ends_on IS DISTINCT FROM NEW.ends_on)
  EXECUTE FUNCTION cover_ends();
"""  # noqa: S608 (our own text)
UNDO = f"""
DROP TRIGGER cover_ends ON accounts_membership;
DROP FUNCTION cover_ends();
SET LOCAL ROLE waymark_definer;
{SOUND}
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0013_groups_seen")]
    operations = [migrations.RunSQL(CREATE, UNDO)]
