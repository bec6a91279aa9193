"""Who acts and in which request, asked once: checking the token's signature is what a stamp costs."""

from django.db import migrations

CREATE = """
CREATE FUNCTION audit_who(OUT person uuid, OUT request uuid) LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  claims record;
BEGIN
  -- Nobody is bound while somebody signs in, and in migrations.
  IF coalesce(current_setting('waymark.actor', true), '') = '' THEN RETURN; END IF;
  SELECT * INTO claims FROM guard.actor();
  request := claims.request;
  IF claims.name NOT LIKE 'system:%' THEN
    person := claims.name::uuid;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  claims record;
BEGIN
  NEW.at := clock_timestamp();
  NEW.xid := pg_current_xact_id();
  IF coalesce(current_setting('waymark.actor', true), '') <> '' THEN
    SELECT * INTO claims FROM guard.actor();
    NEW.request_id := claims.request::text;
    IF claims.name LIKE 'system:%' THEN
      -- One of our own jobs: whom the program names is told beside it.
      IF NEW.actor_id IS NOT NULL THEN
        NEW.detail := NEW.detail || jsonb_build_object('asked_by', NEW.actor_id);
      END IF;
      NEW.actor_id := NULL;
      NEW.actor_name := 'system: ' || substr(claims.name, 8);
    ELSE
      NEW.actor_id := claims.name::uuid;
      NEW.school_id := coalesce(guard.school(), NEW.school_id);
      SELECT left(concat_ws(' ', u.first_name, u.last_name), 200) INTO NEW.actor_name
        FROM accounts_user u WHERE u.id = NEW.actor_id;
    END IF;
  END IF;
  NEW.hash := audit_event_hash(NEW);
  RETURN NEW;
END $$;
DROP FUNCTION audit_person();
"""
UNDO = """
DROP FUNCTION audit_who();
CREATE FUNCTION audit_person() RETURNS uuid LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') = '' THEN RETURN NULL; END IF;
  RETURN guard.uid();
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_stamped_by_guard")]
    operations = [migrations.RunSQL(CREATE, UNDO)]
