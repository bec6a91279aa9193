"""Whether whoever acts is a person, or is deputy for them today: asked by what only that person may do."""

from django.db import migrations

CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.stands_for(person uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := guard.uid();
BEGIN
  RETURN me = person OR EXISTS (
    SELECT FROM guard.memberships(me, (guard.checked()).on_day) m
      JOIN public.accounts_membership theirs ON theirs.id = m.linked_by WHERE theirs.user_id = person);
END $$;
REVOKE ALL ON FUNCTION guard.stands_for(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.stands_for(uuid) TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
"""
DROP = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.stands_for(uuid);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_entry_policies"), ("groups", "0006_sight_one_note_a_role")]
    operations = [migrations.RunSQL(CREATE, DROP)]
