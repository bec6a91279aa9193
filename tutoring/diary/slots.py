"""The times of the week that one gives for 1:1s: said and taken away."""

from django.db import transaction

from accounts.models import User
from audit.services import record
from tutoring.diary.models import Slot


@transaction.atomic
def add_slot(*, by: User, slot: Slot) -> Slot:
    """A time of the week that one gives from now on."""
    slot.staff = by
    slot.save()
    record("slot.added", by=by, obj=slot, weekday=slot.get_weekday_display(), at=f"{slot.starts_at:%H:%M}")
    return slot


@transaction.atomic
def remove_slot(*, by: User, slot: Slot) -> None:
    """No longer given; what is booked in it stays booked."""
    record("slot.removed", by=by, obj=slot, weekday=slot.get_weekday_display(), at=f"{slot.starts_at:%H:%M}")
    slot.delete()
