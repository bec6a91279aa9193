"""Who reads the record: everybody their own lines; whoever searches it, their school's, of students they see.

It stands here because the condition asks for students, of whom the record's own app knows nothing. Decision 0007.
"""

from django.db import migrations

from core.rls import holds, protect, sees

SEARCH = "audit.search_record"
BOUND = "coalesce(current_setting('waymark.actor', true), '') <> ''"
# While nobody has signed in: what happens at the door, and nothing else.
AT_THE_DOOR = "split_part(action, '.', 1) IN ('sign_in', 'factor', 'password', 'invitation', 'single_sign_on', 'session')"
LAG = """
DROP FUNCTION audit_seal_lag();
GRANT SELECT ON audit_seal, audit_sealed TO waymark_definer;
CREATE POLICY sealer_reads ON audit_event FOR SELECT TO waymark_sealer USING (true);
CREATE POLICY actor_bound ON audit_event AS RESTRICTIVE FOR SELECT TO waymark_web USING ((SELECT guard.is_bound()));
SET LOCAL ROLE waymark_definer;
GRANT USAGE ON SCHEMA guard TO waymark_sealer;
-- How long the oldest unsealed event has waited; NULL when none waits. Told to everybody, for it names nobody.
CREATE FUNCTION guard.seal_lag() RETURNS interval LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT clock_timestamp() - min(e.at) FROM public.audit_event e
   WHERE e.at > coalesce((SELECT max(at) FROM public.audit_seal) - interval '1 hour', '-infinity')
     AND NOT EXISTS (SELECT FROM public.audit_sealed s WHERE s.event_id = e.id)
$$;
GRANT EXECUTE ON FUNCTION guard.seal_lag() TO waymark_web, waymark_owner, waymark_sealer;
SET LOCAL ROLE waymark_owner;
"""
LAG_UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.seal_lag();
REVOKE USAGE ON SCHEMA guard FROM waymark_sealer;
SET LOCAL ROLE waymark_owner;
DROP POLICY actor_bound ON audit_event;
DROP POLICY sealer_reads ON audit_event;
REVOKE SELECT ON audit_seal, audit_sealed FROM waymark_definer;
CREATE FUNCTION audit_seal_lag() RETURNS interval LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
  SELECT clock_timestamp() - min(e.at) FROM audit_event e
   WHERE e.at > coalesce((SELECT max(at) FROM audit_seal) - interval '1 hour', '-infinity')
     AND NOT EXISTS (SELECT FROM audit_sealed s WHERE s.event_id = e.id)
$$;
REVOKE ALL ON FUNCTION audit_seal_lag() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_seal_lag() TO waymark_web, waymark_sealer;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_policies"), ("audit", "0006_stamped_by_guard"), ("groups", "0002_sight")]
    operations = [
        protect(
            "audit_event",
            select=f"actor_id = (SELECT guard.uid()) OR (school_id = (SELECT guard.school())"
            f" AND ((student_id IS NULL AND {holds(SEARCH)}) OR {sees(SEARCH)}))",
            insert=f"({BOUND}) OR {AT_THE_DOOR}",
            needs_actor=False,
        ),
        migrations.RunSQL(LAG, LAG_UNDO),
    ]
