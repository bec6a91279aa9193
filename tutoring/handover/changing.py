"""Another tutor for a group from a day on: who loses and gains sight of whom, said before it is done."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, Func, OuterRef, Prefetch, Q, QuerySet, Value
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, School, User
from accounts.permissions import Permission
from audit.services import record
from students.models import Student
from students.selectors import students_on_roll
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.groups.models import TutorAssignment, TutorGroup
from tutoring.groups.selectors import students_of_group
from tutoring.handover.models import Handover
from tutoring.handover.selectors import year_for
from tutoring.handover.services import RefusedError

DAY = dt.timedelta(days=1)
MANY_GROUPS = 15  # more than a tutor can know; said, not refused: the school may have its reason


@dataclass(frozen=True)
class Change:
    """From `first_day` on `to` tutors the group instead of `old`; either may be nobody."""

    group: TutorGroup
    old: TutorAssignment | None
    to: Membership | None
    first_day: dt.date

    @property
    def last_day(self) -> dt.date:
        """On which the old tutor still sees the students."""
        return self.first_day - DAY


@dataclass(frozen=True)
class Preview:
    """What a change would do: the students it is about, what stays with the old tutor, what is not written yet.

    `unwritten` is None where whoever asks does not read handovers, or nobody leaves; `in_time`: they still can be.
    `too_many`: how many groups the new tutor has then, where that is more than MANY_GROUPS; else 0. `booked`: how many
    times are booked with the old tutor after their last day; None where whoever asks does not read that.
    """

    change: Change
    students: list[Student]
    stays: list[str]
    unwritten: list[Student] | None
    in_time: bool
    too_many: int
    booked: int | None


def groups_changeable(day: dt.date) -> QuerySet[TutorGroup]:
    """Groups whose students whoever acts leads altogether, with `tutors`: assignments of that day and later."""
    held = Func(Value(Permission.CHANGE_TUTOR.value), template="(SELECT guard.groups_held(%(expressions)s))")
    later = TutorAssignment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day)).order_by("starts_on")
    return TutorGroup.objects.filter(pk__in=held).prefetch_related(
        Prefetch("tutor_assignments", later.select_related("membership__user"), to_attr="tutors")
    )


def tutors_to_choose(school: School, day: dt.date) -> QuerySet[Membership]:
    """Memberships as tutor that are in force that day, but for those of people who stand in."""
    tutors = Membership.objects.filter(_in_force(day), school=school, role=Role.TUTOR, stands_in_for=None)
    named = tutors.filter(user__is_active=True).select_related("user")
    return named.order_by("user__last_name", "user__first_name", "pk")


def preview(change: Change, *, by: User) -> Preview:
    """In words and numbers, without changing anything."""
    students = list(students_on_roll(students_of_group(change.group, change.first_day), change.first_day))
    unwritten = None
    if change.old and by.has_perm(Permission.VIEW_HANDOVER):
        given = Handover.objects.filter(
            student=OuterRef("pk"), from_tutor=change.old.membership.user_id, year=year_for(change.first_day),
            handed_on__isnull=False,
        )  # fmt: skip
        kept = Student.objects.filter(pk__in=[student.pk for student in students])
        unwritten = list(kept.exclude(Exists(given)))
    in_time = change.last_day >= timezone.localdate()
    booked = _booked(change, students, by)
    return Preview(change, students, _stays(change), unwritten, in_time, _too_many(change), booked)


def _booked(change: Change, students: list[Student], by: User) -> int | None:
    """Once the old tutor sees the students no more, tutoring.diary cancels what is booked with them."""
    if change.old is None:
        return 0
    if not by.has_perm(Permission.VIEW_TEAM_SESSION):
        return None
    ahead = Appointment.objects.filter(student__in=students, state=State.BOOKED, day__gte=change.first_day)
    return ahead.filter(staff=change.old.membership.user_id).count()


def _stays(change: Change) -> list[str]:
    """Other roles and groups of the old tutor on the first day: what they see through those, they go on seeing."""
    if change.old is None:
        return []
    user, in_force = change.old.membership.user_id, _in_force(change.first_day)
    roles = Membership.objects.filter(in_force, user=user).exclude(pk=change.old.membership_id)
    others = TutorAssignment.objects.filter(in_force, membership__user=user).exclude(pk=change.old.pk)
    roles = roles.select_related("house", "school", "stands_in_for__user")
    said = [f"{m.called}{f', {m.house}' if m.house else ''}{_in_place_of(m)}" for m in roles]
    tutor = change.group.school.called[Role.TUTOR].mid
    return said + [f"{tutor} of {assignment.group}" for assignment in others.select_related("group")]


def _in_place_of(held: Membership) -> str:
    return f", standing in for {held.stands_in_for.user}" if held.stands_in_for else ""


def _too_many(change: Change) -> int:
    if change.to is None:
        return 0
    held = TutorAssignment.objects.filter(_in_force(change.first_day), membership__user=change.to.user_id)
    number = held.exclude(group=change.group).values("group").distinct().count() + 1
    return number if number > MANY_GROUPS else 0


def _in_force(day: dt.date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


@transaction.atomic
def change_tutor(change: Change, *, by: User) -> None:
    """The old tutor's sight ends on the day before, the new one's begins that day; RefusedError says why not."""
    if change.old is None and change.to is None:
        raise RefusedError("Choose who goes, who comes, or both.")
    if change.old is not None:
        _end(change.old, change)
    if change.to is not None:
        _begin(change.to, change)
    record(
        "tutor.changed", by=by, obj=change.group, first_day=str(change.first_day),
        old=str(change.old.membership.user_id) if change.old else "", new=str(change.to.user_id) if change.to else "",
    )  # fmt: skip


def _end(old: TutorAssignment, change: Change) -> None:
    if old.starts_on > change.last_day:
        raise RefusedError(f"{old.membership.user} begins on {old.starts_on:%-d %B %Y}. Choose a later day.")
    open_then = Q(ends_on=None) | Q(ends_on__gte=change.first_day)
    rows = TutorAssignment.objects.filter(open_then, pk=old.pk, group=change.group)
    if not rows.update(ends_on=change.last_day):
        raise RefusedError(f"{old.membership.user} no longer has {change.group} then: it was changed meanwhile.")


def _begin(to: Membership, change: Change) -> None:
    later = Q(ends_on=None) | Q(ends_on__gte=change.first_day)
    if TutorAssignment.objects.filter(later, membership=to, group=change.group).exists():
        raise RefusedError(f"{to.user} has {change.group} then already.")
    try:
        with transaction.atomic():
            TutorAssignment.objects.create(membership=to, group=change.group, starts_on=change.first_day)
    except IntegrityError as error:
        raise RefusedError(f"{to.user} has {change.group} then already.") from error
