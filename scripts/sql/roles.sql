-- The roles and the database, made once by an administrator; running it again changes nothing.
--   psql --username=postgres --file=scripts/sql/roles.sql
--
--   waymark_owner    owns the tables; nobody signs in as it
--   waymark_definer  owns the few functions that policies ask, and nothing else; nobody signs in as it
--   waymark_migrate  changes tables, as the owner (manage.py migrate)
--   waymark_web      reads and writes rows, bound by the policies of every table about students
--   waymark_worker   the same for background jobs, with an identity of its own
--   waymark_sealer   reads the audit record and writes its seals, nothing else
--   waymark_backup   reads everything, past the policies, and changes nothing
--
-- Passwords come from the environment (MIGRATE_PASSWORD, WEB_PASSWORD, WORKER_PASSWORD, SEALER_PASSWORD,
-- BACKUP_PASSWORD) and stay as they are where those are not set.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['waymark_owner', 'waymark_definer', 'waymark_migrate', 'waymark_web', 'waymark_worker',
                    'waymark_sealer', 'waymark_backup']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE waymark_owner NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE;
ALTER ROLE waymark_definer NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
ALTER ROLE waymark_migrate LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
ALTER ROLE waymark_web LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
ALTER ROLE waymark_worker LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
ALTER ROLE waymark_sealer LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
ALTER ROLE waymark_backup LOGIN NOSUPERUSER BYPASSRLS NOCREATEROLE NOCREATEDB;
GRANT waymark_owner, waymark_definer TO waymark_migrate;
-- Whatever a migration makes belongs to the owner.
ALTER ROLE waymark_migrate SET role = 'waymark_owner';
GRANT waymark_web TO waymark_worker;
GRANT pg_read_all_data TO waymark_backup;

-- Nobody holds up the others for long; imports and large files ask for more time (core/patience.py).
ALTER ROLE waymark_web SET statement_timeout = '15s';
ALTER ROLE waymark_worker SET statement_timeout = '60s';
ALTER ROLE waymark_sealer SET statement_timeout = '60s';
ALTER ROLE waymark_web SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE waymark_worker SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE waymark_sealer SET idle_in_transaction_session_timeout = '30s';
-- What is written about a child must not end in the server's log: no parameters, no failing statement, no failing row.
SELECT format('ALTER ROLE %I SET %s', name, setting)
  FROM unnest(ARRAY['waymark_web', 'waymark_worker', 'waymark_migrate']) AS name,
       unnest(ARRAY['log_parameter_max_length = 0', 'log_parameter_max_length_on_error = 0',
                    'log_min_error_statement = ''panic''', 'log_error_verbosity = ''terse''']) AS setting \gexec

\getenv migrate_password MIGRATE_PASSWORD
\if :{?migrate_password}
ALTER ROLE waymark_migrate PASSWORD :'migrate_password';
\endif
\getenv web_password WEB_PASSWORD
\if :{?web_password}
ALTER ROLE waymark_web PASSWORD :'web_password';
\endif
\getenv worker_password WORKER_PASSWORD
\if :{?worker_password}
ALTER ROLE waymark_worker PASSWORD :'worker_password';
\endif
\getenv sealer_password SEALER_PASSWORD
\if :{?sealer_password}
ALTER ROLE waymark_sealer PASSWORD :'sealer_password';
\endif
\getenv backup_password BACKUP_PASSWORD
\if :{?backup_password}
ALTER ROLE waymark_backup PASSWORD :'backup_password';
\endif

SELECT 'CREATE DATABASE waymark'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'waymark') \gexec
ALTER DATABASE waymark OWNER TO waymark_owner;
-- No temporary tables either: with them comes the right to make functions, and with those the tricks that leak rows.
REVOKE ALL ON DATABASE waymark FROM PUBLIC, waymark_web;
GRANT CONNECT ON DATABASE waymark TO waymark_migrate, waymark_web, waymark_worker, waymark_sealer, waymark_backup;

\connect waymark
SET client_min_messages = warning;
-- What a colleague's statement says, parameters included, is seen by whoever has the same role: everybody here.
REVOKE EXECUTE ON FUNCTION pg_stat_get_activity(integer), pg_stat_get_backend_activity(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_stat_get_activity(integer), pg_stat_get_backend_activity(integer) TO pg_monitor;
ALTER SCHEMA public OWNER TO waymark_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO waymark_definer, waymark_web, waymark_sealer;
-- Rows may be read and changed, never truncated, referenced or given triggers; policies say which rows.
ALTER DEFAULT PRIVILEGES FOR ROLE waymark_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO waymark_web;
ALTER DEFAULT PRIVILEGES FOR ROLE waymark_owner IN SCHEMA public
  GRANT USAGE ON SEQUENCES TO waymark_web;
