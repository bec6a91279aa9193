"""The questions of `bench policies` as a view without policies would put them: who sees what, written out each time.

The bars of the policies are against such views: without the lock, it is not that nobody filters, but that every view
must. Made from what the person is: the tutor of groups with a caseload, the head of a house, or one for everybody.
"""

# ruff: noqa: S608 (statements of the bench, on its own database)

from accounts.enums import Role

_IN_FORCE = "{0}.starts_on <= current_date AND ({0}.ends_on IS NULL OR {0}.ends_on >= current_date)"
_MINE = "accounts_membership m WHERE m.user_id = '{me}' AND m.role = '{role}' AND " + _IN_FORCE.format("m")
_OF_MY_GROUPS = (
    "SELECT g.student_id FROM groups_groupmembership g JOIN groups_tutorassignment t ON t.group_id = g.group_id"
    f" WHERE {_IN_FORCE.format('g')} AND {_IN_FORCE.format('t')} AND t.membership_id IN (SELECT m.id FROM {_MINE})"
)
_OF_MY_CASELOAD = (
    "SELECT c.student_id FROM groups_caseloadentry c"
    f" WHERE {_IN_FORCE.format('c')} AND c.membership_id IN (SELECT m.id FROM {_MINE})"
)
_OF_MY_HOUSE = f"SELECT s.id FROM students_student s WHERE s.house_id IN (SELECT m.house_id FROM {_MINE})"
_OF_MY_SCHOOL = f"SELECT s.id FROM students_student s WHERE s.school_id IN (SELECT m.school_id FROM {_MINE})"
_TEAM = {Role.TUTOR: _OF_MY_GROUPS, Role.HEAD_OF_HOUSE: _OF_MY_HOUSE, Role.DSL: _OF_MY_SCHOOL}
_TEACHES = _OF_MY_CASELOAD.replace("{role}", Role.SUBJECT_TEACHER)


def readable(me: str, role: Role) -> str:
    """Condition on a 1:1: this person, in this role and as a teacher, reads it (decision 0006)."""
    team, teaches = _TEAM[role].format(me=me, role=role), _TEACHES.format(me=me)
    named = f"SELECT tutorsession_id FROM tutor_sessions_tutorsession_named_staff WHERE user_id = '{me}'"
    return (
        f"(author_id = '{me}'"
        f" OR (confidentiality = 'teaching' AND (student_id IN ({team}) OR student_id IN ({teaches})))"
        f" OR (confidentiality = 'team' AND student_id IN ({team}))"
        f" OR (confidentiality = 'named' AND id IN ({named})))"
    )
