"""What a tutor looks up before writing a term's comment, for a whole group in a fixed number of queries."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from core.ids import UUID
from students.models import Student, Term
from students.selectors import year_start
from tutoring.attendance.selectors import figures_by_student
from tutoring.attendance.statistics import Figure
from tutoring.progress.models import TermComment
from tutoring.progress.selectors import Course, courses_by_student
from tutoring.sessions.selectors import sessions_readable, steps_readable


@dataclass(frozen=True)
class Facts:
    """Beside one box. `figure` is for the year so far, the counts for the term; `words` only if they may go home."""

    figure: Figure
    course: Course
    seen: int = 0
    last_seen: dt.date | None = None
    steps_open: int = 0
    steps_done: int = 0
    words: str = ""
    last_comment: str = ""


@dataclass
class _Talks:
    seen: int = 0
    last_seen: dt.date | None = None
    words: str = ""


def facts_by_student(user: User, students: Sequence[Student], term: Term) -> dict[UUID, Facts]:
    """Student id → Facts, only from what this person may read; six queries for any number of students."""
    figures = figures_by_student(students, year_start(term.school, term.starts_on))
    courses = courses_by_student(students, term.school)
    talks = _talks(user, students, term)
    is_open, is_done = _step_counts(user, students, term)
    before = _comments_before(students, term)
    facts = {}
    for key in (student.pk for student in students):
        talk = talks.get(key, _Talks())
        facts[key] = Facts(
            figures.get(key, Figure()), courses.get(key, Course()), talk.seen, talk.last_seen,
            is_open[key], is_done[key], talk.words, before.get(key, ""),
        )  # fmt: skip
    return facts


def _talks(user: User, students: Sequence[Student], term: Term) -> dict[UUID, _Talks]:
    talks: dict[UUID, _Talks] = {}
    sessions = sessions_readable().filter(student__in=students, held_on__range=(term.starts_on, term.ends_on))
    rows = sessions.order_by("held_on").values_list(
        "student_id", "school_kind__counts", "held_on", "for_report", "student_words"
    )
    for key, counts, day, for_report, words in rows:
        talk = talks.setdefault(key, _Talks())
        if counts:
            talk.seen, talk.last_seen = talk.seen + 1, day
        if for_report and words:
            talk.words = words
    return talks


def _step_counts(user: User, students: Sequence[Student], term: Term) -> tuple[Counter[UUID], Counter[UUID]]:
    is_open: Counter[UUID] = Counter()
    is_done: Counter[UUID] = Counter()
    rows = steps_readable(user).filter(student__in=students).order_by().values_list("student_id", "done_on")
    for key, done_on in rows:
        if done_on is None:
            is_open[key] += 1
        elif term.starts_on <= done_on <= term.ends_on:
            is_done[key] += 1
    return is_open, is_done


def _comments_before(students: Sequence[Student], term: Term) -> dict[UUID, str]:
    """Each one's latest comment of an earlier term, so that the same words are not sent twice."""
    rows = TermComment.objects.filter(student__in=students, term__starts_on__lt=term.starts_on)
    return dict(rows.order_by("term__starts_on").values_list("student_id", "text"))


def comment_texts(students: Sequence[Student], term: Term) -> dict[UUID, str]:
    """Student id → the comment saved for this term."""
    return dict(TermComment.objects.filter(student__in=students, term=term).values_list("student_id", "text"))
