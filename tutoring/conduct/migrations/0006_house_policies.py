"""Whoever leads a house keeps its rewards and sanctions; the school's own stay with whoever may change the school.

Nobody who leads one house changes what is another's; they make it their own by a copy of what that one shares. None is
ever deleted: what is no longer given is ended, as entries name it.
"""

from django.db import migrations

from core.rls import holds, settled

TABLE = "conduct_conducttype"
GUARD = """
SET LOCAL ROLE waymark_definer;
-- Houses that the actor leads as a whole today, in a role with this permission; a deputy's are those they stand in for.
CREATE FUNCTION guard.houses_led(wanted text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  ROWS 3 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT m.house_id FROM guard.memberships(guard.uid(), (guard.checked()).on_day) m
    JOIN guard.role_permission p ON p.role = m.role AND p.permission = wanted
   WHERE m.house_id IS NOT NULL AND m.year_group IS NULL;
END $$;
-- Rewards and sanctions that a house of the actor's school shares and gives.
CREATE FUNCTION guard.conduct_types_shared() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
DECLARE ours uuid := guard.school();
BEGIN
  RETURN QUERY SELECT t.id FROM public.conduct_conducttype t
   WHERE t.school_id = ours AND t.house_id IS NOT NULL AND t.shared AND t.is_active;
END $$;
REVOKE ALL ON FUNCTION guard.houses_led(text), guard.conduct_types_shared() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.houses_led(text), guard.conduct_types_shared() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
"""
UNGUARD = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.houses_led(text), guard.conduct_types_shared();
SET LOCAL ROLE waymark_owner;
"""
LED = "house_id IN (SELECT guard.houses_led('conduct.keep_house_types'))"
OURS = f"school_id = (SELECT guard.school()) AND ({holds('accounts.change_school')} OR {LED})"
SHARED = "(copied_from_id IS NULL OR copied_from_id IN (SELECT guard.conduct_types_shared()))"
POLICIES = f"""
ALTER POLICY may_insert ON {TABLE} WITH CHECK ({OURS} AND {SHARED});
ALTER POLICY may_update ON {TABLE} USING ({OURS}) WITH CHECK ({OURS});
DROP POLICY may_delete ON {TABLE};
REVOKE DELETE ON {TABLE} FROM waymark_web;
"""
WHOEVER = f"{holds('exchange.import_data')} OR {holds('accounts.change_school')}"
THEIRS = f"school_id = (SELECT guard.school()) AND ({WHOEVER})"
POLICIES_UNDO = f"""
ALTER POLICY may_insert ON {TABLE} WITH CHECK ({THEIRS});
ALTER POLICY may_update ON {TABLE} USING ({THEIRS}) WITH CHECK ({THEIRS});
GRANT DELETE ON {TABLE} TO waymark_web;
CREATE POLICY may_delete ON {TABLE} FOR DELETE TO waymark_web USING ({THEIRS});
"""


class Migration(migrations.Migration):
    dependencies = [("conduct", "0005_copied_from"), ("groups", "0018_own_caseload_asked_of_people")]
    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(POLICIES, POLICIES_UNDO),
        migrations.RunSQL(f"DROP TRIGGER settled ON {TABLE}", settled(TABLE, "kind").sql),
        settled(TABLE, "kind", "copied_from_id"),
    ]
