"""`manage.py check --database default`: reads PostgreSQL's catalogue and refuses a database that would leak.

Runs in the tests and at the end of every start-up, because a policy that is missing looks like one that works.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from accounts.guard import permission_rows, scope_rows
from core.acting import acting_as_system

# A table is about students when it names one, or a row of a table that does.
_ABOUT_STUDENTS = """
WITH RECURSIVE about AS (
  SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
     AND (a.attname = 'student_id' OR c.relname = 'students_student')
  UNION
  SELECT f.conrelid FROM pg_constraint f JOIN about ON f.confrelid = about.oid WHERE f.contype = 'f')
"""
# Each query returns what is wrong: one text a row. The sentence says what to do.
_QUERIES = {
    "has no forced row-level security; add core.rls.protect to a migration": """
        {about} SELECT relname FROM pg_class JOIN about USING (oid)
         WHERE NOT (relrowsecurity AND relforcerowsecurity)""",
    "has row-level security that is not forced": """
        SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity""",
    "may be used by the web role but has no policy that says for which rows": """
        SELECT c.relname || ' ' || command FROM pg_class c
          CROSS JOIN (VALUES ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) AS v (command, letter)
         WHERE c.relrowsecurity AND has_table_privilege('waymark_web', c.oid, command)
           AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive
                              AND p.polcmd IN (v.letter::"char", '*') AND 'waymark_web'::regrole = ANY(p.polroles))""",
    "answers without an actor; add the restrictive policy of core.rls.protect": r"""
        {about} SELECT c.relname FROM pg_class c JOIN about USING (oid)
         WHERE c.relrowsecurity AND has_table_privilege('waymark_web', c.oid, 'SELECT')
           AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive
                              AND pg_get_expr(p.polqual, p.polrelid) LIKE '%guard.is_bound()%')
           AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd = 'r'
                          AND 'waymark_web'::regrole = ANY(p.polroles)
                          AND pg_get_expr(p.polqual, p.polrelid) NOT LIKE '(( SELECT guard.sees\_all(%')""",
    "is a policy for everybody; name the roles": """
        SELECT polrelid::regclass || '.' || polname FROM pg_policy WHERE polroles = '{0}'""",
    "calls a function of guard for every row; write (SELECT guard.f())": r"""
        SELECT polrelid::regclass || '.' || polname FROM pg_policy
         WHERE regexp_replace(coalesce(pg_get_expr(polqual, polrelid), '') || coalesce(
                 pg_get_expr(polwithcheck, polrelid), ''), '\( SELECT guard\.', '', 'g') LIKE '%guard.%'""",
    "is a view that shows rows past the policies; make it WITH (security_invoker = true)": """
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
           AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)""",
    "is a materialised view: it keeps a copy of rows past the policies": """
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'm'""",
    "runs with its owner's rights and does not pin search_path": """
        SELECT oid::regprocedure FROM pg_proc WHERE prosecdef AND pronamespace <> 'pg_catalog'::regnamespace
           AND NOT EXISTS (SELECT FROM unnest(proconfig) AS s WHERE s LIKE 'search_path=%')""",
    "runs with its owner's rights, and the owner is not waymark_definer": """
        SELECT oid::regprocedure FROM pg_proc WHERE prosecdef AND pronamespace <> 'pg_catalog'::regnamespace
           AND proowner <> 'waymark_definer'::regrole""",
    "is a function of guard that everybody may call": """
        SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'guard'::regnamespace
           AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))""",
    "is a role of the running service that may too much": """
        SELECT rolname FROM pg_roles WHERE rolname IN ('waymark_web', 'waymark_worker', 'waymark_sealer')
           AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb
                OR pg_has_role(oid, 'waymark_owner', 'MEMBER') OR pg_has_role(oid, 'waymark_definer', 'MEMBER')
                OR has_database_privilege(oid, current_database(), 'TEMP')
                OR has_schema_privilege(oid, 'public', 'CREATE'))""",
    "belongs to a role of the running service": """
        SELECT relname FROM pg_class
         WHERE pg_get_userbyid(relowner) IN ('waymark_web', 'waymark_worker', 'waymark_sealer')""",
    "may be truncated, referenced or given triggers by the running service": """
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
           AND (has_table_privilege('waymark_web', oid, 'TRUNCATE, REFERENCES, TRIGGER')
                OR has_table_privilege('waymark_sealer', oid, 'TRUNCATE, REFERENCES, TRIGGER'))""",
    # It may say no to somebody who sees all (decision 0006): then the other answers.
    "asks guard.sees_all without guard.students_seen beside it; write core.rls.sees": r"""
        SELECT polrelid::regclass || '.' || polname FROM pg_policy
         WHERE regexp_replace(coalesce(pg_get_expr(polqual, polrelid), '') || coalesce(
                 pg_get_expr(polwithcheck, polrelid), ''),
                 'guard\.sees_all(\([^)]*\)) AS sees_all\) OR \([\w.]+ IN \( SELECT guard\.students_seen\1', '', 'g')
               LIKE '%guard.sees\_all%'""",
}


@acting_as_system("check")
def check_lock(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Everything that would make the database show more than it should."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        if alias == "default":
            found += [*_of_the_catalogue(alias), *_of_the_guard(alias)]
    return found


def _rows(alias: str, sql: str) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _of_the_catalogue(alias: str) -> Iterable[CheckMessage]:
    for number, (complaint, sql) in enumerate(_QUERIES.items(), start=1):
        for (name,) in _rows(alias, sql.replace("{about}", _ABOUT_STUDENTS)):
            yield Error(f"{name} {complaint}.", id=f"lock.E{number:03}")


def _of_the_guard(alias: str) -> Iterable[CheckMessage]:
    """What `migrate` copies into the database: the permission table and the key."""
    told = {
        "permissions": (set(_rows(alias, "SELECT role, permission FROM guard.role_permission")), permission_rows()),
        "scopes": (set(_rows(alias, "SELECT role, scope FROM guard.role_scope")), scope_rows()),
    }
    for what, (there, here) in told.items():
        if there != here:
            yield Error(f"The {what} in the database differ from accounts.permissions; run migrate.", id="lock.E100")
    if _rows(alias, "SELECT guard.system_name()") != [("check",)]:
        yield Error("The database does not know this installation's actor key; run migrate.", id="lock.E101")
