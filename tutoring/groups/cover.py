"""Cover: who stands in for whom from one day to another, by a membership lent for these days; it ends by itself."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Value
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, School, User
from accounts.reach_words import places_in_words
from audit.services import record
from core.ids import UUID
from core.turns import take_turn
from students.due import Lines
from tutoring.groups.models import TutorAssignment
from tutoring.groups.roles import role_lines

DAY = dt.timedelta(days=1)
LATELY = dt.timedelta(days=60)
LONGEST = dt.timedelta(days=400)

# Whoever stands in and whoever is away are both told, from the day it is arranged to its last; of the same days once,
# however many houses, years or roles are lent.
DUE = """
SELECT CASE WHEN lent.user_id = %(me)s THEN 'cover' ELSE 'covered' END, (array_agg(lent.id ORDER BY lent.id))[1],
       other.first_name || ' ' || other.last_name || CASE WHEN lent.starts_on > %(today)s
         THEN ', from ' || to_char(lent.starts_on, 'FMDD FMMonth') ELSE '' END
         || ', until ' || to_char(lent.ends_on, 'FMDD FMMonth'),
       NULL::uuid, lent.starts_on, '', NULL::uuid, 0
  FROM accounts_membership lent
  JOIN accounts_membership theirs ON theirs.id = lent.stands_in_for_id
  JOIN accounts_user other ON other.id = CASE WHEN lent.user_id = %(me)s THEN theirs.user_id ELSE lent.user_id END
 WHERE lent.ends_on >= %(today)s AND %(me)s IN (lent.user_id, theirs.user_id)
 GROUP BY lent.user_id, theirs.user_id, other.id, lent.starts_on, lent.ends_on
"""


@dataclass
class Refusals:
    """Rooms above this one say why somebody cannot stand in for a role of theirs; "" where they can."""

    refusals: list[Callable[[Membership, User, dt.date, dt.date], str]] = field(default_factory=list)


registry = Refusals()


class NoCoverError(Exception):
    """`field` of the form and why it cannot be so."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True)
class Cover:
    """What of one role one deputy is lent by one colleague for the same days, all houses and years together; `may_end`:
    whoever looks may end it."""

    held: list[Membership]
    may_end: bool

    @property
    def lent(self) -> Membership:
        return self.held[0]

    @property
    def places(self) -> str:
        return places_in_words(self.held)

    @property
    def groups(self) -> list[str]:
        links = [link for one in self.held for link in vars(one.stands_in_for)["assigned"]]
        return list(dict.fromkeys(str(link.group) for link in links))

    @cached_property
    def away(self) -> User:
        theirs: Any = self.lent.stands_in_for
        user: User = theirs.user
        return user


@dataclass(frozen=True)
class Covers:
    """Who covers for whom on a day, after it, and in the two months before it."""

    now: list[Cover]
    soon: list[Cover]
    lately: list[Cover]


def covers_due(user: User, today: dt.date) -> list[Lines]:
    """That this person stands in for somebody ("cover"), or somebody for them ("covered"), now or soon."""
    return [(DUE, {"me": user.pk, "today": today})]


def _coverable(*, myself: bool = False) -> Any:
    return Func(Value(myself), template="(SELECT guard.coverable(%(expressions)s))")


def work_to_cover(day: dt.date) -> QuerySet[Membership]:
    """Memberships, of that day or later, for which whoever acts may say who stands in; the database says which."""
    found = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), pk__in=_coverable(), user__is_active=True)
    named = found.select_related("user", "house", "school").order_by("user__last_name", "user__first_name", "role")
    return named.prefetch_related(_groups(day))


def _groups(day: dt.date) -> "Prefetch[str, QuerySet[TutorAssignment], str]":
    later = TutorAssignment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day)).select_related("group")
    return Prefetch("tutor_assignments", later.order_by("group__name"), to_attr="assigned")


def people_to_stand_in(school: School) -> QuerySet[User]:
    """Who works here with a role of their own: not those who only contribute, nor a chair of governors."""
    roles = Membership.objects.current().filter(user=OuterRef("pk"), school=school, stands_in_for=None)
    working = Exists(roles.exclude(role__in=[Role.CONTRIBUTOR, Role.CHAIR]))
    return User.objects.filter(working, school=school, is_active=True).order_by("last_name", "first_name", "pk")


def covers_listed(user: User, today: dt.date) -> Covers:
    """Those that concern this person, and those that whoever acts may arrange; in three queries at any number."""
    mine = set(Membership.objects.filter(pk__in=_coverable()).values_list("pk", flat=True))
    concerned = Q(user=user) | Q(stands_in_for__user=user) | Q(stands_in_for__in=mine)
    lent = Membership.objects.filter(concerned, stands_in_for__isnull=False, ends_on__gte=today - LATELY)
    rows = lent.select_related("user", "house", "school", "stands_in_for__user").order_by(
        "starts_on", "user__last_name", "pk"
    )
    rows = rows.prefetch_related(
        Prefetch("stands_in_for__tutor_assignments", _groups(today).queryset, to_attr="assigned")
    )
    together = defaultdict[tuple[Any, ...], list[Membership]](list)
    for row in rows:
        together[row.stands_in_for_id in mine and _is_open(row, today), *_line_of(row)].append(row)
    found = [Cover(held, may_end=key[0]) for key, held in together.items()]
    return Covers(
        now=[c for c in found if c.lent.starts_on <= today and _is_open(c.lent, today)],
        soon=[c for c in found if c.lent.starts_on > today],
        lately=[c for c in reversed(found) if not _is_open(c.lent, today)],
    )


def _line_of(lent: Membership) -> tuple[Any, ...]:
    """Cover that was arranged in one choice says the same here."""
    away: Any = lent.stands_in_for
    return lent.user_id, away.user_id, lent.role, lent.starts_on, lent.ends_on


def _is_open(lent: Membership, today: dt.date) -> bool:
    return lent.ends_on is None or lent.ends_on >= today


@transaction.atomic
def arrange_cover(*, by: User, work: Membership, deputy: User, starts_on: dt.date, ends_on: dt.date) -> Membership:
    """The deputy has the same role, groups and students from the first to the last day; NoCoverError says why not."""
    take_turn(f"cover:{work.pk}")
    _check(work, deputy, starts_on, ends_on, by)
    lent = Membership.objects.create(
        user=deputy, school_id=work.school_id, role=work.role, house_id=work.house_id, year_group=work.year_group,
        starts_on=starts_on, ends_on=ends_on, stands_in_for=work,
    )  # fmt: skip
    record("cover.arranged", by=by, obj=lent, **_told(lent))
    return lent


@transaction.atomic
def arrange_covers(
    *, by: User, work: Membership, deputy: User, starts_on: dt.date, ends_on: dt.date
) -> list[Membership]:
    """The same for the whole line that it belongs to (`role_lines`): a head of three years is covered in all of them.

    All or none: NoCoverError says of which it cannot be.
    """
    lines = role_lines(work_to_cover(timezone.localdate()).filter(user=work.user_id))  # as the choice said it
    line = next((line.held for line in lines if work in line.held), [work])
    return [arrange_cover(by=by, work=one, deputy=deputy, starts_on=starts_on, ends_on=ends_on) for one in line]


def _told(lent: Membership) -> dict[str, Any]:
    away: Any = lent.stands_in_for
    return {
        "away": str(away.user_id), "deputy": str(lent.user_id), "role": lent.role,
        "first_day": str(lent.starts_on), "last_day": str(lent.ends_on),
    }  # fmt: skip


def _check(work: Membership, deputy: User, starts_on: dt.date, ends_on: dt.date, by: User) -> None:
    """What the database refuses too (migration 0010), in words and at the field it is about."""
    if deputy.pk == work.user_id:
        raise NoCoverError("deputy", f"{deputy} is the one who is away. Choose somebody else.")
    if deputy.pk == by.pk and not Membership.objects.filter(pk__in=_coverable(myself=True), id=work.pk).exists():
        raise NoCoverError("deputy", "You would see more than you do now. Somebody else has to name you.")
    if ends_on < starts_on:
        raise NoCoverError("ends_on", "The last day is before the first.")
    if ends_on - starts_on > LONGEST:
        raise NoCoverError(
            "ends_on", "Cover is for a year at most. For longer, change who has the group, or the role itself."
        )
    if work.starts_on > starts_on:
        raise NoCoverError("starts_on", f"{work.user} begins in this role on {work.starts_on:%-d %B %Y}.")
    if work.ends_on and work.ends_on < ends_on:
        raise NoCoverError("ends_on", f"{work.user} has this role until {work.ends_on:%-d %B %Y}.")
    for why_not in registry.refusals:
        if why := why_not(work, deputy, starts_on, ends_on):
            raise NoCoverError("deputy", why)
    if not _works_until(deputy, ends_on):
        raise NoCoverError("deputy", f"{deputy} does not work here until then.")
    there = Q(starts_on__lte=ends_on) & (Q(ends_on=None) | Q(ends_on__gte=starts_on))
    other = Membership.objects.filter(there, stands_in_for=work).select_related("user").order_by("starts_on").first()
    if other:
        until = f"to {other.ends_on:%-d %B %Y}" if other.ends_on else "on"
        raise NoCoverError("starts_on", f"{other.user} stands in then already: {other.starts_on:%-d %B %Y} {until}.")


def _works_until(deputy: User, day: dt.date) -> bool:
    own = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), user=deputy, stands_in_for=None)
    return own.filter(school=F("user__school")).exclude(role=Role.CONTRIBUTOR).exists()


@transaction.atomic
def end_cover(pk: UUID, *, by: User) -> Membership | None:
    """From this moment on the deputy sees nothing by its whole line any more; None where there is nothing to end.

    What has not begun before today is taken away, for a day that is over cannot be its last: the record and the
    history of memberships keep it.
    """
    today = timezone.localdate()
    open_ones = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), stands_in_for__in=_coverable())
    rows = list(open_ones.select_related("user", "stands_in_for__user"))
    lent = next((row for row in rows if row.pk == pk), None)
    if lent is None:
        return None
    line = [row for row in rows if _line_of(row) == _line_of(lent)]
    for row in line:
        record("cover.ended", by=by, obj=row, **_told(row))
    ended = open_ones.filter(pk__in=[row.pk for row in line])
    if lent.starts_on >= today:
        ended.delete()
    else:
        ended.update(ends_on=today - DAY)
    return lent
