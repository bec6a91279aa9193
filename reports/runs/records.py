"""What the school's records say of many students at once: one query a kind of record, however many students.

Only what may go home is read here: nothing said in confidence, no flag, no other student.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, F, QuerySet

from accounts.models import School, User
from core.ids import UUID
from students.enums import TermName
from students.models import Student, Term
from students.selectors import year_start
from tutoring.attendance.selectors import figure_of_school, weeks_by_student
from tutoring.attendance.statistics import Figure
from tutoring.groups.selectors import tutors_by_group
from tutoring.progress.enums import BehaviourKind
from tutoring.progress.models import Assessment, BehaviourEvent, DataDrop, TermComment
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import NextStep, SessionDay, WordsForHome

Weeks = list[tuple[dt.date, Figure]]
_Row = TypeVar("_Row", Assessment, NextStep)

# The data drop of a term: calendar year × 10 + 1 spring, 2 summer, 3 autumn (as DataDrop.position).
_SEASON = {TermName.SPRING: 1, TermName.SUMMER: 2, TermName.AUTUMN: 3}


@dataclass(frozen=True)
class Frame:
    """What all reports of a run share. `until`: the last day spoken of. `after_break`: None before half term ended."""

    school: School
    term: Term
    made_on: dt.date
    until: dt.date
    year_start: dt.date
    after_break: dt.date | None
    school_figure: Figure


@dataclass(frozen=True)
class Records:
    """student id → what is recorded; a student of whom nothing is known is missing."""

    weeks: dict[UUID, Weeks]
    rewards: dict[UUID, int]
    sanctions: dict[UUID, int]
    meetings: dict[UUID, int]
    comments: dict[UUID, str]
    assessments: dict[UUID, list[Assessment]]
    steps: dict[UUID, list[NextStep]]
    words: dict[UUID, str]
    tutors: dict[UUID, list[User]]


def frame_of(term: Term, made_on: dt.date) -> Frame:
    """The shared part, for reports made on that day."""
    until = min(made_on, term.ends_on)
    after = term.break_ends_on + dt.timedelta(days=1) if term.break_ends_on else None
    start = year_start(term.school, until)
    return Frame(
        school=term.school,
        term=term,
        made_on=made_on,
        until=until,
        year_start=start,
        after_break=after if after and after <= until else None,
        school_figure=figure_of_school(term.school, start, until),
    )


def records_of(students: Sequence[Student], frame: Frame) -> Records:
    """Everything the reports of these students need (each with `group_id`), in a fixed number of queries."""
    counts = _behaviour_counts(students, frame)
    return Records(
        weeks=weeks_by_student(students, frame.year_start, frame.until),
        rewards=counts[BehaviourKind.POSITIVE],
        sanctions=counts[BehaviourKind.NEGATIVE],
        meetings=_meeting_counts(students, frame),
        comments=dict(
            TermComment.objects.filter(term=frame.term, student__in=students).values_list("student_id", "text")
        ),
        assessments=_by_student(_assessments(students, frame)),
        steps=_by_student(_steps(students, frame)),
        words=_words(students, frame),
        tutors=tutors_by_group({group for s in students if (group := getattr(s, "group_id", None))}),
    )


def position_of_term(term: Term) -> int:
    """Where the term's data drop stands among all; spring and summer lie in the next calendar year."""
    calendar_year = term.year if term.name == TermName.AUTUMN else term.year + 1
    return calendar_year * 10 + _SEASON[TermName(term.name)]


def _behaviour_counts(students: Sequence[Student], frame: Frame) -> dict[str, dict[UUID, int]]:
    events = BehaviourEvent.objects.filter(student__in=students, date__range=(frame.term.starts_on, frame.until))
    found: dict[str, dict[UUID, int]] = {kind: {} for kind in BehaviourKind.values}
    for student, kind, number in events.order_by().values_list("student_id", "kind").annotate(Count("pk")):
        found[kind][student] = number
    return found


def _meeting_counts(students: Sequence[Student], frame: Frame) -> dict[UUID, int]:
    """1:1s of the term that may be known at home to have taken place."""
    days = SessionDay.objects.filter(student__in=students, held_on__range=(frame.term.starts_on, frame.until))
    met = days.filter(kind=Kind.ONE_TO_ONE, may_go_home=True).order_by()
    return dict(met.values_list("student_id").annotate(Count("pk")))


def _for_home(students: Sequence[Student], frame: Frame) -> QuerySet[WordsForHome]:
    return WordsForHome.objects.filter(student__in=students, held_on__range=(frame.term.starts_on, frame.until))


def _assessments(students: Sequence[Student], frame: Frame) -> QuerySet[Assessment]:
    """Grades of the latest data drop by the end of the term, and of the one before it, latest drop first."""
    drops = DataDrop.objects.filter(school=frame.school, position__lte=position_of_term(frame.term))
    filled = drops.filter(assessments__student__school=frame.school).distinct().order_by("-position", "-name")
    rows = Assessment.objects.filter(student__in=students, data_drop__in=list(filled[:2]))
    return rows.select_related("subject", "data_drop").order_by(
        "student_id", "-data_drop__position", "-data_drop__name", "subject__name"
    )


def _steps(students: Sequence[Student], frame: Frame) -> QuerySet[NextStep]:
    agreed = _for_home(students, frame).values("session")
    steps = NextStep.objects.filter(session__in=agreed).select_related("owner_staff")
    steps = steps.annotate(agreed_on=F("session__words_for_home__held_on"))
    return steps.order_by("student_id", F("due_on").asc(nulls_last=True), "pk")


def _words(students: Sequence[Student], frame: Frame) -> dict[UUID, str]:
    """The student's latest own words of the term which the student was happy to have on the report."""
    said = _for_home(students, frame).exclude(words="")
    # Keys of sessions are in the order in which they were written.
    latest = said.order_by("student_id", "-held_on", "-session").distinct("student_id")
    return dict(latest.values_list("student_id", "words"))


def _by_student(rows: Iterable[_Row]) -> dict[UUID, list[_Row]]:
    found: dict[UUID, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.student_id, []).append(row)
    return found
