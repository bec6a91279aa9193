"""What the attendance tab shows about one student: figures with counts, codes, the marks grid, the notice rule."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from students.models import Student
from tutoring.attendance.meaning import MASKED_CODES, NO_MARK, Square, class_of, label_of, square
from tutoring.attendance.models import Mark
from tutoring.attendance.notice import Seen, Window, first_window_met, latest_window, of_compulsory_age, reason_due
from tutoring.attendance.statistics import Figure
from tutoring.desk.calendar import Calendar, monday_of


@dataclass(frozen=True)
class Span:
    """A half term, or the year, with its figure."""

    label: str
    figure: Figure


@dataclass(frozen=True)
class CodeLine:
    """How often a code was given; private codes are added up under their class for readers without reasons."""

    code: str
    label: str
    kind: str
    number: int


@dataclass(frozen=True)
class GridWeek:
    """One week of the register: ten squares, None where there is no mark."""

    week: dt.date
    squares: list[tuple[Square | None, str]]


@dataclass(frozen=True)
class Unsettled:
    """An N that should have become another code by now: its session and the last day there was for it."""

    mark: Seen
    due: dt.date


def spans(weeks: Sequence[tuple[dt.date, Figure]], calendar: Calendar) -> list[Span]:
    """The year to date and each half term that has begun, from weekly counts; a week belongs to its Monday."""
    found = [Span("This school year", _sum(f for w, f in weeks if w >= monday_of(calendar.year_start)))]
    for term in reversed([t for t in calendar.terms if calendar.term and t.year == calendar.term.year]):
        cut = monday_of(term.break_ends_on + dt.timedelta(days=3)) if term.break_ends_on else None
        halves = [(term.starts_on, cut, "first half"), (cut, term.ends_on, "second half")] if cut else []
        for start, end, words in reversed(halves or [(term.starts_on, term.ends_on, "")]):
            if start and start <= calendar.today:
                inside = [f for w, f in weeks if monday_of(start) <= w < (end or start)]
                found.append(Span(f"{term.get_name_display()} term, {words}".removesuffix(", "), _sum(inside)))
    return found


def _sum(figures: Iterable[Figure]) -> Figure:
    return sum(figures, Figure())


def code_lines(counts: Sequence[tuple[str, dt.date, int]], *, reasons: bool) -> list[CodeLine]:
    """The table of codes; marks that mean nothing on their day are shown as such."""
    numbers: Counter[tuple[str, str, str]] = Counter()
    for code, day, number in counts:
        kind = class_of(code, day)
        words = kind.label if kind else "Not counted"
        if code in MASKED_CODES and not reasons:
            numbers["", f"{words} (reason not shown)", words] += number
        else:
            numbers["–" if code in NO_MARK else code, label_of(code, day), words] += number
    return [CodeLine(code, label, kind, number) for (code, label, kind), number in numbers.most_common()]


def grid(marks: Sequence[Mark], *, reasons: bool) -> list[GridWeek]:
    """The marks of some weeks, the latest week first, Monday morning to Friday afternoon."""
    by_session = {(m.date, m.session): m for m in marks}
    weeks = sorted({monday_of(m.date) for m in marks}, reverse=True)
    return [GridWeek(week, [_cell(by_session, week, n, reasons) for n in range(10)]) for week in weeks]


def _cell(
    marks: dict[tuple[dt.date, str], Mark], week: dt.date, number: int, reasons: bool
) -> tuple[Square | None, str]:
    day, session = week + dt.timedelta(days=number // 2), ("AM", "PM")[number % 2]
    mark = marks.get((day, session))
    when = f"{day:%a} {day.day} {day:%b} {session}"
    if not mark:
        return None, when
    late = f", {mark.minutes_late} min" if mark.minutes_late else ""
    drawn = square(mark.code, day, reasons=reasons)
    return drawn, f"{when}: {drawn.label}{late}"


@dataclass(frozen=True)
class Notice:
    """The penalty-notice threshold for this student: the window up to now, and the first one in which it was met."""

    applies: bool
    now: Window | None
    met: Window | None


def notice(student: Student, marks: Sequence[Seen], today: dt.date) -> Notice:
    """Above compulsory school age the threshold does not apply."""
    born = student.date_of_birth
    applies = of_compulsory_age(born, today) if born else (student.year_group or 0) <= 11
    return Notice(applies, latest_window(marks), first_window_met(marks))


def unsettled(marks: Sequence[Seen], calendar: Calendar) -> list[Unsettled]:
    """Every N whose five school days are over, oldest first."""
    absent = [m for m in marks if m.code == "N"]
    if not absent:
        return []
    days = calendar.school_days(min(m.date for m in absent), calendar.today)
    dues = [(m, reason_due(m.date, days)) for m in sorted(absent)]
    return [Unsettled(m, due) for m, due in dues if due and due < calendar.today]
