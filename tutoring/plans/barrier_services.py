"""Writing the list of what can be in the way."""

from django.db import transaction

from accounts.models import School, User
from audit.services import record
from tutoring.plans.models import Barrier
from tutoring.plans.selectors import barriers_of


@transaction.atomic
def keep_own_barriers(*, by: User, school: School) -> bool:
    """A copy of the common list for the school to change; False where it keeps one already."""
    if barriers_of(school).exists():
        return False
    Barrier.objects.bulk_create(
        Barrier(school=school, name=b.name, area=b.area, position=b.position) for b in barriers_of(None)
    )
    record("barriers.kept", by=by, obj=school)
    return True


@transaction.atomic
def save_barrier(*, by: User, barrier: Barrier) -> Barrier:
    """Add or change one of the school's own list; the first makes the list its own, so that nothing offered is lost."""
    if barrier.school is not None:
        keep_own_barriers(by=by, school=barrier.school)
    barrier.save()
    record("barrier.saved", by=by, obj=barrier)
    return barrier
