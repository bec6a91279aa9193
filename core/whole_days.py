"""A page by time: the latest rows of one source, day by whole day, and no more than the page can need."""

import datetime as dt
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

_M = TypeVar("_M", bound=Model)


def whole_days(rows: QuerySet[_M, Any], day: str, least: int, floor: dt.date | int = dt.date.min) -> QuerySet[_M, Any]:
    """Of the rows those of the latest days that hold `least` of them, and of one day more; no day in part.

    So a page of `least` entries out of several such sources misses none of its days, and sees whether the story goes
    on. `day` names the column (a date, or whatever numbers go up with it: `floor` lies below them all). One statement.
    """
    days = rows.order_by(F(day).desc()).values(day)
    holds = Subquery(days[least - 1 : least])
    more = Subquery(days.filter(**{f"{day}__lt": holds})[:1])
    return rows.filter(**{f"{day}__gte": Coalesce(more, Value(floor))})
