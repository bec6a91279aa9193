"""Who may do what: the one table role → permissions, asked everywhere through Django's has_perm.

A permission says what; which students it reaches is `students_visible_to(user, permission)` in tutoring.groups.
"""

from enum import StrEnum

import rules
from django.contrib.auth.models import AnonymousUser

from accounts.enums import Role
from accounts.models import User


class Permission(StrEnum):
    """Every permission there is: the name that has_perm and templates use, and what it lets a person do."""

    description: str

    USE_WAYMARK = "accounts.use_waymark", "sign in and use the pages that show no student"
    FIND_STUDENT = "students.find_student", "find a student by name"
    VIEW_STUDENT = "students.view_student", "open a student’s page: name, group and who has it"
    VIEW_FAMILY = "students.view_family", "see who is at home and how to reach them"
    VIEW_SUPPORT = "students.view_support", "see special educational needs and what helps"
    VIEW_ATTENDANCE = "attendance.view_attendance", "see a student’s attendance, lateness and marks"
    TAKE_REGISTER = "attendance.take_register", "take and correct the register of a group, and see who has none yet"
    VIEW_PROGRESS = "progress.view_progress", "see grades, effort, rewards and sanctions"
    VIEW_SESSION = "tutor_sessions.view_session", "read 1:1s that are open to all who teach the student"
    VIEW_TEAM_SESSION = (
        "tutor_sessions.view_team_session",
        "read 1:1s that are open to those who look after the student, and the house",
    )
    LOG_SESSION = "tutor_sessions.log_session", "log a 1:1 or a meeting; who sees the family, calls and visits too"
    PRAISE_HOME = "tutor_sessions.praise_home", "send the family a message of praise"
    SEND_URGENT = (
        "tutor_sessions.send_urgent",
        "send the family a message that does not wait: in quiet hours too, and not with the weekly mail",
    )
    PLAN_VISIT = "visits.plan_visit", "plan a visit at a student’s home, with the timer of whoever goes"
    ASK_TEACHERS = "roundrobin.ask_teachers", "ask all who teach a student, and read what they answer"
    VIEW_STRATEGY = "strategies.view_strategy", "see what helps a student, in short lines and in their own words"
    WRITE_STRATEGY = (
        "strategies.write_strategy",
        "write and put away what helps a student, and their own words with them",
    )
    KEEP_HANDLING = "strategies.keep_handling", "read a student’s whole handling plan, write it and note who agreed"
    KEEP_WATCH = "watch.keep_watch", "watch over students who are new or may leave, and say how it ended"
    VIEW_PLAN = "plans.view_plan", "read a student’s action plans"
    MAKE_PLAN = "plans.make_plan", "make, change, review and close a student’s action plan"
    RUN_INTERVENTION = (
        "interventions.run_intervention",
        "set up, change and evaluate an intervention for several students",
    )
    KEEP_INTERVENTIONS = "interventions.keep_interventions", "change and evaluate every intervention one may read"
    VIEW_HANDOVER = "handover.view_handover", "read what works for a student, handed on from year to year"
    WRITE_HANDOVER = "handover.write_handover", "write and hand over what works for a student"
    CHANGE_TUTOR = "groups.change_tutor", "change who has a group, from a day on"
    ARRANGE_COVER = "groups.arrange_cover", "say who stands in while one is away: for oneself, and for whom one leads"
    VIEW_WARNING = "followup.view_warning", "read the warnings a student was given"
    ISSUE_WARNING = "followup.issue_warning", "issue a warning, record what the student says to it, or an appeal"
    DECIDE_APPEAL = "followup.decide_appeal", "decide on an appeal against a warning that somebody else issued"
    SHARE_PLANS = "plans.share_plans", "change and put away model plans that others have shared"
    VIEW_TUTORIAL = "tutorials.view_tutorial", "read what a group’s tutorials covered, and who was there"
    RUN_TUTORIAL = "tutorials.run_tutorial", "set up a group’s weekly tutorial and write its meetings up"
    KEEP_PROGRAMME = "tutorials.keep_programme", "keep the school’s tutorial programme, week by week"
    KEEP_EVENTS = "events.keep_events", "add and change the school’s events, and write what came of each"
    ENTER_CONDUCT = "conduct.enter_conduct", "enter rewards and sanctions for students one teaches or looks after"
    CHECK_PLANNERS = "conduct.check_planners", "check a group’s planners, and see how they have been"
    KEEP_HOUSE_TYPES = (
        "conduct.keep_house_types",
        "make, end and share the rewards and sanctions of the house one leads",
    )
    EXPORT_CONDUCT = "conduct.export_conduct", "take the totals of one’s students’ rewards and sanctions away"
    VIEW_ALERT = "followup.view_alert", "be alerted by a colleague about a student, and read such alerts"
    VIEW_REFERRAL = "referrals.view_referral", "read whom a student was referred to, and the directory of agencies"
    MAKE_REFERRAL = "referrals.make_referral", "refer a student to an agency or to somebody inside"
    EXEMPT_STUDENT = "tutor_sessions.exempt_student", "leave a student out of what each is promised, with the reason"
    WRITE_COMMENT = "progress.write_comment", "write the comment for a term’s report"
    VIEW_DASHBOARD = "reports.view_dashboard", "open the dashboard of a house, a year or the school"
    VIEW_GAPS = "reports.view_gaps", "see and take away the gaps between groups, of no fewer than ten students"
    VIEW_NEEDS = "reports.view_needs", "open the list of students with needs"
    EXPORT_STUDENTS = "reports.export_students", "take lists and single records away as XLSX, CSV or PDF"
    MAKE_PACK = "reports.make_pack", "put a pack about one student together for a meeting, of what one may read"
    VIEW_REPORT = "reports.view_report", "open termly reports that have been made"
    RUN_REPORTS = "reports.run_reports", "make a term’s reports for chosen groups"
    IMPORT_DATA = "exchange.import_data", "bring in the school’s exports"
    SEARCH_RECORD = "audit.search_record", "search the record of who did and opened what, and take it away"
    CHANGE_SCHOOL = "accounts.change_school", "change the school’s name, words, terms and closures"
    RAISE_CONCERN = "safeguarding.raise_concern", "raise a safeguarding concern, and see how far it has come"
    OPEN_FILE = (
        "safeguarding.open_file",
        "open the safeguarding desk, after proving who one is; what is on it, see below",
    )
    KEEP_FILE = "safeguarding.keep_file", "read and keep the safeguarding file of the children one reaches"
    KEEP_STAFF_FILE = "safeguarding.keep_staff_file", "read and keep concerns about adults who work here"
    KEEP_HEAD_FILE = "safeguarding.keep_head_file", "read and keep concerns about whoever leads the school"
    SET_RETENTION = "retention.set_retention", "say how long which records of the safeguarding file are kept"
    APPROVE_DESTRUCTION = (
        "retention.approve_destruction",
        "approve, as the second person, that a child’s safeguarding file is destroyed, or refuse it",
    )
    RECORD_INCIDENT = "restraint.record_incident", "record a use of force, seclusion or restraint, and read one’s own"
    KEEP_INCIDENTS = (
        "restraint.keep_incidents",
        "read the records of force, seclusion and restraint, and note the talks that follow",
    )
    REVIEW_INCIDENT = "restraint.review_incident", "review such a record, if one was not part of it"
    EXCUSE_REPORT = "restraint.excuse_report", "decide that parents are not told, as it would bring serious harm"
    SEE_INCIDENT_FIGURES = (
        "restraint.see_figures",
        "see and take away how often force, seclusion and restraint were used, by groups and without a name",
    )
    INVESTIGATE = (
        "investigations.investigate",
        "open and read investigations of bullying and other behaviour about students one reaches",
    )
    MANAGE_STAFF = "accounts.manage_staff", "invite staff, sign them out, switch their accounts off and on"

    def __new__(cls, value: str, description: str) -> "Permission":
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member


R, P = Role, Permission
_TUTORS = {R.TUTOR, R.ONE_TO_ONE_TUTOR}
_HEADS = {R.HEAD_OF_HOUSE, R.DEPUTY_HEAD_OF_HOUSE, R.HEAD_OF_YEAR}
_SAFEGUARDING = {R.DSL, R.DEPUTY_DSL}
_LEADERS = {R.HEADTEACHER, R.SENIOR_LEADER}
_PASTORAL = _TUTORS | _HEADS | _SAFEGUARDING | _LEADERS | {R.SENCO}
_OFFICE = {R.DATA_MANAGER, R.ATTENDANCE_OFFICER}
_TEACHERS = {R.SUBJECT_TEACHER}
_NURSE = {R.NURSE}
_ALL = set(Role)
# The chair of governors knows no student; what is said of the headteacher comes to them.
_STAFF = _ALL - {R.CHAIR}

ROLES_WITH: dict[Permission, set[Role]] = {
    P.USE_WAYMARK:       _ALL,
    P.FIND_STUDENT:      _STAFF,
    P.VIEW_STUDENT:      _STAFF,
    P.VIEW_FAMILY:       _PASTORAL | _OFFICE | _NURSE,
    P.VIEW_SUPPORT:      _PASTORAL | _TEACHERS | _NURSE | {R.DATA_MANAGER},
    P.VIEW_ATTENDANCE:   _PASTORAL | _OFFICE | _TEACHERS | _NURSE,
    P.TAKE_REGISTER:     {R.TUTOR, R.ATTENDANCE_OFFICER} | _HEADS | _LEADERS,
    P.VIEW_PROGRESS:     _PASTORAL | _TEACHERS | {R.DATA_MANAGER},
    P.VIEW_SESSION:      _PASTORAL | _TEACHERS | _NURSE,
    P.VIEW_TEAM_SESSION: _PASTORAL,
    P.LOG_SESSION:       _PASTORAL | _TEACHERS | _NURSE | {R.CONTRIBUTOR, R.ATTENDANCE_OFFICER},
    P.PRAISE_HOME:       _PASTORAL,
    P.SEND_URGENT:       _HEADS | _SAFEGUARDING | _LEADERS,
    P.PLAN_VISIT:        _PASTORAL | {R.ATTENDANCE_OFFICER},
    P.ASK_TEACHERS:      _PASTORAL,
    P.VIEW_STRATEGY:     _PASTORAL | _TEACHERS | {R.CONTRIBUTOR},
    P.WRITE_STRATEGY:    _PASTORAL,
    P.KEEP_HANDLING:     _PASTORAL,
    P.KEEP_WATCH:        _PASTORAL,
    P.VIEW_PLAN:         _PASTORAL,
    P.MAKE_PLAN:         _TUTORS | _HEADS | _SAFEGUARDING | _LEADERS | {R.SENCO},
    P.RUN_INTERVENTION:  _TUTORS | _HEADS | _SAFEGUARDING | _LEADERS | {R.SENCO},
    P.KEEP_INTERVENTIONS: _LEADERS | {R.SENCO},
    P.VIEW_HANDOVER:     _PASTORAL,
    P.WRITE_HANDOVER:    _TUTORS | _HEADS,
    P.CHANGE_TUTOR:      _HEADS | _LEADERS | {R.DATA_MANAGER},
    P.ARRANGE_COVER:     _PASTORAL | _OFFICE,
    P.VIEW_WARNING:      _PASTORAL,
    P.ISSUE_WARNING:     _TUTORS | _HEADS | _LEADERS | {R.SENCO},
    P.DECIDE_APPEAL:     _HEADS | _LEADERS,
    P.SHARE_PLANS:       _HEADS | _LEADERS | {R.SENCO},
    P.VIEW_TUTORIAL:     _PASTORAL,
    P.RUN_TUTORIAL:      {R.TUTOR} | _HEADS,
    P.KEEP_PROGRAMME:    _HEADS | _LEADERS | {R.DATA_MANAGER},
    P.KEEP_EVENTS:       _HEADS | _SAFEGUARDING | _LEADERS | _NURSE | {R.DATA_MANAGER},
    P.ENTER_CONDUCT:     _PASTORAL | _TEACHERS,
    P.CHECK_PLANNERS:    {R.TUTOR} | _HEADS,
    P.KEEP_HOUSE_TYPES:  {R.HEAD_OF_HOUSE, R.DEPUTY_HEAD_OF_HOUSE},
    P.EXPORT_CONDUCT:    _PASTORAL,
    P.VIEW_ALERT:        _HEADS | _LEADERS | {R.SENCO},
    P.VIEW_REFERRAL:     _PASTORAL,
    P.MAKE_REFERRAL:     _PASTORAL,
    P.EXEMPT_STUDENT:    _HEADS | _LEADERS | {R.SENCO},
    P.WRITE_COMMENT:     _TUTORS | _HEADS,
    P.VIEW_DASHBOARD:    _HEADS | _SAFEGUARDING | _LEADERS | {R.SENCO},
    P.VIEW_GAPS:         _HEADS | _LEADERS | {R.SENCO},
    P.VIEW_NEEDS:        {R.SENCO} | _LEADERS,
    P.EXPORT_STUDENTS:   {R.SENCO, R.DATA_MANAGER} | _LEADERS,
    P.MAKE_PACK:         _PASTORAL,
    P.VIEW_REPORT:       _PASTORAL | {R.DATA_MANAGER},
    P.RUN_REPORTS:       _HEADS | _LEADERS | {R.DATA_MANAGER, R.SENCO},
    P.IMPORT_DATA:       {R.DATA_MANAGER},
    P.SEARCH_RECORD:     {R.DATA_MANAGER, R.HEADTEACHER} | _SAFEGUARDING,
    P.CHANGE_SCHOOL:     {R.DATA_MANAGER, R.HEADTEACHER},
    P.RAISE_CONCERN:     _ALL,
    P.OPEN_FILE:         _SAFEGUARDING | {R.HEADTEACHER, R.CHAIR},
    P.KEEP_FILE:         _SAFEGUARDING,
    P.KEEP_STAFF_FILE:   {R.HEADTEACHER},
    P.KEEP_HEAD_FILE:    {R.CHAIR},
    P.SET_RETENTION:     _SAFEGUARDING,
    P.APPROVE_DESTRUCTION: _SAFEGUARDING | {R.HEADTEACHER},
    P.RECORD_INCIDENT:   _STAFF,
    P.KEEP_INCIDENTS:    _HEADS | _SAFEGUARDING | _LEADERS,
    P.REVIEW_INCIDENT:   _SAFEGUARDING | _LEADERS,
    P.EXCUSE_REPORT:     _SAFEGUARDING | {R.HEADTEACHER},
    P.SEE_INCIDENT_FIGURES: _SAFEGUARDING | _LEADERS | {R.CHAIR},
    P.INVESTIGATE:       _HEADS | _SAFEGUARDING,
    P.MANAGE_STAFF:      {R.DATA_MANAGER, R.HEADTEACHER},
}  # fmt: skip


def permissions_of(roles: set[Role]) -> frozenset[Permission]:
    """All that a person holding these roles may do."""
    return frozenset(p for p, holders in ROLES_WITH.items() if holders & roles)


def roles_with(permission: Permission) -> set[Role]:
    """The roles that carry this permission."""
    return ROLES_WITH[permission]


def reads_the_file(role: Role) -> bool:
    """Whether this role reads one of the safeguarding file's stores; `guard.role_reads_file` says the same."""
    return any(role in ROLES_WITH[store] for store in (P.KEEP_FILE, P.KEEP_STAFF_FILE, P.KEEP_HEAD_FILE))


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
