"""Who stands in for a safeguarding lead: a deputy of the whole school, or a leader in the headteacher's written word.

PostgreSQL refuses anybody else (migration 0009); here it is said in words, and arranged. It is cover as any other
(docs/how-to/cover.md): the same role for days, reading and acting as the lead does, but for what they are kept from.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from psycopg.errors import CheckViolation

from accounts.enums import Role
from accounts.models import Membership, School, User
from audit.services import record
from core.encryption import EncryptionError, open_json, seal_json
from safeguarding.selectors import NOT_READABLE
from safeguarding.sharing.models import CoverWord
from tutoring.groups.cover import NoCoverError, arrange_cover

LEADS = (Role.DSL, Role.DEPUTY_DSL)
# Whom the headteacher may name: KCSIE wants a senior member of the leadership, or somebody trained as a deputy.
MAY_BE_NAMED = (Role.SENIOR_LEADER, *LEADS)


@dataclass(frozen=True)
class LeadCover:
    """Who stands in for which lead, and in whose word where they are no deputy of the whole school."""

    lent: Membership
    away: User
    words: str
    confirmed_by: User | None


def _within(first: dt.date, last: dt.date) -> Q:
    return Q(starts_on__lte=first) & (Q(ends_on=None) | Q(ends_on__gte=last))


def _own(person: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=person, school=person.school, stands_in_for=None)


def why_not(work: Membership, deputy: User, first: dt.date, last: dt.date) -> str:
    """For the form of cover: why this person cannot stand in for that role; "" where they can."""
    if work.role == Role.CHAIR:
        return "Nobody stands in for the chair of governors: give the role itself to somebody."
    if work.role not in LEADS:
        return ""
    there = _own(deputy).filter(_within(first, last))
    if there.filter(role__in=LEADS, house=None, year_group=None).exists():
        return ""
    word = CoverWord.objects.filter(_within(first, last), person=deputy, away=work.user)
    if there.filter(role__in=MAY_BE_NAMED).exists() and word.exists():
        return ""
    return (
        f"{deputy} cannot stand in for {work.user}: that is for a deputy lead of the whole school, or for a "
        f"member of the leadership whom the {work.school.called[Role.HEADTEACHER].mid} names on the safeguarding desk."
    )


def work_of_leads(school: School) -> QuerySet[Membership]:
    """The roles of leads that somebody can stand in for."""
    today = timezone.localdate()
    rows = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), school=school, role__in=LEADS)
    rows = rows.filter(stands_in_for=None, user__is_active=True)
    return rows.select_related("user", "house", "school").order_by("-role", "user__last_name", "pk")


def people_to_name(school: School) -> QuerySet[User]:
    """Leaders and deputies of today whom the headteacher may name."""
    held = Membership.objects.current().filter(school=school, stands_in_for=None, role__in=MAY_BE_NAMED)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("last_name", "first_name", "pk")


@transaction.atomic
def confirm_cover(
    *, by: User, work: Membership, person: User, starts_on: dt.date, ends_on: dt.date, words: str
) -> Membership:
    """The headteacher names somebody, in writing, and they stand in. Raises tutoring.groups.cover.NoCoverError."""
    word = CoverWord(person=person, away=work.user, starts_on=starts_on, ends_on=ends_on, confirmed_by=by)
    word.words = seal_json(word, "words", words)
    try:
        with transaction.atomic():
            word.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, CheckViolation):
            raise NoCoverError("deputy", f"{person} is no leader or deputy here on all these days.") from error
        raise
    lent = arrange_cover(by=by, work=work, deputy=person, starts_on=starts_on, ends_on=ends_on)
    record("file.cover_confirmed", by=by, away=str(work.user_id), deputy=str(person.pk))
    return lent


def covers_of_leads(user: User) -> list[LeadCover]:
    """Who stands in for a lead of this person's school, today or later, as everybody on the desk sees it."""
    today = timezone.localdate()
    rows = Membership.objects.filter(school__staff=user, role__in=LEADS, ends_on__gte=today)
    rows = rows.filter(stands_in_for__isnull=False).select_related("user", "school", "stands_in_for__user")
    return [_with_words(lent) for lent in rows.order_by("starts_on", "pk")]


def _with_words(lent: Membership) -> LeadCover:
    away = lent.stands_in_for.user if lent.stands_in_for else lent.user
    of_it = CoverWord.objects.filter(person=lent.user, away=away, starts_on__lte=lent.starts_on)
    word = of_it.filter(ends_on__gte=lent.ends_on).select_related("confirmed_by").order_by("-confirmed_at").first()
    return LeadCover(lent, away, _opened(word) if word else "", word.confirmed_by if word else None)


def _opened(word: CoverWord) -> str:
    try:
        return str(open_json(word, "words"))
    except EncryptionError:
        return NOT_READABLE
