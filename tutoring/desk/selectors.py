"""Lists of students with what a tutor wants beside each name; filtered and ordered in the database."""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from accounts.models import School, User
from accounts.permissions import Permission, roles_with
from students.enums import SenStatus
from students.models import Student
from students.selectors import students_matching, students_on_roll
from tutoring.attendance.models import WeekCount
from tutoring.attendance.selectors import monday_of
from tutoring.desk.calendar import Calendar
from tutoring.desk.scopes import MINE, SEES_REASONS, WHOLE_SCHOOL, Scope
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import (
    groups_tutored_by,
    groups_visible_to,
    students_of_caseload,
    students_visible_to,
    students_with_group,
)
from tutoring.groups.sight import Sees
from tutoring.plans.selectors import steps_going_on
from tutoring.plans.selectors import steps_open as plan_steps_open
from tutoring.progress.selectors import students_with_behaviour
from tutoring.sessions.owed import students_owed, students_with_rule, students_with_times_seen
from tutoring.sessions.selectors import (
    open_steps_readable,
    steps_due,
    steps_overdue,
    students_with_last_seen,
)

CASELOAD = "_caseload_size"
# Of counted weeks: possible sessions and absences; and what share of the first the second are, in per cent.
SESSIONS = (Sum("possible"), Sum(F("authorised") + F("unauthorised")))
MISSED = Cast(SESSIONS[1], FloatField()) * 100.0 / NullIf(Cast(SESSIONS[0], FloatField()), 0.0)
TWO_WEEKS = dt.timedelta(weeks=2)


def students_with_rights(students: QuerySet[Student], user: User) -> QuerySet[Student]:
    """Students this person reaches, with what they may know of each (the names say what)."""
    return students.annotate(
        reads_attendance=_visible(user, Permission.VIEW_ATTENDANCE),
        reads_sessions=_visible(user, Permission.VIEW_TEAM_SESSION),
        reads_support=_visible(user, Permission.VIEW_SUPPORT),
        reads_progress=_visible(user, Permission.VIEW_PROGRESS),
        reads_reasons=_visible(user, SEES_REASONS),
        logs_sessions=_visible(user, Permission.LOG_SESSION),
        praises_home=_visible(user, Permission.PRAISE_HOME),
    )


def _visible(user: User, permission: Permission) -> Sees | Value:
    """Asked in the database only where some of this person's roles carry the permission and others do not."""
    carries = [m.role in roles_with(permission) for m in user.current_memberships]
    if all(carries) or not any(carries):
        return Value(all(carries) and bool(carries), output_field=BooleanField())
    return Sees(user, permission)


def students_listed(students: QuerySet[Student], user: User, calendar: Calendar) -> QuerySet[Student]:
    """The same students with group, rights, rule, times_seen, last_seen_on, and `sessions` of the year to date:
    [possible, absent].
    """
    listed = students_with_rights(students_with_group(students), user)
    listed = students_with_rule(listed, user.school, calendar.today)
    listed = students_with_times_seen(listed, since=calendar.term_start)
    listed = students_with_last_seen(listed, since=calendar.year_ago)
    both = Func(*SESSIONS, template="ARRAY[%(expressions)s]", output_field=ArrayField(IntegerField()))
    return listed.annotate(sessions=_of_the_year(calendar, both))


def _of_the_year(calendar: Calendar, what: Any) -> Subquery:
    """What is summed up of one student's counts of the year to date."""
    weeks = WeekCount.objects.filter(
        student=OuterRef("pk"), week__gte=monday_of(calendar.year_start), week__lte=calendar.today
    )
    return Subquery(weeks.order_by().values("student").annotate(n=what).values("n"))


def students_shown(students: QuerySet[Student], show: str, user: User, calendar: Calendar) -> QuerySet[Student]:
    """Of these (as `students_listed` gives them), the ones a filter asks for; only by what this person may know."""
    if show == "unseen":
        return students_owed(students.filter(Q(reads_sessions=True)), user.school, since=calendar.term_start)
    if show == "absent":
        missed = students.annotate(missed=_of_the_year(calendar, MISSED))
        return missed.filter(Q(reads_attendance=True), missed__gte=10)
    if show in ("overdue", "due"):
        steps = open_steps_readable(user).order_by().exclude(pk__in=steps_going_on())
        week_end = calendar.today + dt.timedelta(days=6 - calendar.today.weekday())
        steps = steps_overdue(steps, calendar.today) if show == "overdue" else steps_due(steps, week_end)
        until = calendar.today - dt.timedelta(days=1) if show == "overdue" else week_end
        planned = plan_steps_open().filter(due_on__lte=until).order_by()
        return students.filter(Q(pk__in=steps.values("student")) | Q(pk__in=planned.values("student")))
    return _by_need(students, show)


def _by_need(students: QuerySet[Student], show: str) -> QuerySet[Student]:
    if show == "sen":
        return students.filter(Q(reads_support=True), sen_status__in=[SenStatus.SUPPORT, SenStatus.EHCP])
    if show == "pp":
        return students.filter(Q(reads_support=True), pupil_premium=True)
    if show == "eal":
        return students.filter(Q(reads_support=True), eal=True)
    return students


def students_sorted(students: QuerySet[Student], sort: str, calendar: Calendar) -> QuerySet[Student]:
    """In the order asked for, names last."""
    names = ("sort_name", "pk")
    if sort == "seen":
        return students.order_by(F("last_seen_on").asc(nulls_first=True), *names)
    if sort == "attendance":
        return students.order_by(_of_the_year(calendar, MISSED).desc(nulls_last=True), *names)
    return students.order_by(*names)


def students_found(user: User, text: str, limit: int = 8) -> list[Student]:
    """Those this person may find whose names hold every typed word, with group and house."""
    if not text.strip():
        return []
    visible = students_on_roll(students_visible_to(user, Permission.FIND_STUDENT))
    return list(students_with_group(students_matching(visible, text))[:limit])


def groups_listed(user: User) -> list[TutorGroup]:
    """The groups this person can narrow a list to, each with `is_own`: whether they tutor it."""
    own = groups_tutored_by(user).values("pk")
    return list(groups_visible_to(user).annotate(is_own=ExpressionWrapper(Q(pk__in=own), BooleanField())))


def my_student_count(user: User) -> int:
    """How many students this person tutors, by group or singly; asked once a request."""
    known = vars(user)
    if CASELOAD not in known:
        known[CASELOAD] = students_on_roll(students_of_caseload(user)).count()
    return int(known[CASELOAD])


def remember_my_students(user: User, scope: Scope, number: int) -> None:
    """A page that has counted a whole circle spares the side bar the question."""
    if scope.key == MINE:
        vars(user)[CASELOAD] = number


def students_for_today(scope: Scope, user: User, school: School, today: dt.date) -> list[Student]:
    """The students of the circle (with rights) by name, with group, rule, exemption and what was noted in the last two
    weeks (not of a whole school): one query.
    """
    students = students_with_rule(students_with_group(scope.students), school, today)
    if scope.key == MINE:
        own = groups_tutored_by(user).values("pk")
        students = students.annotate(
            in_own_group=Coalesce(ExpressionWrapper(Q(group_id__in=own), BooleanField()), False)
        )
    if scope.key != WHOLE_SCHOOL:
        students = students_with_behaviour(students, since=today - TWO_WEEKS)
    found = list(students.order_by("sort_name", "pk"))
    remember_my_students(user, scope, len(found))
    return found


def own_groups_of(students: list[Student]) -> list[tuple[Any, str]]:
    """Of students as `students_for_today` lists them, the groups their tutor has: (key, name), each once."""
    known = [vars(student) for student in students]  # annotations
    return list({(one["group_id"], one["group_name"]) for one in known if one.get("in_own_group")})


def students_in_group(students: QuerySet[Student], group: str) -> QuerySet[Student]:
    """Of these (as `students_with_group` gives them), the ones of that group; all of them where none is named."""
    return students.filter(Q(group_id=group)) if group else students
