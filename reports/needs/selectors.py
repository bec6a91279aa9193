"""Narrowing students by need and circumstance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from students.enums import NEEDS_OF_AREA, BroadArea, SenNeed, SenStatus
from students.models import Student
from tutoring.groups.selectors import students_with_group

# The choices of the status filter: key → (words, condition). "Monitoring": a need is noted, without a status.
STATUSES: dict[str, tuple[str, Q]] = {
    "any": ("SEN support or EHCP", Q(sen_status__in=(SenStatus.SUPPORT, SenStatus.EHCP))),
    "K": ("SEN support", Q(sen_status=SenStatus.SUPPORT)),
    "E": ("EHCP", Q(sen_status=SenStatus.EHCP)),
    "monitoring": ("No status, a need noted (monitoring)", Q(sen_status=SenStatus.NONE) & ~Q(sen_need="")),
    "all": ("Everyone on roll", Q()),
}


@dataclass(frozen=True)
class NeedCount:
    """How many of the listed students have this primary need; `value` is what the filter calls it."""

    value: str
    label: str
    number: int


def students_filtered(students: QuerySet[Student], filters: Mapping[str, Any]) -> QuerySet[Student]:
    """Those to whom all the filters apply (names as in FilterForm); an empty filter lets everybody through."""
    students = students_with_group(students).filter(STATUSES[filters.get("status") or "all"][1])
    for name, field in (("year", "year_group"), ("house", "house_id"), ("group", "group_id")):
        if value := filters.get(name):
            students = students.filter(**{field: value})
    for flag in ("pupil_premium", "eal", "looked_after"):
        if filters.get(flag):
            students = students.filter(**{flag: True})
    return students_with_need(students, filters.get("need") or "")


def students_with_need(students: QuerySet[Student], value: str) -> QuerySet[Student]:
    """By one need ("SPLD"), a broad area ("area-semh") or none noted ("none")."""
    if value.startswith("area-"):
        return students.filter(sen_need__in=NEEDS_OF_AREA[BroadArea(value.removeprefix("area-"))])
    if value == "none":
        return students.filter(sen_need="")
    return students.filter(sen_need=value) if value else students


def counts_by_need(students: QuerySet[Student]) -> list[NeedCount]:
    """The needs that occur among them, the most frequent first."""
    rows = students.order_by().values("sen_need").annotate(number=Count("pk")).order_by("-number", "sen_need")
    labels = dict(SenNeed.choices) | {"": "No need noted"}
    return [NeedCount(row["sen_need"] or "none", str(labels[row["sen_need"]]), row["number"]) for row in rows]
