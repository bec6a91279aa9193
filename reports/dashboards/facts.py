"""What is known about each student of a list: read once, one query a source, however many students there are.

That a 1:1 took place, and when, counts here whoever wrote it and whoever may read it: whether everyone has been seen
is what a head of house answers for. Its text, and that of a step agreed in it, stay with those who may read it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import School, User
from core.ids import UUID
from reports.dashboards.selectors import (
    Conduct,
    Days,
    Open,
    Step,
    conduct_by_student,
    contact_days,
    steps_by_student,
    students_with_comment,
)
from students.models import Student, Term
from students.selectors import terms_of
from tutoring.attendance.selectors import figures_in_windows, monday_of
from tutoring.attendance.statistics import Figure
from tutoring.groups.selectors import students_with_group
from tutoring.progress.selectors import Fall, courses_by_student, falls_by_student
from tutoring.sessions.owed import Promise, promise_to, students_with_rule


@dataclass(frozen=True)
class Moment:
    """The day from which everything is counted: today, its term, and where its school year began."""

    today: dt.date
    term: Term | None
    year_start: dt.date

    @property
    def term_start(self) -> dt.date:
        return self.term.starts_on if self.term else self.year_start

    @property
    def fortnight_start(self) -> dt.date:
        """Monday of last week: signs that somebody needs a word are looked for from here on."""
        return monday_of(self.today) - dt.timedelta(weeks=1)

    @property
    def week_ago(self) -> dt.date:
        """A step due on this day or later was not overdue a week ago."""
        return self.today - dt.timedelta(weeks=1)

    @property
    def month_start(self) -> dt.date:
        """Monday three weeks before this week's."""
        return monday_of(self.today) - dt.timedelta(weeks=3)

    def windows(self) -> dict[str, tuple[dt.date, dt.date | None]]:
        """Spans of whole weeks for the attendance figures; `before` ends where last week began."""
        return {
            "year": (self.year_start, self.today),
            "fortnight": (self.fortnight_start, self.today),
            "month": (self.month_start, self.today),
            "before": (self.year_start, self.fortnight_start - dt.timedelta(days=1)),
        }


@dataclass(frozen=True)
class StudentFacts:
    """One student, and what a dashboard or a list may say. `below` is None where grades were not asked for."""

    student: Student
    group_id: UUID | None
    group_name: str
    moment: Moment
    year: Figure
    fortnight: Figure
    month: Figure
    before: Figure
    promise: Promise
    seen_on: dt.date | None
    spoken_on: dt.date | None
    open: tuple[Step, ...]
    conduct: Conduct
    fall: Fall | None
    commented: bool
    below: tuple[str, ...] | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """Open steps, of 1:1s and of plans."""
        return tuple(s for s in self.open if s.kind != Open.REVIEW)

    @property
    def overdue(self) -> tuple[Step, ...]:
        """Open steps and reviews whose day is past, the longest overdue first."""
        return tuple(s for s in self.open if s.due_on and s.due_on < self.moment.today)

    @property
    def steps_overdue(self) -> int:
        """How many of them are steps."""
        return sum(s.kind != Open.REVIEW for s in self.overdue)


def moment_of(school: School, today: dt.date | None = None) -> Moment:
    """The school's present moment, in one query; 1 September where the calendar does not say."""
    day = today or timezone.localdate()
    begun = [term for term in terms_of(school).order_by("starts_on") if term.starts_on <= day]
    term = begun[-1] if begun else None
    if term:
        return Moment(day, term, min(t.starts_on for t in begun if t.year == term.year))
    return Moment(day, None, dt.date(day.year if day.month >= 9 else day.year - 1, 9, 1))


def facts_of(students: QuerySet[Student], moment: Moment, reader: User, *, grades: bool = False) -> list[StudentFacts]:
    """The facts of each of these students, in seven queries (eight with grades), in the order of the queryset."""
    ids = students.order_by()
    figures = figures_in_windows(ids, moment.windows())
    days = contact_days(ids, moment.term_start, moment.today)
    steps = steps_by_student(ids, reader)
    conduct = conduct_by_student(ids, moment.month_start)
    falls = falls_by_student(ids, reader.school)
    commented = students_with_comment(ids, moment.term)
    courses = courses_by_student(ids, reader.school) if grades and reader.school else {}
    nothing = dict.fromkeys(moment.windows(), Figure())
    found = []
    annotated: Iterable[Any] = students_with_rule(students_with_group(students), reader.school, moment.today)
    for student in annotated:
        pk = student.pk
        talks = days.get(pk, Days())
        found.append(
            StudentFacts(
                student=student,
                group_id=student.group_id,
                group_name=student.group_name or "",
                moment=moment,
                **figures.get(pk, nothing),
                promise=promise_to(student, talks.done),
                seen_on=talks.seen_on,
                spoken_on=talks.spoken_on,
                open=tuple(steps.get(pk, ())),
                conduct=conduct.get(pk, Conduct()),
                fall=falls.get(pk),
                commented=pk in commented,
                below=courses[pk].below if pk in courses else None,
            )
        )
    return found
