"""Row-level security in migrations: one call says who may see and change the rows of a table.

Conditions are SQL over the row; functions of the schema `guard` stand in them as `(SELECT guard.f())`, so that
PostgreSQL asks once per statement and not once per row. `manage.py check --database default` refuses anything else.
"""

import re

from django.db import migrations


def sees(permission: str, student: str = "student_id") -> str:
    """Condition: the actor holds this permission for the student of the row."""
    all_of_them = f"(SELECT guard.sees_all('{permission}'))"
    return f"({all_of_them} OR {student} IN (SELECT guard.students_seen('{permission}')))"


def sees_group(permission: str) -> str:
    """Condition: the actor holds this permission for a student who is in the group of the row today."""
    return f"group_id IN (SELECT guard.groups_seen('{permission}'))"


def holds(permission: str) -> str:
    """Condition: the actor holds this permission for somebody."""
    return f"(SELECT guard.holds('{permission}'))"


def is_system(name: str) -> str:
    """Condition: one of our own jobs acts."""
    return f"(SELECT guard.system_name()) = '{name}'"


def protect(
    table: str, *, select: str, insert: str = "", update: str = "", delete: str = "", needs_actor: bool = True
) -> migrations.RunSQL:
    """Force row-level security on a table; what has no condition is taken from the web role altogether.

    `needs_actor=False` is for tables that are read before anybody has signed in: their rows are open, writing is not.
    A condition that begins with `sees` refuses by itself where nobody acts; any other gets a policy that does.
    """
    needs_actor = needs_actor and not select.startswith("((SELECT guard.sees_all(")
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        # Migrations and the checks of foreign keys; the functions that policies ask.
        f"CREATE POLICY owner_all ON {table} TO waymark_owner USING (true) WITH CHECK (true)",
        f"CREATE POLICY definer_reads ON {table} FOR SELECT TO waymark_definer USING (true)",
        f"GRANT SELECT ON {table} TO waymark_definer",
    ]
    if needs_actor:
        statements.append(
            f"CREATE POLICY actor_bound ON {table} AS RESTRICTIVE TO waymark_web USING ((SELECT guard.is_bound()))"
        )
    conditions = {"SELECT": select, "INSERT": insert, "UPDATE": update, "DELETE": delete}
    for command, condition in conditions.items():
        if not condition:
            statements.append(f"REVOKE {command} ON {table} FROM waymark_web")
            continue
        kept = f"WITH CHECK ({condition})" if command == "INSERT" else f"USING ({condition})"
        kept += f" WITH CHECK ({condition})" if command == "UPDATE" else ""
        statements.append(f"CREATE POLICY may_{command.lower()} ON {table} FOR {command} TO waymark_web {kept}")
    return migrations.RunSQL(";\n".join(statements), ";\n".join(_undo(table, conditions, needs_actor)))


def _undo(table: str, conditions: dict[str, str], needs_actor: bool) -> list[str]:
    names = ["owner_all", "definer_reads", *(["actor_bound"] if needs_actor else [])]
    names += [f"may_{command.lower()}" for command, condition in conditions.items() if condition]
    return [
        *(f"DROP POLICY {name} ON {table}" for name in names),
        f"REVOKE SELECT ON {table} FROM waymark_definer",  # noqa: S608 (a table's name from a migration)
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO waymark_web",
    ]


def settled(table: str, *columns: str, job: str = "") -> migrations.RunSQL:
    """What a row is about is said when it is made: the web role never changes these columns; `job`, if named, may.

    A policy cannot say it: what a row was before is not to be seen where the row it becomes is checked.
    """
    same = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    name = f"{'written_by_' + job if job else 'settled'}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW"
        f" WHEN ({same}) EXECUTE FUNCTION guard.settled('{job}')",
        f"DROP TRIGGER {name} ON {table}",
    )


def belongs_to_school(table: str) -> migrations.RunSQL:
    """Of no student in particular: everybody reads it, whoever brings in or settles a school's data writes theirs."""
    may = f"({holds('exchange.import_data')} OR {holds('accounts.change_school')})"
    ours = f"school_id = (SELECT guard.school()) AND {may}"
    return protect(table, select="true", insert=ours, update=ours, delete=ours, needs_actor=False)


def read_only(*tables: str) -> migrations.RunSQL:
    """Takes all writing from the web role."""
    names = ", ".join(tables)
    return migrations.RunSQL(
        f"REVOKE INSERT, UPDATE, DELETE ON {names} FROM waymark_web",
        f"GRANT INSERT, UPDATE, DELETE ON {names} TO waymark_web",
    )


def as_before(statements: str, function: str) -> str:
    """To undo a change of a function of `guard`: the statement that makes it again as an earlier migration wrote it."""
    [made] = re.findall(rf"CREATE (FUNCTION guard\.{function}\(.*?\$\$;)", statements, re.DOTALL)
    return f"CREATE OR REPLACE {made}"
