"""Rewards and sanctions of a house: which houses a person leads, what each has, and what others share with it."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import House, School, User
from accounts.permissions import Permission, roles_with
from core.ids import UUID
from tutoring.conduct.models import ConductType
from tutoring.conduct.selectors import types_of


def houses_led(user: User) -> list[House]:
    """Those that this person leads as a whole today, by name; `guard.houses_led` says the same (migration 0006)."""
    roles = roles_with(Permission.KEEP_HOUSE_TYPES)
    led = [m.house for m in user.current_memberships if m.role in roles and m.house and m.year_group is None]
    return sorted(set(led), key=lambda house: house.name)


def types_shared(school: School) -> QuerySet[ConductType]:
    """What houses share and give; the database takes copies of nothing else."""
    return types_of(school).filter(shared=True, is_active=True, house__isnull=False)


def types_open_to(user: User, school: School) -> QuerySet[ConductType]:
    """What stands on this person's page: the school's, their houses', and what other houses share and give."""
    shared = Q(shared=True, is_active=True)
    return types_of(school).filter(Q(house=None) | Q(house__in=houses_led(user)) | shared)


def houses_without(kind: ConductType, houses: list[House]) -> list[House]:
    """Those of these houses that did not make it their own yet, and whose it is not."""
    taken = set(kind.copies.values_list("house", flat=True)) | {kind.house_id}
    return [house for house in houses if house.pk not in taken]


@dataclass(frozen=True)
class Shared:
    """What another house shares: under which names one's own houses have it, and whether one of them does not."""

    kind: ConductType
    mine: list[ConductType]
    is_open: bool


@dataclass(frozen=True)
class Lists:
    """The page of whoever leads houses."""

    houses: list[tuple[House, list[ConductType]]]
    school: list[ConductType]
    shared: list[Shared]


def lists_for(user: User, school: School) -> Lists:
    """All of it in two queries; what the school has ended is left out, what a house ended is not."""
    houses = houses_led(user)
    copies = Prefetch("copies", ConductType.objects.select_related("house"))
    kinds = list(types_open_to(user, school).select_related("copied_from__house").prefetch_related(copies))
    led = {house.pk for house in houses}
    return Lists(
        houses=[(house, [kind for kind in kinds if kind.house_id == house.pk]) for house in houses],
        school=[kind for kind in kinds if kind.house_id is None and kind.is_active],
        shared=[_shared(kind, led) for kind in kinds if kind.house_id and kind.house_id not in led],
    )


def _shared(kind: ConductType, led: set[UUID]) -> Shared:
    mine = [copy for copy in kind.copies.all() if copy.house_id in led]
    return Shared(kind, mine, is_open=len(mine) < len(led))
