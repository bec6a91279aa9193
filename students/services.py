"""Changing the school calendar."""

from django.db import transaction

from accounts.models import User
from audit.services import record
from students.models import Closure, Term


@transaction.atomic
def save_term(*, term: Term, by: User) -> Term:
    """Keep a new or changed term whose dates the form has checked."""
    term.save()
    record("term.saved", by=by, obj=term, term=str(term), starts_on=str(term.starts_on), ends_on=str(term.ends_on))
    return term


@transaction.atomic
def add_closure(*, closure: Closure, by: User) -> Closure:
    """Close the school on a day whose place in the calendar the form has checked."""
    closure.save()
    record("closure.added", by=by, obj=closure, date=str(closure.date), reason=closure.reason)
    return closure


@transaction.atomic
def remove_closure(*, closure: Closure, by: User) -> None:
    """Open the school again on that day."""
    record("closure.removed", by=by, obj=closure, date=str(closure.date), reason=closure.reason)
    closure.delete()
