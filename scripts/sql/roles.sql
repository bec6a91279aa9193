-- The roles and the database, made once by an administrator; running it again changes nothing.
--   psql --username=postgres --file=scripts/sql/roles.sql
-- waymark_owner owns the tables and changes them (migrations); waymark_web reads and writes rows and can do no more.
-- Passwords come from the environment (OWNER_PASSWORD, WEB_PASSWORD) and stay as they are where those are not set.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['waymark_owner', 'waymark_web']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE waymark_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE;
ALTER ROLE waymark_web LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;

\getenv owner_password OWNER_PASSWORD
\if :{?owner_password}
ALTER ROLE waymark_owner PASSWORD :'owner_password';
\endif
\getenv web_password WEB_PASSWORD
\if :{?web_password}
ALTER ROLE waymark_web PASSWORD :'web_password';
\endif

SELECT 'CREATE DATABASE waymark'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'waymark') \gexec
ALTER DATABASE waymark OWNER TO waymark_owner;
REVOKE ALL ON DATABASE waymark FROM PUBLIC;
-- Imports copy their rows into a temporary table first.
GRANT CONNECT, TEMPORARY ON DATABASE waymark TO waymark_web;

\connect waymark
SET client_min_messages = warning;
ALTER SCHEMA public OWNER TO waymark_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO waymark_web;
-- What the owner makes later: rows may be read and changed, never truncated, referenced or given triggers.
ALTER DEFAULT PRIVILEGES FOR ROLE waymark_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO waymark_web;
ALTER DEFAULT PRIVILEGES FOR ROLE waymark_owner IN SCHEMA public
  GRANT USAGE ON SEQUENCES TO waymark_web;
