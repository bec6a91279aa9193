"""Who manages whom: named and ended by whoever manages the staff; asked for by whoever wants to tell a line manager."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import LineManager, Membership, User
from audit.services import record
from core.ids import UUID
from core.turns import take_turn


class NoLineError(Exception):
    """`field` of the form and why it cannot be so."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


def lines_of(person: User, day: dt.date) -> list[LineManager]:
    """On both sides of this person, of that day and later, in one query: those above and those below, by name."""
    both = Q(person=person) | Q(manager=person)
    rows = LineManager.objects.not_over(day).filter(both).select_related("person", "manager")
    return sorted(rows, key=lambda one: (_other(one, person).last_name, _other(one, person).first_name, one.starts_on))


def _other(line: LineManager, person: User) -> User:
    return line.person if line.manager_id == person.pk else line.manager


def leads(person: User) -> Exists:
    """Of the user of the query outside: whether they manage this person today, or stand in for somebody who does."""
    above = LineManager.objects.current().filter(person=person).values("manager")
    lent = Membership.objects.current().filter(user=OuterRef("pk"), stands_in_for__user__in=above)
    return Exists(User.objects.filter(Q(pk__in=above) | Q(Exists(lent)), pk=OuterRef("pk")))


def people_managed_by(user: User) -> QuerySet[User]:
    """Whom this person manages today, or whom somebody manages for whom they stand in; by name, never themselves."""
    lines = LineManager.objects.current().filter(manager__in=[user.pk, *user.stands_in_for]).values("person")
    found = User.objects.filter(pk__in=lines, is_active=True, school_id=user.school_id)
    return found.exclude(pk=user.pk).order_by("last_name", "first_name", "pk")


@transaction.atomic
def name_manager(*, by: User, person: User, manager: User, starts_on: dt.date, ends_on: dt.date | None) -> LineManager:
    """From the first day to the last, if there is one; NoLineError says why not. Sent twice it is done once."""
    take_turn(f"lines:{person.school_id}")
    school = _school_of_both(person, manager)
    _check_days(starts_on, ends_on)
    rows = LineManager.objects.filter(person=person, manager=manager)
    if same := rows.filter(starts_on=starts_on, ends_on=ends_on).first():
        return same
    shared = rows.not_over(starts_on)
    if (shared.filter(starts_on__lte=ends_on) if ends_on else shared).exists():
        raise NoLineError("manager", f"{manager} manages {person} on these days already.")
    try:
        with transaction.atomic():
            line = LineManager.objects.create(
                school_id=school, person=person, manager=manager, starts_on=starts_on, ends_on=ends_on
            )
    except IntegrityError as error:
        raise NoLineError("manager", f"{person} manages {manager}, perhaps through others. End that first.") from error
    record_named(line, by=by)
    return line


def record_named(line: LineManager, *, by: User | None) -> None:
    record("line.named", by=by, obj=line, **_told(line))


def _told(line: LineManager) -> dict[str, Any]:
    return {
        "person": str(line.person_id), "manager": str(line.manager_id),
        "first_day": str(line.starts_on), "last_day": str(line.ends_on or ""),
    }  # fmt: skip


def _school_of_both(person: User, manager: User) -> UUID:
    """What the database refuses too (migration 0021), in words and at the field it is about."""
    if manager.pk == person.pk:
        raise NoLineError("manager", "Nobody is their own line manager.")
    if manager.school_id != person.school_id or person.school_id is None:
        raise NoLineError("manager", "Choose a colleague of the same school.")
    return person.school_id


def _check_days(starts_on: dt.date, ends_on: dt.date | None) -> None:
    if starts_on < timezone.localdate():
        raise NoLineError("starts_on", "The first day is today or later.")
    if ends_on and ends_on < starts_on:
        raise NoLineError("ends_on", "The last day is before the first.")


@transaction.atomic
def end_line(line: LineManager, last_day: dt.date, *, by: User) -> None:
    """In force up to that day. Said a second time, it changes nothing and is not recorded again."""
    today = timezone.localdate()
    earliest = max(today, line.starts_on)
    if last_day < earliest:
        raise NoLineError("last_day", f"The last day is {earliest:%-d %B %Y} or later.")
    take_turn(f"lines:{line.school_id}")
    rows = LineManager.objects.not_over(today).filter(pk=line.pk)
    if rows.filter(ends_on=last_day).exists():
        line.ends_on = last_day
        return
    try:
        with transaction.atomic():
            changed = rows.update(ends_on=last_day)
    except IntegrityError as error:
        why = f"{line.person} manages {line.manager} by then, perhaps through others."
        raise NoLineError("last_day", why) from error
    if not changed:
        raise NoLineError("last_day", "It was ended already.")
    line.ends_on = last_day
    record("line.ended", by=by, obj=line, **_told(line))


@transaction.atomic
def take_line_off(line: LineManager, *, by: User) -> None:
    """What began only today, or has not begun, was a mistake: it goes at once. The record and the history keep it."""
    record("line.removed", by=by, obj=line, **_told(line))
    removed, _ = LineManager.objects.filter(pk=line.pk, starts_on__gte=timezone.localdate()).delete()
    if not removed:
        raise NoLineError("last_day", "It began before today, so say its last day instead.")
