"""Changing the school calendar."""

import dataclasses

from django.db import transaction

from accounts.models import School, User
from audit.services import record
from students.calendar import likely_terms, may_day
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


@transaction.atomic
def propose_terms(*, school: School, years: set[int], by: User | None) -> list[Term]:
    """Likely terms for academic years that have none at all; what the school has entered is never touched."""
    known = set(Term.objects.filter(school=school).values_list("year", flat=True))
    missing = sorted(years - known)
    terms = [Term(school=school, year=y, **dataclasses.asdict(dates)) for y in missing for dates in likely_terms(y)]
    Term.objects.bulk_create(terms)
    closed = [Closure(school=school, date=may_day(y + 1), reason="Early May bank holiday") for y in missing]
    Closure.objects.bulk_create(closed, ignore_conflicts=True)
    if terms:
        record("terms.proposed", by=by, obj=school, years=missing)
    return terms
