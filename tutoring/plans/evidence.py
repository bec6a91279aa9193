"""What the figures say before a plan and since: equally many school weeks on both sides, and plain cautions.

A school week is a whole one (marks are counted by weeks) in which the student could attend. The week in which a plan
begins in the middle stands on neither side.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from core.ids import UUID
from students.enums import TermName
from students.models import Student, Term
from students.selectors import terms_of
from tutoring.attendance.selectors import weeks_by_student
from tutoring.attendance.statistics import Figure
from tutoring.plans.models import ActionPlan
from tutoring.progress.selectors import BehaviourTotals, assessments_of_student, behaviour_totals, direction

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


def evidence_of(plan: ActionPlan) -> Evidence:
    """Before the plan and since, until it was closed: as far as whoever acts sees these figures; five queries."""
    student, today = plan.student, timezone.localdate()
    end = min(plan.closed_on or today, today)
    known = weeks_by_student([student], dt.date.min, end).get(student.pk, [])
    before, since = split_weeks(known, plan.started_on, end)
    grades = _grades(student, plan.started_on, end)
    if not since:
        return Evidence(grades=grades)
    return Evidence(len(since), _side(student, before), _side(student, since), grades)


def _side(student: Student, weeks: Weeks) -> Side:
    first, last = weeks[0][0], weeks[-1][0] + _SUNDAY
    figure = sum((figure for _, figure in weeks), Figure())
    return Side(first, last - dt.timedelta(days=2), figure, behaviour_totals(student, first, last))


def _grades(student: Student, start: dt.date, end: dt.date) -> Moved | None:
    """From the data drop of the term in which the plan began, or the last before, to the latest after it.

    A drop knows its term and not its day: one of the first term counts as before, so that nothing is claimed too soon.
    """
    terms = list(terms_of(student.school))
    began, ended = _position(terms, start), _position(terms, end)
    drops: dict[int, tuple[str, dict[UUID, str]]] = {}
    for row in assessments_of_student(student):
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
