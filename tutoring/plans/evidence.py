"""What the figures say before a plan and since: equally many school weeks on both sides, and plain cautions.

A school week is a whole one (marks are counted by weeks) in which the student could attend. The week in which a plan
begins in the middle stands on neither side.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import School
from core.ids import UUID
from students.enums import TermName
from students.models import Student, Term
from students.selectors import terms_of
from tutoring.attendance.selectors import weeks_by_student
from tutoring.attendance.statistics import Figure
from tutoring.plans.models import ActionPlan
from tutoring.progress.enums import BehaviourKind
from tutoring.progress.models import Assessment
from tutoring.progress.selectors import BehaviourTotals, assessments_by_student, behaviour_days, direction

# Ten sessions make a full week: less than two weeks on a side says nothing.
FEWEST_POSSIBLE = 20
_FRIDAY, _SUNDAY = dt.timedelta(days=4), dt.timedelta(days=6)
Weeks = list[tuple[dt.date, Figure]]


@dataclass(frozen=True)
class Side:
    """The weeks before a plan, or since; whole numbers."""

    first: dt.date
    last: dt.date
    figure: Figure
    behaviour: BehaviourTotals


@dataclass(frozen=True)
class Moved:
    """Subjects with a grade in both data drops, and what became of it."""

    before: str
    since: str
    up: int
    same: int
    down: int


@dataclass(frozen=True)
class Evidence:
    """`weeks` on each side; no sides where there is no whole week yet."""

    weeks: int = 0
    before: Side | None = None
    since: Side | None = None
    grades: Moved | None = None

    @property
    def is_enough(self) -> bool:
        """Whether both sides have the sessions that it takes to say anything."""
        sides = [side for side in (self.before, self.since) if side]
        return len(sides) == 2 and all(side.figure.possible >= FEWEST_POSSIBLE for side in sides)


def split_weeks(weeks: Weeks, start: dt.date, end: dt.date) -> tuple[Weeks, Weeks]:
    """The last weeks that were over when the plan began, and as many of the first that began and ended within it."""
    could = [(monday, figure) for monday, figure in weeks if figure.possible]
    before = [week for week in could if week[0] + _SUNDAY < start]
    since = [week for week in could if start <= week[0] and week[0] + _FRIDAY <= end]
    size = min(len(before), len(since))
    return before[len(before) - size :], since[:size]


@dataclass(frozen=True)
class Span:
    """One student, from the day something began to the last day that is looked at."""

    student: Student
    start: dt.date
    end: dt.date


def evidence_of(plan: ActionPlan) -> Evidence:
    """Before the plan and since, until it was closed: as far as whoever acts sees these figures; four queries."""
    today = timezone.localdate()
    span = Span(plan.student, plan.started_on, min(plan.closed_on or today, today))
    return evidence_over([span], plan.student.school)[0]


def evidence_over(spans: Sequence[Span], school: School) -> list[Evidence]:
    """Of each span, in their order; four queries, however many there are."""
    if not spans:
        return []
    students = [span.student for span in spans]
    known = weeks_by_student(students, dt.date.min, max(span.end for span in spans))
    split = [split_weeks(known.get(span.student.pk, []), span.start, span.end) for span in spans]
    behaviour = _behaviour(students, [week for sides in split for side in sides for week, _ in side])
    grades, terms = assessments_by_student(students), list(terms_of(school))
    found = []
    for span, (before, since) in zip(spans, split, strict=True):
        key = span.student.pk
        moved = _grades(grades.get(key, []), terms, span.start, span.end)
        events = behaviour.get(key, [])
        earlier, later = (_side(events, before), _side(events, since)) if since else (None, None)
        found.append(Evidence(len(since), earlier, later, moved))
    return found


def _behaviour(students: list[Student], mondays: list[dt.date]) -> dict[UUID, list[tuple[dt.date, str, int]]]:
    return behaviour_days(students, min(mondays), max(mondays) + _SUNDAY) if mondays else {}


def _side(events: list[tuple[dt.date, str, int]], weeks: Weeks) -> Side:
    first, last = weeks[0][0], weeks[-1][0] + _SUNDAY
    figure = sum((figure for _, figure in weeks), Figure())
    points: dict[str, list[int]] = {kind: [] for kind in BehaviourKind}
    for day, kind, number in events:
        if first <= day <= last:
            points[kind].append(number)
    good, bad = points[BehaviourKind.POSITIVE], points[BehaviourKind.NEGATIVE]
    totals = BehaviourTotals(len(good), len(bad), sum(good), sum(bad))
    return Side(first, last - dt.timedelta(days=2), figure, totals)


def _grades(rows: list[Assessment], terms: list[Term], start: dt.date, end: dt.date) -> Moved | None:
    """From the data drop of the term in which the span began, or the last before, to the latest after it.

    A drop knows its term and not its day: one of the first term counts as before, so that nothing is claimed too soon.
    """
    began, ended = _position(terms, start), _position(terms, end)
    drops: dict[int, tuple[str, dict[UUID, str]]] = {}
    for row in rows:
        _, grades = drops.setdefault(row.data_drop.position, (row.data_drop.name, {}))
        grades[row.subject_id] = row.working_at
    earlier = max((position for position in drops if position <= began), default=None)
    later = max((position for position in drops if began < position <= ended), default=None)
    if earlier is None or later is None:
        return None
    (name, old), (new_name, new) = drops[earlier], drops[later]
    ways = [direction(old[subject], new[subject]) for subject in old.keys() & new.keys() if old[subject]]
    return Moved(name, new_name, ways.count(1), ways.count(0), ways.count(-1)) if ways else None


_SEASONS = {TermName.SPRING: 1, TermName.SUMMER: 2, TermName.AUTUMN: 3}


def _position(terms: list[Term], day: dt.date) -> int:
    """Of the data drop of that day's term, or of the last term that had begun (DataDrop.position)."""
    begun = [term for term in terms if term.starts_on <= day]
    if not begun:
        return 0
    season = _SEASONS[TermName(begun[-1].name)]
    return (begun[-1].year + (season != 3)) * 10 + season
