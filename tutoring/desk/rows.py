"""One row of the list of students: what stands beside a name, as far as the reader may know it."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from accounts.models import User
from core.ids import UUID
from students.models import Student
from tutoring.attendance.statistics import Figure
from tutoring.desk.calendar import Calendar
from tutoring.desk.header import support_chips
from tutoring.plans.selectors import open_counts, steps_going_on
from tutoring.sessions.owed import Promise, promise_to
from tutoring.sessions.selectors import open_steps_readable, step_counts


@dataclass(frozen=True)
class Row:
    """A student with last 1:1, attendance, steps and chips; None stands for "not for this reader"."""

    student: Student
    group: str
    last_seen: dt.date | None
    seen_known: bool
    promise: Promise | None
    figure: Figure | None
    open_steps: int
    overdue: int
    chips: list[str]


def student_rows(students: list[Student], user: User, calendar: Calendar) -> list[Row]:
    """Rows for one page of students; one query, however many there are."""
    keys = [s.pk for s in students]
    steps = open_steps_readable(user).filter(student__in=keys).exclude(pk__in=steps_going_on())
    counts, late = Counter[UUID](), Counter[UUID]()
    planned = open_counts(keys, calendar.today)
    for key, number, overdue in step_counts(steps, calendar.today).union(planned, all=True):
        counts[key] += number
        late[key] += overdue
    return [_row(student, counts, late) for student in students]


def _row(student: Student, counts: dict[UUID, int], late: dict[UUID, int]) -> Row:
    known = vars(student)  # the annotations of `students_listed`
    seen = known["last_seen_on"] if known["reads_sessions"] else None
    possible, absent = known["sessions"] or (0, 0)
    return Row(
        student=student,
        group=known["group_name"] or "",
        last_seen=seen,
        seen_known=known["reads_sessions"],
        promise=promise_to(student, known["times_seen"]) if known["reads_sessions"] else None,
        figure=Figure(possible, possible - absent, absent) if known["reads_attendance"] else None,
        open_steps=counts.get(student.pk, 0),
        overdue=late.get(student.pk, 0),
        chips=support_chips(student) if known["reads_support"] else [],
    )
