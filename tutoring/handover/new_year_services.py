"""Doing a move into the next school year in one transaction, undoing it exactly, and moving the years on its day."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.models import School, User
from audit.services import record
from students.calendar import academic_year_of
from students.models import Student
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment, TutorGroup
from tutoring.handover.enums import Rolling
from tutoring.handover.models import Rollover
from tutoring.handover.new_year import NOBODY, STAY, Line, Plan, in_force, made_by_group, plan_of, years_of
from tutoring.handover.services import RefusedError

# What a ledger names: tables whose rows end on the last day, and those that get new rows.
ENDED: dict[str, type[models.Model]] = {
    "places": GroupMembership, "tutors": TutorAssignment, "caseload": CaseloadEntry,
}  # fmt: skip
MADE: dict[str, type[models.Model]] = {"new_places": GroupMembership, "new_tutors": TutorAssignment}


@transaction.atomic
def begin_rollover(*, by: User, school: School) -> Rollover:
    """A preview of the year after this one; the one there is already, where there is one. The highest year leaves."""
    today = timezone.localdate()
    year = academic_year_of(today) + 1
    existing = Rollover.objects.filter(school=school, year=year).exclude(status=Rolling.UNDONE).first()
    if existing:
        return existing
    rollover = Rollover.objects.create(school=school, year=year, made_by=by, leaving=years_of(school, today)[-1:])
    record("rollover.begun", by=by, obj=rollover, year=year)
    return rollover


@transaction.atomic
def keep_plan(*, by: User, rollover: Rollover, plan: dict[str, dict[str, str]], leaving: list[int]) -> None:
    """Names, tutors and leaving years as the form has checked them; only while nothing was done."""
    rows = Rollover.objects.filter(pk=rollover.pk, status=Rolling.PREVIEWED)
    if not rows.update(plan=plan, leaving=leaving):
        raise RefusedError("It was done meanwhile.")
    rollover.plan, rollover.leaving = plan, leaving


@transaction.atomic
def do_rollover(*, by: User, rollover: Rollover) -> Plan:
    """Everything with dates: nothing moves before the first day of the new year. RefusedError says what stops it."""
    row = _locked(rollover, Rolling.PREVIEWED, "It was done or undone meanwhile.")
    today = timezone.localdate()
    plan = plan_of(row, today)
    if plan.stops:
        raise RefusedError(" ".join(plan.stops))
    ledger: dict[str, Any] = {"groups": _make_groups(plan)}
    ledger |= _end_links(plan)
    ledger |= _make_links(plan)
    ledger["left"] = _end_leavers(plan)
    ledger["left_on"] = plan.left_on.isoformat()
    ledger["years"] = {str(s.pk): s.year_group for s in plan.staying if s.year_group is not None}
    goes_on = [line.group for line in plan.lines if line.goes_on and line.group.year_group is not None]
    ledger["group_years"] = {str(group.pk): group.year_group for group in goes_on}
    Rollover.objects.filter(pk=row.pk).update(
        status=Rolling.DONE, ledger=ledger, first_day=plan.first_day, done_by=by, done_on=today
    )
    record("rollover.done", by=by, obj=row, year=row.year, moved=plan.moving, left=len(plan.leavers))
    return plan


def _locked(rollover: Rollover, status: Rolling, otherwise: str) -> Rollover:
    row = Rollover.objects.select_for_update(no_key=True).get(pk=rollover.pk)
    if row.status != status:
        raise RefusedError(otherwise)
    return row


def _make_groups(plan: Plan) -> list[str]:
    """Groups whose next name nobody has yet, in the same house a year higher."""
    made = []
    wanted = set(plan.new_names)
    for line in plan.lines:
        if line.name in wanted and line.moving:
            year = line.group.year_group
            group = TutorGroup.objects.create(
                school=plan.rollover.school, name=line.name, house=line.group.house,
                year_group=None if year is None else year + 1,
            )  # fmt: skip
            plan.targets[line.name.lower()] = group
            made.append(str(group.pk))
    return made


def _end_links(plan: Plan) -> dict[str, dict[str, str | None]]:
    """The last day for places that move or leave, tutors whose group moves or who go, and caseloads of leavers."""
    places = [p for line in plan.lines for p in (line.leaving if line.goes_on else [*line.leaving, *line.moving])]
    tutors = [t for line in plan.lines if not (line.goes_on and line.tutor == STAY) for t in line.tutors]
    leavers = [student.pk for student in plan.leavers]
    singly = list(CaseloadEntry.objects.filter(in_force(plan.last_day), student__in=leavers))
    ended: dict[str, dict[str, str | None]] = {}
    rows: dict[str, list[Any]] = {"places": places, "tutors": tutors, "caseload": singly}
    for name, links in rows.items():
        ended[name] = {str(link.pk): link.ends_on.isoformat() if link.ends_on else None for link in links}
        ENDED[name]._default_manager.filter(pk__in=ended[name]).update(ends_on=plan.last_day)
    return ended


def _make_links(plan: Plan) -> dict[str, list[str]]:
    places: list[GroupMembership] = []
    tutors: list[TutorAssignment] = []
    for line in plan.lines:
        if line.ends:
            continue
        target = line.group if line.goes_on else plan.targets[line.name.lower()]
        if not line.goes_on:
            places += [
                GroupMembership(student_id=p.student_id, group=target, starts_on=plan.first_day) for p in line.moving
            ]
        for membership in _next_tutors(line):
            tutors.append(TutorAssignment(membership_id=membership, group=target, starts_on=plan.first_day))
    there = set(
        TutorAssignment.objects.filter(group__in={t.group_id for t in tutors}, ends_on=None).values_list(
            "membership", "group"
        )
    )
    tutors = [t for t in tutors if (t.membership_id, t.group_id) not in there]
    GroupMembership.objects.bulk_create(places)
    TutorAssignment.objects.bulk_create(tutors)
    return {"new_places": [str(p.pk) for p in places], "new_tutors": [str(t.pk) for t in tutors]}


def _next_tutors(line: Line) -> list[Any]:
    """Keys of the memberships that tutor the line's group in the next year, where that is a new row."""
    if line.tutor == NOBODY or (line.goes_on and line.tutor == STAY):
        return []
    return sorted({t.membership_id for t in line.tutors}) if line.tutor == STAY else [line.tutor]


def _end_leavers(plan: Plan) -> dict[str, str | None]:
    left = {str(s.pk): s.left_on.isoformat() if s.left_on else None for s in plan.leavers}
    Student.objects.filter(pk__in=left).update(left_on=plan.left_on)
    return left


@transaction.atomic
def undo_rollover(*, by: User, rollover: Rollover) -> None:
    """Puts back exactly what was there, before the first day of the new year; RefusedError where it is too late."""
    row = _locked(rollover, Rolling.DONE, "It was undone meanwhile.")
    if row.first_day is None or row.started_on or row.first_day <= timezone.localdate():
        raise RefusedError("The new year has begun, so this can no longer be undone. Change single groups instead.")
    ledger, last_day = row.ledger, row.first_day - dt.timedelta(days=1)
    try:
        with transaction.atomic():
            for name, model in MADE.items():
                _remove(model, ledger[name], row.first_day)
            _remove_groups(ledger["groups"])
            for name, model in ENDED.items():
                _put_back(model, "ends_on", ledger[name], last_day)
            _put_back(Student, "left_on", ledger["left"], ledger["left_on"])
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise RefusedError("Something else hangs on the new groups by now, so this can no longer be undone.") from error
    Rollover.objects.filter(pk=row.pk).update(status=Rolling.UNDONE, undone_on=timezone.localdate())
    record("rollover.undone", by=by, obj=row, year=row.year)


def _remove(model: type[models.Model], keys: list[str], first_day: dt.date) -> None:
    """Rows as they were made: one that was changed since is somebody's work."""
    rows = model._default_manager.filter(pk__in=keys, starts_on=first_day, ends_on=None)
    if rows.count() != len(keys):
        raise RefusedError(
            "Places, or who has a group in the new year, were changed since, so this can no longer be undone."
        )
    rows.delete()


def _remove_groups(keys: list[str]) -> None:
    groups = TutorGroup.objects.filter(pk__in=keys)
    for relation in TutorGroup._meta.related_objects:
        hangs: Any = relation.related_model._default_manager
        if hangs.filter(**{f"{relation.field.name}__in": keys}).exists():
            what = relation.related_model._meta.verbose_name_plural
            raise RefusedError(f"New groups have {what} by now, so this can no longer be undone.")
    groups.delete()


def _put_back(model: type[models.Model], column: str, before: dict[str, str | None], now: Any) -> None:
    """Each row says again what it said; where it no longer says what the move wrote, somebody changed it."""
    if model._default_manager.filter(pk__in=before, **{column: now}).count() != len(before):
        raise RefusedError("Places, leavers or who has a group were changed, so this cannot be undone any more.")
    said: dict[str | None, list[str]] = defaultdict(list)
    for key, value in before.items():
        said[value].append(key)
    for value, keys in said.items():
        model._default_manager.filter(pk__in=keys).update(**{column: value})


@transaction.atomic
def start_year(*, by: User, rollover: Rollover) -> int:
    """On the first day: who stays moves up a year, but for whom an import moved already. How many moved."""
    row = _locked(rollover, Rolling.DONE, "It was undone meanwhile.")
    today = timezone.localdate()
    if row.started_on or row.first_day is None or row.first_day > today:
        raise RefusedError("The new year begins on its first day, once.")
    moved = 0
    for year, keys in made_by_group(row.ledger["years"]).items():
        moved += Student.objects.filter(pk__in=keys, year_group=year).update(year_group=year + 1)
    for year, keys in made_by_group(row.ledger["group_years"]).items():
        TutorGroup.objects.filter(pk__in=keys, year_group=year).update(year_group=year + 1)
    Rollover.objects.filter(pk=row.pk).update(started_on=today)
    record("rollover.started", by=by, obj=row, moved=moved)
    return moved
