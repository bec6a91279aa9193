"""Noting whether a habit was kept; the database asks whether the day fits and the plan is open (migration 0007)."""

import datetime as dt

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from accounts.models import User
from audit.services import record
from tutoring.plans.models import HabitCheck, PlanTarget


@transaction.atomic
def say_habit(*, by: User, target: PlanTarget, day: dt.date, kept: bool) -> None:
    """One answer a day or week; another tap, by whoever, puts it right."""
    said = HabitCheck.objects.filter(target=target, day=day)
    if not said.update(kept=kept, by=by):
        try:
            with transaction.atomic():
                HabitCheck.objects.create(target=target, student_id=target.student_id, day=day, kept=kept, by=by)
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):  # else a colleague tapped at this very moment
                raise
            said.update(kept=kept, by=by)
    record("habit.noted", by=by, obj=target, kept=kept)
