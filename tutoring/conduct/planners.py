"""Planner checks: which are due, what a group's last ones said, and the register of the day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from core.stale import mark_of
from students.models import Student
from students.selectors import students_on_roll
from tutoring.attendance.enums import StatClass
from tutoring.attendance.meaning import class_of
from tutoring.attendance.models import Mark
from tutoring.conduct.enums import PlannerIssue
from tutoring.conduct.models import USUAL_DAYS, PlannerCheck, PlannerException, PlannerRhythm
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import groups_visible_to, students_of_group, students_visible_to

LOOKED_BACK = 6
_AWAY = {StatClass.AUTHORISED, StatClass.UNAUTHORISED, StatClass.NOT_POSSIBLE}
_ORDINALS = ("", "", "second", "third", "fourth", "fifth", "sixth")

# Days of term since a group's last check, weekends too; in the half-term break and between terms the clock stands.
# A group without a check is due in any term.
STANDING = """
SELECT g.id, g.name, last.day, rhythm.days, gone.days
  FROM groups_tutorgroup g
  CROSS JOIN LATERAL (SELECT max(c.day) AS day FROM conduct_plannercheck c WHERE c.group_id = g.id) last
  CROSS JOIN LATERAL (SELECT coalesce((SELECT r.days FROM conduct_plannerrhythm r
                                         WHERE r.school_id = g.school_id), {usual}) AS days) rhythm
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(greatest(0, least(t.ends_on, %(today)s) - greatest(t.starts_on, last.day + 1) + 1
             - CASE WHEN t.break_starts_on IS NULL OR t.break_ends_on IS NULL THEN 0 ELSE
               greatest(0, least(t.break_ends_on, %(today)s) - greatest(t.break_starts_on, last.day + 1) + 1) END)), 0)
           ::integer AS days
      FROM students_term t WHERE t.school_id = g.school_id AND t.ends_on > last.day AND t.starts_on <= %(today)s) gone
 WHERE {which} AND EXISTS (SELECT FROM students_term t
   WHERE t.school_id = g.school_id AND %(today)s BETWEEN t.starts_on AND t.ends_on)
""".replace("{usual}", str(USUAL_DAYS))


@dataclass(frozen=True)
class Standing:
    """Where a group's planner checks stand: the last one's day, the rhythm, and the days of term gone since then."""

    group: UUID
    name: str
    last: dt.date | None
    rhythm: int
    gone: int

    @property
    def is_due(self) -> bool:
        return self.last is None or self.gone >= self.rhythm

    @property
    def days_late(self) -> int:
        """Days of term past the day it was due; 0 for a group never checked."""
        return max(0, self.gone - self.rhythm) if self.last else 0

    @property
    def days_left(self) -> int:
        """Days of term until it is due."""
        return 0 if self.is_due else self.rhythm - self.gone


@dataclass(frozen=True)
class Run:
    """A student whose planner was not fine several checks in a row; days they were away are left out."""

    student: Student
    exceptions: list[PlannerException] = field(default_factory=list)

    @property
    def words(self) -> str:
        """ "third time in a row"."""
        number = len(self.exceptions)
        return f"{_ORDINALS[number] if number < len(_ORDINALS) else f'{number}th'} time in a row"


def planner_rhythm(school: School) -> PlannerRhythm:
    """The school's, or the usual one, not saved yet."""
    return PlannerRhythm.objects.filter(school=school).first() or PlannerRhythm(school=school)


def groups_to_check(user: User) -> QuerySet[TutorGroup]:
    """The groups whose planners this person checks or answers for."""
    return groups_visible_to(user, Permission.CHECK_PLANNERS)


def students_to_check(user: User, group: TutorGroup, day: dt.date) -> list[Student]:
    """Those in the group that day whom this person sees, by name."""
    seen = students_visible_to(user, Permission.CHECK_PLANNERS).values("pk")
    return list(students_on_roll(students_of_group(group, day), day).filter(pk__in=seen))


def standings(groups: Iterable[UUID], today: dt.date) -> dict[UUID, Standing]:
    """group id → how its checks stand, in one query; empty in the holidays."""
    sql = STANDING.replace("{which}", "g.id = ANY (%(groups)s)")
    with connection.cursor() as cursor:
        cursor.execute(sql, {"today": today, "groups": list(groups)})
        return {row[0]: Standing(*row) for row in cursor.fetchall()}


def check_on(group: TutorGroup, day: dt.date) -> PlannerCheck | None:
    """The group's check of that day."""
    return PlannerCheck.objects.filter(group=group, day=day).select_related("by", "group").first()


def checks_readable() -> QuerySet[PlannerCheck]:
    """What whoever acts may read; the database says which (migration 0002)."""
    return PlannerCheck.objects.select_related("group", "by")


def exceptions_of(check: PlannerCheck) -> QuerySet[PlannerException]:
    """Whoever was not fine or away, by name."""
    found = PlannerException.objects.filter(check_of=check).select_related("student")
    return found.order_by("student__sort_name", "pk")


def latest_checks(groups: Iterable[UUID], before: dt.date | None = None) -> dict[UUID, list[PlannerCheck]]:
    """group id → its last checks (before that day), latest first, each with `found`: its exceptions; two queries."""
    rows = checks_readable().filter(group__in=list(groups))
    if before:
        rows = rows.filter(day__lt=before)
    place = Window(RowNumber(), partition_by=F("group"), order_by=F("day").desc())
    kept: dict[UUID, list[PlannerCheck]] = defaultdict(list)
    for check in rows.annotate(place=place).filter(place__lte=LOOKED_BACK).order_by("-day"):
        check.found = []  # type: ignore[attr-defined]
        kept[check.group_id].append(check)
    known = {check.pk: check for checks in kept.values() for check in checks}
    for exception in PlannerException.objects.filter(check_of__in=known).select_related("student"):
        known[exception.check_of_id].found.append(exception)  # type: ignore[attr-defined]
    return dict(kept)


def runs_of(checks: list[PlannerCheck], least: int = 2) -> list[Run]:
    """Whose planner was not fine in each of the last checks (as `latest_checks` gives them), the longest run first."""
    found = [{e.student_id: e for e in check.found} for check in checks]  # type: ignore[attr-defined]
    students = {e.student_id: e.student for exceptions in found for e in exceptions.values()}
    runs = [Run(student, _run_of(key, found)) for key, student in students.items()]
    long = [run for run in runs if len(run.exceptions) >= least]
    return sorted(long, key=lambda run: (-len(run.exceptions), run.student.sort_name))


def _run_of(student: UUID, found: list[dict[UUID, PlannerException]]) -> list[PlannerException]:
    """From the latest check back to the first in which all was well; a check they were away for says nothing."""
    run = []
    for exceptions in found:
        if student not in exceptions:
            break
        if exceptions[student].issue != PlannerIssue.AWAY:
            run.append(exceptions[student])
    return run


def away_on(students: Iterable[Student], day: dt.date) -> set[UUID]:
    """Who is marked away by the day's latest mark, in one query."""
    away: set[UUID] = set()
    for mark in Mark.objects.filter(student__in=list(students), date=day).order_by("session"):
        (away.add if class_of(mark.code, day) in _AWAY else away.discard)(mark.student_id)
    return away


State = dict[UUID, tuple[str, str]]


def state_of(check: PlannerCheck | None) -> State:
    """student id → (issue, words) as the check says now."""
    rows = PlannerException.objects.filter(check_of=check) if check else PlannerException.objects.none()
    return {row.student_id: (row.issue, row.words) for row in rows}


def mark_of_state(state: State) -> str:
    """A short mark that changes when any exception does."""
    return mark_of("\x1f".join(f"{key} {issue} {words}" for key, (issue, words) in sorted(state.items())))
