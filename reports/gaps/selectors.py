"""Reading, for many students at once, what a group is measured by: one query each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Count, Q, QuerySet

from accounts.models import School
from core.ids import UUID
from students.enums import EthnicGroup, ethnic_group_of
from students.models import Ethnicity, Student
from tutoring.conduct.totals import Span
from tutoring.plans.selectors import plans_readable
from tutoring.progress.grades import change_of_grade
from tutoring.progress.models import Assessment
from tutoring.progress.selectors import data_drops_latest
from tutoring.sessions.models import SessionDay
from tutoring.sessions.selectors import COUNTS


def seen_by_student(students: QuerySet[Student], spans: Mapping[str, Span]) -> dict[str, dict[UUID, int]]:
    """Name of the span → student id → how often seen in it, whoever wrote it."""
    rows = SessionDay.objects.filter(student__in=students).order_by().values_list("student_id")
    names = list(spans)
    counts = {f"in_{name}": Count("pk", filter=COUNTS & Q(held_on__range=spans[name])) for name in names}
    found: dict[str, dict[UUID, int]] = {name: {} for name in names}
    for student, *numbers in rows.annotate(**counts):
        for name, number in zip(names, numbers, strict=True):
            found[name][student] = number
    return found


def plan_spans(students: QuerySet[Student]) -> dict[UUID, list[tuple[dt.date, dt.date | None]]]:
    """Student id → (first day, day it was closed or None) of each plan; of whoever has none, an empty list."""
    found: dict[UUID, list[tuple[dt.date, dt.date | None]]] = defaultdict(list)
    rows = plans_readable().filter(student__in=students).order_by()
    for student, start, end in rows.values_list("student_id", "started_on", "closed_on"):
        found[student].append((start, end))
    return found


def ethnic_groups(students: QuerySet[Student]) -> dict[UUID, str]:
    """Student id → main ethnic group; of whoever has nothing on file, not known. Only to count groups with."""
    found: dict[UUID, str] = defaultdict(lambda: EthnicGroup.NOT_KNOWN.value)
    rows = Ethnicity.objects.filter(student__in=students).order_by().values_list("student_id", "code")
    found.update((student, ethnic_group_of(code).value) for student, code in rows)
    return found


def grades_by_student(
    students: QuerySet[Student], school: School, names: Sequence[str]
) -> dict[str, dict[UUID, tuple[int, int]]]:
    """Name → student id → (subjects at target or above, subjects with both on a scale that is known).

    The first name is the newest data drop, the second the one before; two queries.
    """
    drops = dict(zip((drop.pk for drop in data_drops_latest(school, len(names))), names, strict=False))
    rows = Assessment.objects.filter(student__in=students, data_drop__in=list(drops)).order_by()
    found: dict[str, dict[UUID, tuple[int, int]]] = {name: {} for name in names}
    for student, drop, target, grade in rows.values_list("student_id", "data_drop_id", "target", "working_at"):
        change = change_of_grade(target, grade)
        if change and change.direction is not None:
            reached, number = found[drops[drop]].get(student, (0, 0))
            found[drops[drop]][student] = (reached + (change.direction >= 0), number + 1)
    return found
