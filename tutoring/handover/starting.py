"""The first day of a new school year: the years move by themselves, in the name of whoever did the rollover."""

import logging

from django.utils import timezone

from core.acting import Actor, acting_as, acting_as_system
from tutoring.handover.enums import Rolling
from tutoring.handover.models import Rollover
from tutoring.handover.new_year_services import start_year
from tutoring.handover.services import RefusedError

logger = logging.getLogger(__name__)
JOB = "new year"


def start_due_years() -> int:
    """How many schools began their year. Where whoever did it has left, their page offers it to a data manager."""
    today = timezone.localdate()
    with acting_as_system(JOB):
        due = list(
            Rollover.objects.filter(status=Rolling.DONE, started_on=None, first_day__lte=today).select_related(
                "done_by"
            )
        )
    begun = 0
    for rollover in due:
        if rollover.done_by is None:
            continue
        with acting_as(Actor(user_id=rollover.done_by.pk)):
            try:
                start_year(by=rollover.done_by, rollover=rollover)
                begun += 1
            except (RefusedError, Rollover.DoesNotExist):
                logger.warning("The new year of rollover %s was not begun; a data manager can begin it.", rollover.pk)
    return begun
