"""The schema `guard`: who acts, and what their roles may do, as PostgreSQL itself knows it. Decision 0006.

Everything in it belongs to waymark_definer. Nobody else reads the key; `migrate` puts it there (accounts.guard).
"""

from django.db import migrations

SCHEMA = """
DO $$ BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO waymark_migrate, waymark_web, waymark_worker, waymark_sealer,
                  waymark_backup', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO waymark_definer', current_database());
END $$;
GRANT SELECT ON accounts_school, accounts_user, accounts_membership TO waymark_definer;
SET LOCAL ROLE waymark_definer;
CREATE SCHEMA guard;
GRANT USAGE ON SCHEMA guard TO waymark_owner, waymark_web;
-- For all it makes from now on: PostgreSQL cannot take this from PUBLIC for one schema alone.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- HMAC's two pads (RFC 2104) rather than the key: checking a token is then two calls of sha256(). Two keys while rotating.
CREATE TABLE guard.actor_key (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, inner_pad bytea UNIQUE, outer_pad bytea,
  added_at timestamptz DEFAULT now());
-- accounts.permissions and the scopes of accounts.enums, copied here by `migrate`.
CREATE TABLE guard.role_permission (role text, permission text, PRIMARY KEY (permission, role));
CREATE TABLE guard.role_scope (role text PRIMARY KEY, scope text
  CHECK (scope IN ('assigned', 'house', 'year', 'school')));

CREATE TYPE guard.claims AS (name text, elevated boolean, on_day date, request uuid);
"""

FUNCTIONS = """
SET LOCAL ROLE waymark_definer;

-- Signed with the newest key.
CREATE FUNCTION guard.mac(message text) RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(message, 'UTF8'))), 'hex')
          FROM guard.actor_key k ORDER BY k.id DESC LIMIT 1 $$;

-- Below, doors are SECURITY DEFINER and pin their search_path; what they call inside inherits both, which is quicker.

CREATE FUNCTION guard.refuse(why text) RETURNS void LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION '%', why USING ERRCODE = 'insufficient_privilege'; END $$;

-- The checked token: name|elevated|day|issued|request|mac.
CREATE FUNCTION guard.checked() RETURNS guard.claims LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  token text := current_setting('waymark.actor', true);
  part text[] := string_to_array(token, '|');
  message bytea := convert_to(left(token, -65), 'UTF8');
BEGIN
  IF coalesce(token, '') = '' THEN
    PERFORM guard.refuse('no actor is bound to this transaction');
  END IF;
  IF cardinality(part) <> 6 OR NOT EXISTS (
      SELECT FROM guard.actor_key k
       WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad || message)), 'hex') = part[6]) THEN
    PERFORM guard.refuse('the actor of this transaction is not signed by us');
  END IF;
  IF abs(extract(epoch FROM clock_timestamp()) - part[4]::double precision) > 3600 THEN
    PERFORM guard.refuse('the actor of this transaction was signed too long ago');
  END IF;
  RETURN (part[1], part[2] = 't', part[3]::date, part[5]::uuid)::guard.claims;
END $$;

-- The person, as long as their account is switched on; NULL for our own jobs.
CREATE FUNCTION guard.person(name text) RETURNS uuid LANGUAGE plpgsql STABLE
  AS $$
BEGIN
  IF name LIKE 'system:%' THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT u.id FROM public.accounts_user u WHERE u.id = name::uuid AND u.is_active);
END $$;

-- A policy that is nothing but this is asked at the first row; where there is none, core.postgresql refuses.
CREATE FUNCTION guard.is_bound() RETURNS boolean LANGUAGE plpgsql STABLE
  AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') = '' THEN
    PERFORM guard.refuse('no actor is bound to this transaction');
  END IF;
  RETURN true;
END $$;

-- The doors read `guard.known`, which comes with the students (groups 0002): person|school|system|elevated|request|…
CREATE FUNCTION guard.actor() RETURNS guard.claims LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN guard.checked(); END $$;

CREATE FUNCTION guard.uid() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN nullif(split_part(guard.known(), '|', 1), '')::uuid; END $$;

-- The school of a person who works there today; NULL otherwise.
CREATE FUNCTION guard.school() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN nullif(split_part(guard.known(), '|', 2), '')::uuid; END $$;

-- One of our own jobs; NULL for a person.
CREATE FUNCTION guard.system_name() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN nullif(split_part(guard.known(), '|', 3), ''); END $$;

CREATE FUNCTION guard.elevated() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN split_part(guard.known(), '|', 4)::boolean; END $$;

CREATE FUNCTION guard.request_id() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN nullif(split_part(guard.known(), '|', 5), '')::uuid; END $$;

CREATE FUNCTION guard.holds(wanted text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN strpos(guard.known(), ';' || wanted || '=') > 0; END $$;

-- What a person does at their school on that day: nothing for somebody switched off, or before and after their dates.
-- Groups and single students hang on `linked_by`: a deputy's are those of the one they stand in for.
CREATE FUNCTION guard.memberships(who uuid, on_day date)
  RETURNS TABLE (linked_by uuid, school_id uuid, role text, scope text, house_id uuid, year_group smallint)
  LANGUAGE sql STABLE
  AS $$ SELECT coalesce(m.stands_in_for_id, m.id), m.school_id, m.role, r.scope, m.house_id, m.year_group
          FROM public.accounts_user u
          JOIN public.accounts_membership m ON m.user_id = u.id AND m.school_id = u.school_id
          JOIN guard.role_scope r ON r.role = m.role
         WHERE u.id = who AND u.is_active AND m.starts_on <= on_day AND (m.ends_on IS NULL OR m.ends_on >= on_day) $$;

GRANT EXECUTE ON FUNCTION guard.refuse(text), guard.is_bound(), guard.actor(), guard.uid(), guard.system_name(), guard.elevated(),
  guard.request_id(), guard.school(), guard.holds(text) TO waymark_web, waymark_owner;
-- The owner may ask about anybody: migrations and tests do.
GRANT EXECUTE ON FUNCTION guard.memberships(uuid, date) TO waymark_owner;
GRANT SELECT ON guard.role_permission, guard.role_scope TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
DO $$ BEGIN
  EXECUTE format('REVOKE CREATE ON DATABASE %I FROM waymark_definer', current_database());
END $$;
"""

UNDO = """
SET LOCAL ROLE waymark_definer;
DROP SCHEMA guard CASCADE;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
SET LOCAL ROLE waymark_owner;
REVOKE SELECT ON accounts_school, accounts_user, accounts_membership FROM waymark_definer;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_membership_stands_in_for")]
    operations = [migrations.RunSQL(SCHEMA + FUNCTIONS, UNDO)]
