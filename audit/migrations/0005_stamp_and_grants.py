"""The database itself stamps each event (time, transaction, person, hash); nobody changes events, seals or anchors.

The hash is SHA-256 over the JSON text of all fields that are not NULL, so that a column added later leaves old hashes
as they are. `audit.sealing.SERIAL` holds the same expression: whoever verifies does not trust a function of the database.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION audit_person() RETURNS uuid LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Nobody is bound while somebody signs in, and in migrations.
  IF coalesce(current_setting('waymark.actor', true), '') = '' THEN RETURN NULL; END IF;
  RETURN guard.uid();
END $$;

CREATE FUNCTION audit_event_hash(e audit_event) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(jsonb_strip_nulls(jsonb_build_object(
    'id', e.id, 'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), 'xid', e.xid::text,
    'school', e.school_id, 'actor', e.actor_id, 'name', e.actor_name, 'action', e.action, 'type', e.object_type,
    'object', e.object_id, 'student', e.student_id, 'detail', e.detail::text, 'request', e.request_id,
    'address', host(e.address), 'agent', e.agent))::text, 'UTF8'))
$$;

CREATE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.at := clock_timestamp();
  NEW.xid := pg_current_xact_id();
  IF coalesce(current_setting('waymark.actor', true), '') <> '' THEN
    NEW.actor_id := guard.uid();
  END IF;
  NEW.hash := audit_event_hash(NEW);
  RETURN NEW;
END $$;

ALTER TABLE audit_event DISABLE TRIGGER audit_append_only;
UPDATE audit_event SET xid = pg_current_xact_id();
UPDATE audit_event e SET hash = audit_event_hash(e);
ALTER TABLE audit_event ENABLE TRIGGER audit_append_only;

CREATE TRIGGER audit_stamp BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_stamp();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_sealed
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchor
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

REVOKE UPDATE, DELETE ON audit_event FROM waymark_web;
REVOKE ALL ON audit_seal, audit_sealed, audit_anchor FROM waymark_web;
GRANT SELECT ON audit_seal, audit_anchor TO waymark_web;
GRANT SELECT ON audit_event, audit_seal, audit_sealed, audit_anchor TO waymark_sealer;
GRANT INSERT ON audit_seal, audit_sealed, audit_anchor TO waymark_sealer;

-- How long the oldest unsealed event has waited; NULL when none waits. Told to everybody, for it names nobody.
CREATE FUNCTION audit_seal_lag() RETURNS interval LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
  SELECT clock_timestamp() - min(e.at) FROM audit_event e
   WHERE e.at > coalesce((SELECT max(at) FROM audit_seal) - interval '1 hour', '-infinity')
     AND NOT EXISTS (SELECT FROM audit_sealed s WHERE s.event_id = e.id)
$$;
REVOKE ALL ON FUNCTION audit_seal_lag() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_seal_lag() TO waymark_web, waymark_sealer;
"""
DROP = """
DROP FUNCTION audit_seal_lag();
REVOKE ALL ON audit_event, audit_seal, audit_sealed, audit_anchor FROM waymark_sealer;
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_event, audit_seal, audit_sealed, audit_anchor TO waymark_web;
DROP TRIGGER audit_append_only ON audit_anchor;
DROP TRIGGER audit_append_only ON audit_sealed;
DROP TRIGGER audit_append_only ON audit_seal;
DROP TRIGGER audit_stamp ON audit_event;
DROP FUNCTION audit_stamp();
DROP FUNCTION audit_event_hash(audit_event);
DROP FUNCTION audit_person();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_event_indexes")]
    operations = [migrations.RunSQL(CREATE, DROP)]
