"""The school's events by term, which wait for their outcome, and who may change one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import School, User
from accounts.permissions import Permission
from students.models import Term
from students.selectors import terms_of
from tutoring.events.enums import State
from tutoring.events.models import WEEK, Audience, SchoolEvent
from tutoring.groups.models import TutorGroup

_STATES = {
    State.COMING: lambda today: Q(starts_on__gt=today, called_off="", outcome=""),
    State.ON: lambda today: Q(starts_on__lte=today, ends_on__gte=today, called_off="", outcome=""),
    State.UNTOLD: lambda today: Q(ends_on__lt=today, called_off="", outcome=""),
    State.TOLD: lambda today: ~Q(outcome=""),
    State.CALLED_OFF: lambda today: ~Q(called_off=""),
}


def events_of(school: School) -> QuerySet[SchoolEvent]:
    """All events of the school, the earliest first, with for whom they are."""
    named = Audience.objects.select_related("house", "group")
    rows = SchoolEvent.objects.filter(school=school).select_related("lead", "told_by")
    return rows.prefetch_related(Prefetch("audience", named))


def may_change(user: User, event: SchoolEvent) -> bool:
    """Whoever keeps the school's events, and whoever runs this one; the database asks the same (migration 0002)."""
    return event.lead_id == user.pk or user.has_perm(Permission.KEEP_EVENTS)


def events_to_tell(user: User, school: School, today: dt.date) -> QuerySet[SchoolEvent]:
    """Those this person runs that ended a week ago or longer and have no outcome yet."""
    return events_of(school).filter(lead=user, outcome="", called_off="", ends_on__lte=today - WEEK)


def year_groups_of(school: School) -> list[int]:
    """The years that have tutor groups."""
    rows = TutorGroup.objects.filter(school=school, year_group__isnull=False).order_by("year_group")
    return [year for year in rows.values_list("year_group", flat=True).distinct() if year]


@dataclass(frozen=True)
class Calendar:
    """The terms of a school and the one that is shown. Holidays count to the term before them."""

    terms: Sequence[Term]
    term: Term | None

    @property
    def of_year(self) -> list[Term]:
        """The terms of the academic year that is shown."""
        return [term for term in self.terms if self.term and term.year == self.term.year]

    @property
    def before(self) -> Term | None:
        """The last term of the year before."""
        earlier = [term for term in self.terms if self.term and term.year < self.term.year]
        return earlier[-1] if earlier else None

    @property
    def after(self) -> Term | None:
        """The first term of the next year."""
        return next((term for term in self.terms if self.term and term.year > self.term.year), None)

    @property
    def days(self) -> Q:
        """Which first days belong to the term shown: no day of any year belongs to none, or to two."""
        if self.term is None:
            return Q()
        place = self.terms.index(self.term)
        shown = Q(starts_on__gte=self.term.starts_on) if place else Q()
        following = self.terms[place + 1 : place + 2]
        return shown & Q(starts_on__lt=following[0].starts_on) if following else shown


def calendar_of(school: School, wanted: str, today: dt.date) -> Calendar:
    """With the term that was asked for by its key; else the last one that has begun."""
    terms = list(terms_of(school).order_by("starts_on"))
    begun = [term for term in terms if term.starts_on <= today] or terms[:1]
    chosen = next((term for term in terms if str(term.pk) == wanted), begun[-1] if begun else None)
    return Calendar(terms, chosen)


def events_filtered(
    events: QuerySet[SchoolEvent], today: dt.date, *, kind: str = "", state: str = "", whom: str = ""
) -> QuerySet[SchoolEvent]:
    """Of one kind, where they stand today, for whom ("year-7", "house-<key>"): what is for all is for them too."""
    if kind:
        events = events.filter(kind=kind)
    if state:
        events = events.filter(_STATES[State(state)](today))
    what, _, key = whom.partition("-")
    if what == "year":
        named = Audience.objects.filter(Q(year_group=key) | Q(group__year_group=key))
    elif what == "house":
        named = Audience.objects.filter(Q(house=key) | Q(group__house=key))
    else:
        return events
    return events.filter(Q(audience=None) | Q(pk__in=named.values("event")))
