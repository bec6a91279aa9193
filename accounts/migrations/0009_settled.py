"""The function behind `core.rls.settled`: refuses the web role what only migrations, or one job of ours, may change."""

from django.db import migrations

CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER') OR (TG_ARGV[0] <> '' AND guard.system_name() = TG_ARGV[0]) THEN
    RETURN NEW;
  END IF;
  PERFORM guard.refuse(format('what a row of %s is about was settled when it was made', TG_TABLE_NAME));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.settled() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.settled() TO waymark_owner;
SET LOCAL ROLE waymark_owner;
"""
DROP = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.settled();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_history")]
    operations = [migrations.RunSQL(CREATE, DROP)]
