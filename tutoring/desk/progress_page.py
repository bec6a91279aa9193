"""What the progress tab shows: one row a subject, grades across the data drops, and what changed."""

from dataclasses import dataclass

from tutoring.progress.grades import Change, change_of_grade
from tutoring.progress.models import Assessment, DataDrop
from tutoring.progress.selectors import direction

DROPS_SHOWN = 4


@dataclass(frozen=True)
class SubjectRow:
    """A subject: the grade at each shown drop (earliest first; "" where none), and the latest in full."""

    latest: Assessment
    grades: list[str]
    change: Change | None
    below: bool


def subjects(assessments: list[Assessment]) -> tuple[list[DataDrop], list[SubjectRow]]:
    """(The latest drops, earliest first; a row a subject by name.) `assessments` come newest drop first."""
    drops = sorted({a.data_drop for a in assessments}, key=lambda d: (d.position, d.name))[-DROPS_SHOWN:]
    by_subject: dict[str, dict[DataDrop, Assessment]] = {}
    for assessment in assessments:
        by_subject.setdefault(assessment.subject.name, {})[assessment.data_drop] = assessment
    rows = [_row(found, drops) for _, found in sorted(by_subject.items()) if any(d in found for d in drops)]
    return drops, rows


def _row(found: dict[DataDrop, Assessment], drops: list[DataDrop]) -> SubjectRow:
    taken = [found[d] for d in drops if d in found]
    latest = taken[-1]
    change = change_of_grade(taken[-2].working_at, latest.working_at) if len(taken) > 1 else None
    grades = [found[d].working_at if d in found else "" for d in drops]
    return SubjectRow(latest, grades, change, direction(latest.target, latest.working_at) < 0)
