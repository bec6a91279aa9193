"""Who may do what: the one table role → permissions, asked everywhere through Django's has_perm.

A permission says what; which students it reaches is `students_visible_to(user, permission)` in tutoring.groups.
"""

from enum import StrEnum

import rules
from django.contrib.auth.models import AnonymousUser

from accounts.enums import Role
from accounts.models import User


class Permission(StrEnum):
    """Every permission there is; the value is the name that has_perm and templates use."""

    USE_WAYMARK = "accounts.use_waymark"
    FIND_STUDENT = "students.find_student"
    VIEW_STUDENT = "students.view_student"
    VIEW_FAMILY = "students.view_family"
    VIEW_SUPPORT = "students.view_support"
    VIEW_ATTENDANCE = "attendance.view_attendance"
    VIEW_PROGRESS = "progress.view_progress"
    VIEW_SESSION = "tutor_sessions.view_session"
    VIEW_TEAM_SESSION = "tutor_sessions.view_team_session"
    LOG_SESSION = "tutor_sessions.log_session"
    WRITE_COMMENT = "progress.write_comment"
    VIEW_DASHBOARD = "reports.view_dashboard"
    VIEW_NEEDS = "reports.view_needs"
    EXPORT_STUDENTS = "reports.export_students"
    VIEW_REPORT = "reports.view_report"
    RUN_REPORTS = "reports.run_reports"
    IMPORT_DATA = "exchange.import_data"
    CHANGE_SCHOOL = "accounts.change_school"


R, P = Role, Permission
_TUTORS = {R.TUTOR, R.ONE_TO_ONE_TUTOR}
_HEADS = {R.HEAD_OF_HOUSE, R.DEPUTY_HEAD_OF_HOUSE, R.HEAD_OF_YEAR}
_SAFEGUARDING = {R.DSL, R.DEPUTY_DSL}
_LEADERS = {R.HEADTEACHER, R.SENIOR_LEADER}
_PASTORAL = _TUTORS | _HEADS | _SAFEGUARDING | _LEADERS | {R.SENCO}
_OFFICE = {R.DATA_MANAGER, R.ATTENDANCE_OFFICER}
_TEACHERS = {R.SUBJECT_TEACHER}
_ALL = set(Role)

ROLES_WITH: dict[Permission, set[Role]] = {
    P.USE_WAYMARK:       _ALL,
    P.FIND_STUDENT:      _ALL,
    P.VIEW_STUDENT:      _ALL,
    P.VIEW_FAMILY:       _PASTORAL | _OFFICE,
    P.VIEW_SUPPORT:      _PASTORAL | _TEACHERS | {R.DATA_MANAGER},
    P.VIEW_ATTENDANCE:   _PASTORAL | _OFFICE | _TEACHERS,
    P.VIEW_PROGRESS:     _PASTORAL | _TEACHERS | {R.DATA_MANAGER},
    P.VIEW_SESSION:      _PASTORAL | _TEACHERS,
    P.VIEW_TEAM_SESSION: _PASTORAL,
    P.LOG_SESSION:       _PASTORAL | _TEACHERS | {R.CONTRIBUTOR, R.ATTENDANCE_OFFICER},
    P.WRITE_COMMENT:     _TUTORS | _HEADS,
    P.VIEW_DASHBOARD:    _HEADS | _SAFEGUARDING | _LEADERS | {R.SENCO},
    P.VIEW_NEEDS:        {R.SENCO} | _LEADERS,
    P.EXPORT_STUDENTS:   {R.SENCO, R.DATA_MANAGER} | _LEADERS,
    P.VIEW_REPORT:       _PASTORAL | {R.DATA_MANAGER},
    P.RUN_REPORTS:       _HEADS | _LEADERS | {R.DATA_MANAGER, R.SENCO},
    P.IMPORT_DATA:       {R.DATA_MANAGER},
    P.CHANGE_SCHOOL:     {R.DATA_MANAGER, R.HEADTEACHER},
}  # fmt: skip


def permissions_of(roles: set[Role]) -> frozenset[Permission]:
    """All that a person holding these roles may do."""
    return frozenset(p for p, holders in ROLES_WITH.items() if holders & roles)


def roles_with(permission: Permission) -> set[Role]:
    """The roles that carry this permission."""
    return ROLES_WITH[permission]


def register_rules() -> None:
    """Make has_perm answer from the table above; called once when the app is ready."""
    for permission in Permission:
        if not rules.perm_exists(permission.value):
            rules.add_perm(permission.value, _held_by_user(permission))


def _held_by_user(permission: Permission) -> rules.Predicate:
    @rules.predicate(f"holds {permission.value}")
    def holds(user: User | AnonymousUser) -> bool:
        return user.is_authenticated and bool(roles_with(permission) & user.roles)

    return holds
