"""Single students: who has whom without a group, and until when; given by whoever leads them, or manages the staff."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Func, Q, QuerySet
from django.utils import timezone

from accounts.enums import ASSIGNED_ROLES
from accounts.models import Membership, School, User
from accounts.permissions import Permission, roles_with
from audit.services import record
from core.ids import UUID
from core.turns import take_turn
from students.models import Student
from students.selectors import students_on_roll
from tutoring.groups.models import CaseloadEntry
from tutoring.groups.selectors import students_visible_to

# What is said of a role in the preview: what somebody opens, in the order of a student's page.
OPENS = (
    Permission.VIEW_STUDENT, Permission.VIEW_FAMILY, Permission.VIEW_SUPPORT, Permission.VIEW_ATTENDANCE,
    Permission.VIEW_PROGRESS, Permission.VIEW_SESSION, Permission.VIEW_TEAM_SESSION, Permission.VIEW_STRATEGY,
    Permission.VIEW_PLAN, Permission.VIEW_HANDOVER,
)  # fmt: skip

# No day is further away than this.
FURTHEST = dt.timedelta(days=400)


class NotGivenError(Exception):
    """Why a student cannot be given so, or the days not be these."""


@dataclass(frozen=True)
class WrongDay:
    """The field at fault and a sentence."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Giving:
    """From the first day to the last, if there is one, this membership has these students."""

    to: Membership
    students: Sequence[Student]
    first_day: dt.date
    last_day: dt.date | None

    @property
    def opens(self) -> list[str]:
        """What the person may then do about each of them, by this role."""
        return [permission.description for permission in OPENS if self.to.role in roles_with(permission)]

    @property
    def stays_shut(self) -> list[str]:
        return [permission.description for permission in OPENS if self.to.role not in roles_with(permission)]


def work_with_students(school: School, day: dt.date) -> QuerySet[Membership]:
    """Memberships, of that day or later, that reach whom they are tied to; with the `number` of single students.

    Counted are those whom whoever asks sees: the database leaves the others out.
    """
    later = Q(ends_on=None) | Q(ends_on__gte=day)
    counted = Q(caseload__ends_on=None) | Q(caseload__ends_on__gte=day)
    held = Membership.objects.filter(later, school=school, role__in=ASSIGNED_ROLES, stands_in_for=None)
    named = held.filter(user__is_active=True).select_related("user", "school")
    return named.annotate(number=Count("caseload", filter=counted)).order_by(
        "user__last_name", "user__first_name", "role", "pk"
    )


def may_be_given(work: Membership) -> bool:
    """Whether whoever acts may say whom this membership has: it is not their own, nor lent to them."""
    return Membership.objects.filter(pk=work.pk, id__in=_givable()).exists()


def _givable() -> Func:
    return Func(template="(SELECT guard.may_be_given())")


def students_to_give(user: User) -> QuerySet[Student]:
    """Whom this person may give to a colleague: those they manage the staff for, and those they lead and read of."""
    led = students_visible_to(user, Permission.CHANGE_TUTOR) & students_visible_to(user, Permission.VIEW_TEAM_SESSION)
    staffed = students_visible_to(user, Permission.MANAGE_STAFF)
    found = Student.objects.filter(Q(pk__in=led.values("pk")) | Q(pk__in=staffed.values("pk")))
    return students_on_roll(found)


def entries_of(work: Membership, day: dt.date) -> list[CaseloadEntry]:
    """Its single students of that day and later, of whom whoever asks sees."""
    later = CaseloadEntry.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), membership=work)
    return list(later.select_related("student").order_by("student__sort_name", "starts_on"))


@transaction.atomic
def give_students(giving: Giving, *, by: User) -> int:
    """How many are new: what is there already just so is not made twice. NotGivenError says why not."""
    take_turn(f"singly:{giving.to.pk}")
    _check(giving)
    there = _there(giving)
    other = [entry for entry in there.values() if not _same(entry, giving)]
    if other:
        names = ", ".join(str(entry.student) for entry in other)
        raise NotGivenError(f"{giving.to.user} has on these days already: {names}. End that first, or leave them out.")
    new = [student for student in giving.students if student.pk not in there]
    for student in new:
        entry = CaseloadEntry.objects.create(
            membership=giving.to, student=student, starts_on=giving.first_day, ends_on=giving.last_day
        )
        record_given(entry, by=by)
    return len(new)


def record_given(entry: CaseloadEntry, *, by: User | None) -> None:
    record("caseload.given", by=by, obj=entry, student=entry.student_id, **_told(entry))


def record_ended(entry: CaseloadEntry, *, by: User | None) -> None:
    record("caseload.ended", by=by, obj=entry, student=entry.student_id, **_told(entry))


def _told(entry: CaseloadEntry) -> dict[str, str]:
    return {
        "person": str(entry.membership.user_id), "role": entry.membership.role,
        "first_day": str(entry.starts_on), "last_day": str(entry.ends_on or ""),
    }  # fmt: skip


def _check(giving: Giving) -> None:
    """What the database refuses too (migration 0017), in words."""
    if not may_be_given(giving.to):
        raise NotGivenError("Nobody gives students to themselves, or to whom they stand in for. Ask a colleague.")
    if wrong := why_not_then(giving.to, giving.first_day, giving.last_day):
        raise NotGivenError(wrong.sentence)


def why_not_then(to: Membership, first: dt.date, last: dt.date | None) -> WrongDay | None:
    """Which of the days is wrong, and why: for the page and for a file alike; None where both may be."""
    today = timezone.localdate()
    if first < today:
        return WrongDay("first_day", "The first day is today or later.")
    if max(first, last or first) > today + FURTHEST:
        return WrongDay("last_day" if first <= today + FURTHEST else "first_day", "The day is more than a year away.")
    if last and last < first:
        return WrongDay("last_day", "The last day is before the first.")
    if to.starts_on > first:
        return WrongDay("first_day", f"{to.user} begins in this role on {to.starts_on:%-d %B %Y}.")
    if to.ends_on and to.ends_on < (last or first):
        return WrongDay("last_day", f"{to.user} has this role until {to.ends_on:%-d %B %Y}.")
    return None


def _there(giving: Giving) -> dict[UUID, CaseloadEntry]:
    shared = Q(ends_on=None) | Q(ends_on__gte=giving.first_day)
    if giving.last_day:
        shared &= Q(starts_on__lte=giving.last_day)
    found = CaseloadEntry.objects.filter(shared, membership=giving.to, student__in=giving.students)
    return {entry.student_id: entry for entry in found.select_related("student")}


def _same(entry: CaseloadEntry, giving: Giving) -> bool:
    return (entry.starts_on, entry.ends_on) == (giving.first_day, giving.last_day)


def open_entry(pk: UUID) -> CaseloadEntry | None:
    """One that is not over, of a colleague whose students whoever acts may say."""
    today = timezone.localdate()
    rows = CaseloadEntry.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), membership__in=_givable(), pk=pk)
    return rows.select_related("membership__user", "student").first()


@transaction.atomic
def end_single(entry: CaseloadEntry, last_day: dt.date, *, by: User) -> None:
    """The student is theirs up to that day. Said a second time, it changes nothing and is not recorded again."""
    today = timezone.localdate()
    earliest = max(today, entry.starts_on)
    if last_day < earliest:
        raise NotGivenError(f"The last day is {earliest:%-d %B %Y} or later.")
    take_turn(f"singly:{entry.membership_id}")
    rows = CaseloadEntry.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), pk=entry.pk)
    if rows.filter(ends_on=last_day).exists():
        entry.ends_on = last_day
        return
    later = CaseloadEntry.objects.filter(membership=entry.membership_id, student=entry.student_id)
    if later.filter(starts_on__gt=entry.starts_on, starts_on__lte=last_day).exists():
        raise NotGivenError(f"{entry.membership.user} is given {entry.student} anew before that day.")
    if not rows.update(ends_on=last_day):
        raise NotGivenError(f"Whoever leads {entry.student}, or manages the staff, ends it.")
    entry.ends_on = last_day
    record_ended(entry, by=by)


@transaction.atomic
def take_single_off(entry: CaseloadEntry, *, by: User) -> None:
    """What began only today, or has not begun, was a mistake: it goes at once. The record and the history keep it."""
    record("caseload.removed", by=by, obj=entry, student=entry.student_id, **_told(entry))
    removed, _ = CaseloadEntry.objects.filter(pk=entry.pk, starts_on__gte=timezone.localdate()).delete()
    if not removed:
        raise NotGivenError("It began before today, so say its last day instead.")
