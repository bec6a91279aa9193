"""What is done in this room: each change and its line on the record are one transaction."""

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from core.ids import UUID
from core.queueing import ring
from safeguarding.sharing.models import Confirmation


@transaction.atomic
def decide_confirmation(*, by: User, confirmation: UUID, agreed: bool) -> bool:
    """The headteacher agrees, or does not; False where that is said already. The line names no child and no concern."""
    waiting = Confirmation.objects.filter(pk=confirmation, agreed=None)
    if not waiting.update(agreed=agreed, decided_by=by, decided_at=timezone.now()):
        return False
    record("file.kept_decided", by=by, agreed=agreed)
    return True


@transaction.atomic
def sweep_readers() -> int:
    """As the job "safeguarding": roles have ended, accounts were switched off; what nobody reads finds a reader.

    Returns how many concerns found one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.sweep_readers()")
        given = int(cursor.fetchone()[0])
    if given:
        ring("safeguarding.send_alerts")
    return given
