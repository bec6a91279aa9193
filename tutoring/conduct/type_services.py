"""Writing the lists of rewards and sanctions: the school's, and those of houses by whoever leads them."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from audit.services import record
from tutoring.conduct.houses import houses_led
from tutoring.conduct.models import ConductType
from tutoring.conduct.services import RefusedError


@transaction.atomic
def save_type(*, by: User, kind: ConductType) -> ConductType:
    """A reward or sanction of the school's list, new or changed; RefusedError where another came first."""
    _keep(kind)
    record("conduct_type.saved", by=by, obj=kind)
    return kind


@transaction.atomic
def save_house_type(*, by: User, kind: ConductType) -> ConductType:
    """One of a house this person leads, new, changed, or made its own from what another house shares."""
    if kind.house not in houses_led(by):
        raise PermissionDenied("The rewards and sanctions of a house are kept by whoever leads it.")
    is_copy = kind._state.adding and kind.copied_from_id
    _keep(kind)
    record("conduct_type.copied" if is_copy else "conduct_type.house_saved", by=by, obj=kind, house=str(kind.house_id))
    return kind


def _keep(kind: ConductType) -> None:
    try:
        with transaction.atomic():
            kind.save()
    except IntegrityError as twice:  # at the same moment in another window, or by a colleague
        raise RefusedError("It was just saved in another window or by a colleague. Look at the list.") from twice
