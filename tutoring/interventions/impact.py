"""Before each student joined and since, counted as the evidence of plans is; over five or more, the middle of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from django.utils import timezone

from accounts.models import School
from tutoring.interventions.models import Intervention, Member
from tutoring.plans.evidence import Evidence, Span, evidence_over

# Under five, a middle would be one student's.
FEWEST = 5


@dataclass(frozen=True)
class Middle:
    """The median change (since less before) over `compared` students with enough sessions on both sides."""

    compared: int
    absent: float
    late: float
    sanctions: float
    rewards: float


@dataclass(frozen=True)
class Row:
    """One student with what the figures say."""

    member: Member
    evidence: Evidence


@dataclass(frozen=True)
class Impact:
    """Student by student, and over all of them where they are enough."""

    rows: list[Row]
    middle: Middle | None = None
    measured: float | None = None

    @property
    def says_anything(self) -> bool:
        return any(row.evidence.is_enough or row.evidence.grades for row in self.rows)


def impact_of(intervention: Intervention, members: Sequence[Member], school: School) -> Impact:
    """Of these members, as far as whoever acts sees the figures; four queries."""
    spans = [Span(member.student, member.starts_on, _until(intervention, member)) for member in members]
    found = evidence_over(spans, school)
    rows = [Row(member, evidence) for member, evidence in zip(members, found, strict=True)]
    changes = [float(m.change) for m in members if m.change is not None]
    return Impact(rows, _middle(found), median(changes) if len(changes) >= FEWEST else None)


def _until(intervention: Intervention, member: Member) -> dt.date:
    """The day they left, else the last day of it; nothing is counted that is still to come."""
    ends = [member.ends_on, intervention.closed_on, intervention.ends_on, timezone.localdate()]
    return min(day for day in ends if day)


def _middle(found: Sequence[Evidence]) -> Middle | None:
    sides = [(e.before, e.since) for e in found if e.is_enough and e.before and e.since]
    if len(sides) < FEWEST:
        return None
    return Middle(
        len(sides),
        median(after.figure.absent - before.figure.absent for before, after in sides),
        median(after.figure.late - before.figure.late for before, after in sides),
        median(after.behaviour.sanctions - before.behaviour.sanctions for before, after in sides),
        median(after.behaviour.rewards - before.behaviour.rewards for before, after in sides),
    )
