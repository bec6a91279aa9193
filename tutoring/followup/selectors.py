"""The school's ladder, where a student stands on it, and what their story tells of it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import School, User
from accounts.permissions import Permission, roles_with
from core.ids import UUID
from core.whole_days import whole_days
from students.models import Student
from tutoring.followup.enums import Appeal
from tutoring.followup.models import Warning, WarningStage
from tutoring.groups.selectors import roles_over, students_visible_to


def stages_of(school: School) -> QuerySet[WarningStage]:
    """The whole ladder, also what is no longer in use."""
    return WarningStage.objects.filter(school=school).select_related("school")


def stages_in_use(school: School) -> list[WarningStage]:
    """The ladder as it stands today, the lowest stage first."""
    return list(stages_of(school).filter(is_active=True))


def may_issue(user: User, student: Student, stages: list[WarningStage]) -> set[UUID]:
    """Keys of the stages that this person may issue to this student: a role over the student must be named by both."""
    held = roles_over(user, student) & roles_with(Permission.ISSUE_WARNING)
    return {stage.pk for stage in stages if held & set(stage.roles)}


def warnings_readable() -> QuerySet[Warning]:
    """What whoever acts may read; the database says which (migration 0002)."""
    return Warning.objects.select_related("stage", "issued_by", "decided_by", "student__school")


def warnings_changeable(user: User) -> QuerySet[Warning]:
    """Warnings of students to whom this person may issue some."""
    return warnings_readable().filter(student__in=students_visible_to(user, Permission.ISSUE_WARNING))


def appeals_to_decide(user: User) -> QuerySet[Warning]:
    """Of students for whom this person decides appeals."""
    return warnings_readable().filter(student__in=students_visible_to(user, Permission.DECIDE_APPEAL))


def warnings_of_student(student: Student) -> list[Warning]:
    """All of one student's, the latest first, in one query."""
    return list(warnings_readable().filter(student=student))


@dataclass(frozen=True)
class Rung:
    """A stage of the ladder, and the student's warning of it that is in force, if there is one."""

    stage: WarningStage
    warning: Warning | None


def standing(stages: list[WarningStage], warnings: list[Warning]) -> list[Rung]:
    """The ladder with where the student stands today; a stage out of use shows while a warning of it is in force."""
    now: dict[UUID, Warning] = {}
    for warning in warnings:
        if warning.in_force:
            now.setdefault(warning.stage_id, warning)
    missing = {w.stage for w in now.values()} - set(stages)
    ladder = sorted([*stages, *missing], key=lambda stage: (stage.position, stage.name))
    return [Rung(stage, now.get(stage.pk)) for stage in ladder]


@dataclass(frozen=True)
class Moment:
    """A warning that was issued, that ended by itself, or that was decided upon after an appeal."""

    kind: str
    day: dt.date
    warning: Warning


def warning_moments(student: Student, before: dt.date, least: int) -> list[Moment]:
    """The latest of them before that day, of each kind by whole days, the latest first, in one query."""
    found = []
    for warning in _warnings_told(student, before, least):
        found.append(Moment("issued", warning.issued_on, warning))
        if warning.decided_on:
            found.append(Moment(warning.appeal, warning.decided_on, warning))
        if warning.is_expired and not warning.is_lifted:
            found.append(Moment("ended", warning.expires_on + dt.timedelta(days=1), warning))
    return sorted((m for m in found if m.day < before), key=lambda m: m.day, reverse=True)


def _warnings_told(student: Student, before: dt.date, least: int) -> QuerySet[Warning]:
    """Those with one of the latest moments; a warning ended on the day after its last."""
    given = Warning.objects.filter(student=student).order_by()
    last_day = max(before, dt.date.min + dt.timedelta(days=1)) - dt.timedelta(days=1)
    over = given.filter(expires_on__lt=min(last_day, timezone.localdate())).exclude(appeal=Appeal.LIFTED)
    issued = whole_days(given.filter(issued_on__lt=before), "issued_on", least)
    decided = whole_days(given.filter(decided_on__lt=before), "decided_on", least)
    ended = whole_days(over, "expires_on", least)
    told = Q(pk__in=issued.values("pk")) | Q(pk__in=decided.values("pk")) | Q(pk__in=ended.values("pk"))
    return warnings_readable().filter(told)
