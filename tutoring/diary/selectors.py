"""Which appointments a person may read, what became of them by student, and which times are still free.

Whose appointments somebody reads is said by the database (migration 0002): nothing is left for a selector to leave out.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Q, QuerySet
from django.utils import timezone

from accounts.models import School, User
from accounts.permissions import Permission, permissions_of
from core.ids import UUID
from core.stale import mark_of
from students.models import Student
from students.selectors import school_days, students_on_roll, term_ahead
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment, Slot, later
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import (
    roles_over,
    staff_who_see,
    students_of_caseload,
    students_of_groups,
    students_visible_to,
    tutors_of_student,
)
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind
from tutoring.sessions.owed import promise_to, students_with_rule, students_with_times_seen
from tutoring.sessions.selectors import kinds_in_use, last_seen

Students = QuerySet[Student] | Iterable[Student | UUID]
A_YEAR = dt.timedelta(days=365)


@dataclass(frozen=True, order=True)
class FreeSlot:
    """A time somebody gives on one day, not taken yet."""

    day: dt.date
    starts_at: dt.time
    minutes: int = 15
    room: str = ""

    @property
    def ends_at(self) -> dt.time:
        return later(self.starts_at, self.minutes)


@dataclass
class States:
    """Of one student's appointments: how many came to each state, and the last day of each; 0 and None for none."""

    counts: dict[State, int] = field(default_factory=dict)
    last: dict[State, dt.date] = field(default_factory=dict)

    def count(self, state: State) -> int:
        return self.counts.get(state, 0)

    def last_day(self, state: State) -> dt.date | None:
        return self.last.get(state)


def appointments_readable() -> QuerySet[Appointment]:
    """What whoever acts may read: of the students whose notes they read, and their own with students they see."""
    return Appointment.objects.select_related("student", "staff", "school_kind")


def appointments_of(students: Students, since: dt.date, until: dt.date) -> QuerySet[Appointment]:
    """Those of these students from `since` to `until`, both included, in whatever state, the earliest first."""
    return appointments_readable().filter(student__in=students, day__range=(since, until))


def appointments_not_held(student: Student, before: dt.date) -> QuerySet[Appointment]:
    """Those the student missed or refused before that day, the latest first, with their staff."""
    not_held = Appointment.objects.filter(student=student, state__in=(State.MISSED, State.REFUSED), day__lt=before)
    return not_held.select_related("staff", "school_kind").order_by("-day", "-starts_at")


def appointments_with(staff: User, since: dt.date, until: dt.date) -> QuerySet[Appointment]:
    """Those with one member of staff, as far as whoever acts may read them."""
    return appointments_readable().filter(staff=staff, day__range=(since, until))


def with_only_read(appointments: QuerySet[Appointment], reader: User) -> QuerySet[Appointment]:
    """Beside each `only_read`: this person reads it and does not keep it, so no page of its own answers them."""
    kept = Q(student__in=students_visible_to(reader, Permission.LOG_SESSION))
    return appointments.annotate(only_read=ExpressionWrapper(~kept, output_field=BooleanField()))


def states_by_student(students: Students, since: dt.date, until: dt.date) -> dict[UUID, States]:
    """Student id → how many of their appointments came to each state and when last, in one query; none are missing."""
    found: dict[UUID, States] = defaultdict(States)
    rows = Appointment.objects.filter(student__in=students, day__range=(since, until)).order_by()
    for student, state, number, day in rows.values_list("student_id", "state").annotate(n=Count("pk"), at=Max("day")):
        found[student].counts[State(state)] = number
        found[student].last[State(state)] = day
    return dict(found)


def next_appointment_by_student(students: Students, on: dt.date | None = None) -> dict[UUID, Appointment]:
    """Student id → the next one booked from that day on (today unless told), in one query; none are missing."""
    ahead = Appointment.objects.filter(student__in=students, state=State.BOOKED, day__gte=on or timezone.localdate())
    earliest = ahead.order_by("student_id", "day", "starts_at").distinct("student_id").select_related("staff")
    return {appointment.student_id: appointment for appointment in earliest}


def slots_of(staff: User) -> QuerySet[Slot]:
    """The times this person gives, now or from a day to come."""
    return Slot.objects.filter(staff=staff).exclude(ends_on__lt=timezone.localdate())


def free_slots(staff: User, start: dt.date, end: dt.date) -> list[FreeSlot]:
    """The times this person gives on school days from start to end (both included) and nothing booked overlaps.

    Four queries, however long. Of a colleague's appointments it knows those that whoever acts may read: what else is
    taken, booking refuses.
    """
    school: School | None = staff.school
    in_force = Q(starts_on__lte=end) & (Q(ends_on__isnull=True) | Q(ends_on__gte=start))
    slots = list(Slot.objects.filter(in_force, staff=staff))
    if school is None or not slots or end < start:
        return []
    taken = _taken(staff, start, end)
    return sorted(
        FreeSlot(day, slot.starts_at, slot.minutes, slot.room)
        for day in school_days(school, start, end)
        for slot in slots
        if _given_on(slot, day) and not overlaps(slot.starts_at, slot.ends_at, taken.get(day, []))
    )


def _given_on(slot: Slot, day: dt.date) -> bool:
    return slot.weekday == day.weekday() and slot.starts_on <= day and (slot.ends_on is None or day <= slot.ends_on)


def _taken(staff: User, start: dt.date, end: dt.date) -> dict[dt.date, list[Appointment]]:
    found: dict[dt.date, list[Appointment]] = defaultdict(list)
    kept = Appointment.objects.filter(staff=staff, state__in=(State.BOOKED, State.HELD), day__range=(start, end))
    for appointment in kept:
        found[appointment.day].append(appointment)
    return found


def overlaps(starts_at: dt.time, ends_at: dt.time, taken: Iterable[Appointment]) -> bool:
    """Whether a stretch of a day meets any of these, which are on that day; one may begin as the other ends."""
    return any(starts_at < other.ends_at and other.starts_at < ends_at for other in taken)


def booked_against(wanted: Appointment) -> list[Appointment]:
    """Those booked, of the same person or student on that day, that it would meet, the earliest first.

    Whoever is booked together with it is not in its way.
    """
    same_day = Appointment.objects.filter(day=wanted.day, state=State.BOOKED).exclude(pk=wanted.pk)
    if wanted.together:
        same_day = same_day.exclude(together=wanted.together, staff=wanted.staff_id)
    others = same_day.filter(Q(staff=wanted.staff_id) | Q(student=wanted.student_id))
    return [other for other in others if overlaps(wanted.starts_at, wanted.ends_at, [other])]


def booked_together(one: Appointment) -> QuerySet[Appointment]:
    """Those still booked at one time with it, itself among them; by key: whoever locks them does so in one order."""
    return Appointment.objects.filter(_beside(one), state=State.BOOKED).order_by("pk")


def kept_together(user: User, one: Appointment) -> QuerySet[Appointment]:
    """Those of them whom this person keeps, not only reads: what a page shows is what a lock finds (migration 0002)."""
    mine = students_visible_to(user, Permission.LOG_SESSION)
    return booked_together(one).filter(student__in=mine).select_related("student")


def all_together(user: User, one: Appointment) -> QuerySet[Appointment]:
    """Whoever was booked together with it and is this person's to keep, whatever became of them; by name."""
    found = appointments_readable().filter(_beside(one), student__in=students_visible_to(user, Permission.LOG_SESSION))
    return found.order_by("student__preferred_surname", "student__preferred_forename", "pk")


def _beside(one: Appointment) -> Q:
    return Q(together=one.together, staff=one.staff_id) if one.together else Q(pk=one.pk)


def mark_of_these(booked: Iterable[Appointment]) -> str:
    """Changes when one of them is moved, ended or put back; "" where none is left."""
    said = [f"{a.pk} {a.day} {a.starts_at:%H:%M} {a.minutes} {a.room}" for a in booked]
    return mark_of("\x1f".join(said)) if said else ""


def term_plan(
    staff: User, students: Sequence[Student], start: dt.date, end: dt.date
) -> list[tuple[Student, FreeSlot | None]]:
    """Each student, in the order given, with the next free time of this person; None for whom none is left.

    Whoever comes in it twice has the second in the second half of these days, and so on. Nobody is given a time after
    their last day here.
    """
    free, rounds = free_slots(staff, start, end), max(Counter(students).values(), default=1)
    plan: list[tuple[Student, FreeSlot | None]] = []
    for student in students:
        before = [slot.day for other, slot in plan if other == student and slot]
        nth = sum(other == student for other, _ in plan)
        first = max([start + (end - start) * nth // rounds, *(day + dt.timedelta(days=1) for day in before)])
        last = student.left_on or end
        slot = next((slot for slot in free if first <= slot.day <= last), None)
        if slot:
            free.remove(slot)
        plan.append((student, slot))
    return plan


def kind_of_1_1(staff: User) -> SessionKind | None:
    """What their school books as a 1:1: the first such kind in use."""
    return kinds_in_use(staff.school).filter(kind=Kind.ONE_TO_ONE).first() if staff.school else None


def students_to_book(
    user: User, group: TutorGroup | None, *, everybody: bool, day: dt.date | None = None
) -> list[Student]:
    """My students (of one group) in the order in which to book them: the longest unseen first, then by name; whoever is
    owed two, twice, when all have been named once.

    Of the term that `day` (today) falls in or that begins next. Left out are those who have booked what is owed to them
    in it and, unless `everybody`, those to whom nothing is owed (seen as often as promised, or exempt). Six queries.
    """
    mine = students_on_roll(students_visible_to(user, Permission.LOG_SESSION)).filter(pk__in=students_of_caseload(user))
    if group:
        mine = mine.filter(pk__in=students_of_groups([group]))
    today = timezone.localdate()
    term = term_ahead(user.school, day or today) if user.school else None
    since = term.starts_on if term else today
    ruled = students_with_rule(mine, user.school, max(today, since))
    students = list(students_with_times_seen(ruled, since=since))
    booked = _times_booked(students, max(today, since), term.ends_on if term else today + A_YEAR)
    seen = last_seen(students, since=today - A_YEAR)
    students.sort(key=lambda s: (seen.get(s.pk, dt.date.min), s.sort_name))
    often = {s: (promise_to(s, vars(s)["times_seen"]).wanting or int(everybody)) - booked[s.pk] for s in students}
    return [s for nth in range(max(often.values(), default=0)) for s in students if often[s] > nth]


def _times_booked(students: list[Student], since: dt.date, until: dt.date) -> Counter[UUID]:
    """Student id → how many times of a kind that counts as being seen are booked in these days."""
    ahead = Appointment.objects.filter(student__in=students, state=State.BOOKED, day__range=(since, until))
    return Counter(ahead.filter(school_kind__counts=True).values_list("student_id", flat=True))


def students_to_book_among(user: User, ids: Iterable[UUID]) -> dict[UUID, Student]:
    """Student id → student, of these, for whom this person may book."""
    return {s.pk: s for s in students_visible_to(user, Permission.LOG_SESSION).filter(pk__in=ids)}


def staff_to_book_for(user: User, student: Student) -> list[User]:
    """Whose diary this person may put the student into: their own, and the tutors' where they read the notes."""
    mine = [user]
    if Permission.VIEW_TEAM_SESSION not in permissions_of(roles_over(user, student)):
        return mine
    able = staff_who_see(student, Permission.LOG_SESSION)
    return [*mine, *tutors_of_student(student).filter(pk__in=able).exclude(pk=user.pk)]


def colleagues_booked(user: User, since: dt.date, until: dt.date) -> list[User]:
    """Colleagues with appointments in these days that this person may read, by name."""
    theirs = Appointment.objects.filter(day__range=(since, until)).exclude(staff=user)
    return list(User.objects.filter(pk__in=theirs.values("staff")))
