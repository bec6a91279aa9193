"""How a person wants their mails."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from audit.services import record


@transaction.atomic
def choose_mails(*, by: User, mails: str, mails_at: dt.time) -> None:
    """One's own choice; the record says which."""
    by.mails, by.mails_at = mails, mails_at
    by.save(update_fields=["mails", "mails_at"])
    record("mails.chosen", by=by, obj=by, mails=mails)
