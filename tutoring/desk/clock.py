"""The entitlement clock of a circle of students: gathers what tutoring.diary.clock reckons with, a query a source."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from core.ids import UUID
from students.due import DueLine
from students.models import Student
from tutoring.attendance.enums import StatClass
from tutoring.attendance.meaning import class_of
from tutoring.attendance.models import Mark
from tutoring.desk.calendar import Calendar
from tutoring.diary.clock import WAITING, Clock, Days, Standing, Turn
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import appointments_of
from tutoring.sessions.models import Entitlement
from tutoring.sessions.owed import promise_to, rule_of
from tutoring.sessions.selectors import Contacts

QUIET_AFTER = dt.timedelta(weeks=4)
NO_GROUP = "In no group"
NO_GROUP_KEY = UUID(int=0)
# Whoever leads is told what the forecast says in so many last school weeks of term (duty 10), and at any time of those
# who missed theirs, or did not want to come, so often.
LAST_WEEKS, OFTEN = 3, 2


@dataclass(frozen=True)
class GroupClock:
    """One tutor group's clock on the page of a house or a school; its key opens the students."""

    key: str
    name: str
    clock: Clock

    @property
    def missed(self) -> int:
        """Those who missed theirs or did not want to come, and have no other."""
        return self.clock.counts[Standing.MISSED] + self.clock.counts[Standing.REFUSED]


def clock_of(students: list[Student], calendar: Calendar, contacts: Mapping[UUID, Contacts]) -> Clock:
    """The clock of those students (as Today lists them) whose sessions the reader may know of: one query."""
    shown = [s for s in students if s.reads_sessions]  # type: ignore[attr-defined]
    keys = [s.pk for s in shown]
    rule = rule_of(shown[0]) if shown else Entitlement()
    booked = _appointments(keys, calendar)
    turns = [_turn(s, booked.get(s.pk, []), calendar, contacts) for s in shown]
    return Clock(turns, rule.per_term, days_of(calendar))


def clocks_by_group(students: list[Student], clock: Clock) -> list[GroupClock]:
    """The same clock for each tutor group of these students, by year and name: groups, and nobody's ranking."""
    turns = {turn.student_id: turn for turn in clock.turns}
    members: dict[tuple[int, str, str], list[Turn]] = defaultdict(list)
    for student in students:
        known = vars(student)  # annotations of `students_with_group`
        if student.pk in turns:
            group = (known["group_year"] or 0, known["group_name"] or NO_GROUP, str(known["group_id"] or NO_GROUP_KEY))
            members[group].append(turns[student.pk])
    ordered = sorted(members.items(), key=lambda item: item[0])
    return [GroupClock(key, name, Clock(of, clock.per_term, clock.days)) for (_, name, key), of in ordered]


def groups_due(students: list[Student], clock: Clock, calendar: Calendar) -> list[DueLine]:
    """For whoever leads: a line for each group of whom somebody will not be seen, by the last day of term.

    From the clock that the page has read already, so it asks the database nothing. Groups, and nobody's name.
    """
    end = clock.days.last
    if not end or not calendar.weeks_left:
        return []
    said = [(group, worries(group.clock, end, calendar.weeks_left)) for group in clocks_by_group(students, clock)]
    return [DueLine("coverage", UUID(group.key), f"{group.name}: {why}", None, end) for group, why in said if why]


def worries(clock: Clock, end: dt.date, weeks_left: int) -> str:
    """What whoever leads or manages is told of these students; "" where there is nothing."""
    missed = clock.will_be_missed if weeks_left <= LAST_WEEKS else 0
    often = sum(t.standing(clock.per_term) in WAITING and t.missed + t.refused >= OFTEN for t in clock.turns)
    found = [f"at this pace {missed} of {clock.entitled} {clock.will_miss} by {end.day} {end:%B}"] if missed else []
    if often:
        found.append(f"{often} did not come or want to come twice, and {'has' if often == 1 else 'have'} no other time")
    return "; ".join(found)


def days_of(calendar: Calendar) -> Days:
    """Of the term that today falls in, or of the last one."""
    if not calendar.term:
        return Days(0, 0, None)
    start, end = calendar.term.starts_on, calendar.term.ends_on
    gone = calendar.school_days(start, min(calendar.today, end))
    left = calendar.school_days(calendar.today + dt.timedelta(days=1), end)
    return Days(len(gone), len(left), end)


def _appointments(students: list[UUID], calendar: Calendar) -> dict[UUID, list[Appointment]]:
    """Of a kind that counts as being seen: a small group to come leaves a 1:1 still to be booked."""
    end = calendar.term.ends_on if calendar.term else calendar.today
    found: dict[UUID, list[Appointment]] = defaultdict(list)
    counting = appointments_of(students, calendar.term_start, end).filter(school_kind__counts=True)
    for appointment in counting.select_related(None):
        found[appointment.student_id].append(appointment)
    return found


def _turn(
    student: Student,
    appointments: list[Appointment],
    calendar: Calendar,
    contacts: Mapping[UUID, Contacts],
) -> Turn:
    days = contacts.get(student.pk, Contacts())
    ahead = [a.day for a in appointments if a.state == State.BOOKED and a.day >= calendar.today]
    return Turn(
        student_id=student.pk,
        name=student.sort_name,
        done=days.done,
        last=days.seen,
        ahead=tuple(ahead),
        missed=sum(a.state == State.MISSED for a in appointments),
        refused=sum(a.state == State.REFUSED for a in appointments),
        exempt=promise_to(student, days.done).exempt,
        quiet=days.spoken is None or calendar.today - days.spoken >= QUIET_AFTER,
    )


def with_presence(clock: Clock, marks: Mapping[UUID, list[Mark]], noted: Collection[UUID], today: dt.date) -> Clock:
    """The same clock, knowing who is in today and of whom something was noted lately: they are not quiet."""
    turns = [
        replace(t, present=_present(marks.get(t.student_id, []), today), quiet=t.quiet and t.student_id not in noted)
        for t in clock.turns
    ]
    return Clock(turns, clock.per_term, clock.days)


def _present(marks: list[Mark], today: dt.date) -> bool | None:
    """By the latest mark of today that says anything; elsewhere (a visit, another school) is not here."""
    classes = [class_of(mark.code, today) for mark in marks if mark.date == today]
    told = [kind for kind in classes if kind]
    return told[-1] == StatClass.PRESENT if told else None
