"""The tables as a school without policies would ask them: views that filter for themselves, for one person each.

The bars of the policies are against such views: without the lock it is not that nobody filters, but that every view
must. Each is made from the table's own policy by writing out what its functions answer for this person: whom the roles
they hold reach, and who they are. A page's statements are then put to these views, as their owner.
"""

# ruff: noqa: S608 (statements of the bench, on its own database)

import re
from typing import Any

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, Role
from accounts.permissions import ROLES_WITH, Permission

POLICIES = """
SELECT tablename, string_agg('(' || qual || ')', ' AND ') FROM pg_policies
 WHERE schemaname = 'public' AND 'waymark_web' = ANY (roles) AND cmd IN ('SELECT', 'ALL')
 GROUP BY tablename HAVING string_agg(qual, ' ') ~ 'guard[.](students|groups)_seen' ORDER BY 1
"""
_IN_FORCE = "{0}.starts_on <= current_date AND ({0}.ends_on IS NULL OR {0}.ends_on >= current_date)"
_MINE = "public.accounts_membership m WHERE m.user_id = '{me}' AND m.role = '{role}' AND " + _IN_FORCE.format("m")
_ASSIGNED = (
    "SELECT g.student_id FROM public.groups_groupmembership g"
    " JOIN public.groups_tutorassignment t ON t.group_id = g.group_id"
    f" WHERE {_IN_FORCE.format('g')} AND {_IN_FORCE.format('t')} AND t.membership_id IN (SELECT m.id FROM {_MINE})"
    " UNION SELECT c.student_id FROM public.groups_caseloadentry c"
    f" WHERE {_IN_FORCE.format('c')} AND c.membership_id IN (SELECT m.id FROM {_MINE})"
)
_OF_MY_HOUSE = f"SELECT s.id FROM public.students_student s WHERE s.house_id IN (SELECT m.house_id FROM {_MINE})"
_OF_MY_SCHOOL = f"SELECT s.id FROM public.students_student s WHERE s.school_id IN (SELECT m.school_id FROM {_MINE})"
_NAMING_ME = "SELECT tutorsession_id FROM public.tutor_sessions_tutorsession_named_staff WHERE user_id = '{me}'"
_SEES_ALL = re.compile(r"\(\s*SELECT guard\.sees_all\('([\w.]+)'(?:::text)?\)(?: AS \w+)?\)")
_SEEN = re.compile(r"([\w.\"]+) IN \(\s*SELECT guard\.students_seen\('([\w.]+)'(?:::text)?\)(?: AS \w+)?\)")
_GROUPS_SEEN = re.compile(r"([\w.\"]+) IN \(\s*SELECT guard\.groups_seen\('([\w.]+)'(?:::text)?\)(?: AS \w+)?\)")
_UID = re.compile(r"\(\s*SELECT guard\.uid\(\)(?: AS \w+)?\)")
_NAMED = re.compile(r"\(\s*SELECT guard\.sessions_naming_me\(\)(?: AS \w+)?\)")
_BOUND = re.compile(r"\(\s*SELECT guard\.is_bound\(\)(?: AS \w+)?\)")


class ByHand:
    """The filters of one person, and a schema of views that apply them: whom they reach is looked up once a request, by
    `lookup`, and each filter asks a table that holds what it found, as though putting it there cost nothing.
    """

    def __init__(self, user: Any, schema: str) -> None:
        self.me, self.schema = str(user.pk), schema
        self.roles = {Role(m.role) for m in user.current_memberships}
        self.whole = {role for role in self.roles if role not in ASSIGNED_ROLES | HOUSE_ROLES}
        narrow = sorted(self.roles - self.whole)  # whoever sees everybody looks nobody up
        self.lookup = [" UNION ".join(self._reached_as(role) for role in narrow)] if narrow else []

    def make(self, cursor: Any) -> None:
        """The views; those whose conditions ask other tables ask the views of these, so all are made twice."""
        cursor.execute(f"CREATE SCHEMA {self.schema}")
        columns = "role text, student_id uuid, PRIMARY KEY (role, student_id)"
        cursor.execute(f"CREATE TABLE {self.schema}.reached ({columns})")
        for role in self.roles:
            cursor.execute(f"INSERT INTO {self.schema}.reached SELECT '{role}', * FROM ({self._reached_as(role)}) AS r")
        cursor.execute(f"ANALYZE {self.schema}.reached")
        cursor.execute(f"SET search_path = {self.schema}, public")
        cursor.execute(POLICIES)
        tables = cursor.fetchall()
        for _ in range(2):
            for table, condition in tables:
                body = f"SELECT * FROM public.{table} AS {table} WHERE {self.written_out(condition)}"
                cursor.execute(f"CREATE OR REPLACE VIEW {self.schema}.{table} AS {body}")
        cursor.execute("RESET search_path")

    def written_out(self, text: str) -> str:
        """A condition or a statement, with what the functions of the guard would answer in their place."""
        text = _SEES_ALL.sub(lambda found: str(bool(self._held(found[1]) & self.whole)), text)
        text = _SEEN.sub(lambda found: f"{found[1]} IN ({self._reached(found[2])})", text)
        text = _GROUPS_SEEN.sub(lambda found: f"{found[1]} IN ({self._groups_of(found[2])})", text)
        text = _NAMED.sub(f"({_NAMING_ME.format(me=self.me)})", text)
        return _BOUND.sub("true", _UID.sub(f"'{self.me}'", text))

    def _held(self, permission: str) -> set[Role]:
        return self.roles & ROLES_WITH[next(p for p in Permission if p == permission)]

    def _reached(self, permission: str) -> str:
        roles = ", ".join(f"'{role}'" for role in sorted(self._held(permission))) or "NULL"
        return f"SELECT student_id FROM {self.schema}.reached WHERE role IN ({roles})"

    def _groups_of(self, permission: str) -> str:
        """As a view would ask that filters for itself: by the places of those reached."""
        return (
            "SELECT m.group_id FROM groups_groupmembership m"
            f" WHERE m.student_id IN ({self._reached(permission)}) AND {_IN_FORCE.format('m')}"
        )

    def _reached_as(self, role: Role) -> str:
        reach = _ASSIGNED if role in ASSIGNED_ROLES else _OF_MY_HOUSE if role in HOUSE_ROLES else _OF_MY_SCHOOL
        return reach.format(me=self.me, role=role)
