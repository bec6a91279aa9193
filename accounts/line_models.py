"""Who manages whom: the line of a school, beside its roles. It says who is told, never who may read (decision 0016)."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.school_models import School
from audit.history import keep_history
from core.models import Record


class LineQuerySet(models.QuerySet["LineManager"]):
    """Narrowings of lines."""

    def current(self, on: dt.date | None = None) -> "LineQuerySet":
        """Those in force on that day (today unless told)."""
        day = on or timezone.localdate()
        return self.not_over(day).filter(starts_on__lte=day)

    def not_over(self, day: dt.date) -> "LineQuerySet":
        """Those of that day and later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


@keep_history()
class LineManager(Record):
    """A colleague whom another manages, for a time; several may, and nobody in a circle (a trigger holds it)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="line_managers")
    manager = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="manages")
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="line_dates_in_order"
            ),
            models.CheckConstraint(condition=~Q(person=F("manager")), name="line_not_to_oneself"),
            models.UniqueConstraint(
                fields=["person", "manager"], condition=Q(ends_on__isnull=True), name="line_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manager} manages {self.person}"
