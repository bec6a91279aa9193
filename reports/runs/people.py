"""Who a run from the shell stands for, and which term a few typed words mean."""

import re

from django.core.management.base import CommandError

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.permissions import Permission
from students.enums import TermName
from students.models import Term
from students.selectors import term_current, terms_of

_TERM = re.compile(r"(?:(\d{4})\s+(\w+)|(\w+)\s+(\d{4}))$")


def run_requester(email: str | None) -> User:
    """The person of this address, else the only data manager there is; they must be allowed to run reports."""
    if email:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody active has the address {email}.")
    else:
        managers = User.objects.filter(
            is_active=True, memberships__in=Membership.objects.current().filter(role=Role.DATA_MANAGER)
        )
        found = list(managers.distinct()[:2])
        if len(found) != 1:
            raise CommandError("Say whose rights count: --user data.manager@school.example")
        user = found[0]
    if not user.has_perm(Permission.RUN_REPORTS):
        raise CommandError(f"{user} may not run reports.")
    return user


def term_named(user: User, text: str) -> Term:
    """ "2026 autumn" is the autumn of 2026, "2027 spring" the spring of 2027: the calendar year, as people say it."""
    if user.school is None:
        raise CommandError(f"{user} belongs to no school.")
    if text.strip().lower() == "current":
        term = term_current(user.school)
        if term is None:
            raise CommandError("No term has begun; enter the school's terms first.")
        return term
    match = _TERM.match(text.strip())
    names = {name.label.lower(): name for name in TermName}
    season = names.get((match[2] or match[3]).lower()) if match else None
    if match is None or season is None:
        raise CommandError(f'"{text}" is no term; write it like "2026 autumn", or current.')
    year = int(match[1] or match[4])
    term = terms_of(user.school).filter(name=season, year=year if season == TermName.AUTUMN else year - 1).first()
    if term is None:
        raise CommandError(f"The school has no {season.label.lower()} term in {year}.")
    return term
