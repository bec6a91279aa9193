-- For a server that runs the tests, never for a school's: after roles.sql, as an administrator.
-- waymark_test may become each of the others: the owner to make test databases, the web role to run the tests.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

SELECT 'CREATE ROLE waymark_test'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'waymark_test') \gexec
ALTER ROLE waymark_test LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS;
GRANT waymark_owner, waymark_definer, waymark_web, waymark_worker, waymark_sealer, waymark_backup TO waymark_test;
ALTER ROLE waymark_owner CREATEDB;
\getenv test_password TEST_PASSWORD
\if :{?test_password}
ALTER ROLE waymark_test PASSWORD :'test_password';
\endif

-- Test databases are copies of template1, so it gets the rights that roles.sql gives in `waymark`.
\connect template1
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
