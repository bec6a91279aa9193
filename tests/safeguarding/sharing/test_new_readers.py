"""Nobody gives themselves a role, and whoever else comes to read it is told to all who do."""

import datetime as dt
import re
from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.permissions import reads_the_file
from core.acting import Actor, acting_as
from safeguarding.models import LeadAlert
from safeguarding.sharing.models import ReaderNews
from tests import factories as make
from tests.safeguarding.pages import World, client_of, world

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
DESK = reverse("safeguarding:desk")


def signed_in() -> World:
    """The designated lead and the headteacher have been here before."""
    found = world()
    User.objects.filter(pk__in=[found.dsl.pk, found.head.pk]).update(last_login=timezone.now())
    return found


here = pytest.fixture(signed_in, name="here")


def importer() -> User:
    return make.person(Role.DATA_MANAGER, last_name="Ferris")


def give(by: User, person: User, role: Role = Role.DSL) -> Membership:
    with acting_as(Actor(by.pk)), transaction.atomic():
        row = Membership(user=person, school=person.school, role=role, starts_on=timezone.localdate())
        row.save(force_insert=True)
    return row


def seen_by(user: User, *, elevated: bool = True) -> list[tuple[User, str]]:
    with acting_as(Actor(user.pk, elevated=elevated)):
        return [(row.person, row.what) for row in ReaderNews.objects.select_related("person").order_by("at")]


def alerted() -> set[User]:
    return {alert.person for alert in LeadAlert.objects.select_related("person")}


def on_desk(user: User) -> str:
    return client_of(user, elevated=True).get(DESK).content.decode()


def test_nobody_gives_themselves_a_role(here: World) -> None:
    manager = importer()
    refused = set()
    for role in set(Role) - {Role.DATA_MANAGER}:
        with suppress(IntegrityError):
            give(manager, manager, role)
            continue
        refused.add(role)
    assert refused == set(Role) - {Role.DATA_MANAGER}
    assert {Role.DSL, Role.DEPUTY_DSL, Role.HEADTEACHER, Role.CHAIR} == {role for role in Role if reads_the_file(role)}
    assert not ReaderNews.objects.exists()


def test_nor_by_changing_what_is_there(here: World) -> None:
    manager = importer()
    mine = make.MembershipFactory.create(user=manager, school=manager.school, role=Role.HEAD_OF_YEAR, year_group=7)
    theirs = give(manager, here.tutor)
    over = make.MembershipFactory.create(
        user=manager, school=manager.school, role=Role.DSL, ends_on=timezone.localdate() - DAY,
        starts_on=timezone.localdate() - 90 * DAY,
    )  # fmt: skip
    changes: list[tuple[Membership, dict[str, object]]] = [
        (mine, {"role": Role.DSL}),
        (mine, {"year_group": 8}),
        (theirs, {"user": manager}),
        (over, {"ends_on": None}),
    ]
    for row, change in changes:
        with (
            acting_as(Actor(manager.pk)),
            pytest.raises(IntegrityError, match="nobody gives themselves"),
            transaction.atomic(),
        ):
            Membership.objects.filter(pk=row.pk).update(**change)
    with acting_as(Actor(manager.pk)):
        Membership.objects.filter(pk=over.pk).update(ends_on=timezone.localdate() - 2 * DAY)


def test_an_invented_colleague_is_on_the_desk_of_everybody_who_reads_it(here: World) -> None:
    manager = importer()
    invented = make.UserFactory.create(last_name="Nobody", school=manager.school)
    give(manager, invented, Role.DEPUTY_DSL)
    assert alerted() == {here.dsl, here.head}, "not those who never signed in, nor the new reader"
    for user in (here.dsl, here.deputy, here.head, here.chair):
        page = on_desk(user)
        assert re.search(r"Nobody</b> \([^)]+\) came to read it since [^.]+, through Priya Ferris", page), user
    assert "came to read it" not in on_desk(invented), "to themselves it is no news"
    for user in (manager, here.tutor):
        assert seen_by(user) == []
    assert seen_by(here.dsl, elevated=False) == []


def test_a_role_that_ends_sooner_is_no_news_and_one_that_begins_again_is(here: World) -> None:
    manager = importer()
    row = give(manager, here.tutor)
    ReaderNews.objects.all()._raw_delete("default")
    today = timezone.localdate()
    for ends_on, news in ((today + 9 * DAY, 0), (today, 0), (today + DAY, 1), (None, 2)):
        with acting_as(Actor(manager.pk)):
            Membership.objects.filter(pk=row.pk).update(ends_on=ends_on)
        assert ReaderNews.objects.count() == news, ends_on


def test_another_address_of_a_reader_is_told_but_not_ones_own(here: World) -> None:
    manager = importer()
    with acting_as(Actor(manager.pk)):
        User.objects.filter(pk__in=[here.dsl.pk]).update(email="mine@northgate.example")
        User.objects.filter(pk=here.tutor.pk).update(email="other@northgate.example")
    assert seen_by(here.head) == [(here.dsl, "address")]
    assert "signs in with another address" in on_desk(here.head)
    with acting_as(Actor(here.head.pk)):
        User.objects.filter(pk=here.head.pk).update(email="new@northgate.example")
    assert ReaderNews.objects.count() == 1


def test_a_reader_switched_on_again_is_told(here: World) -> None:
    manager = importer()
    for person in (here.deputy, here.tutor):
        for there in (False, True, True):
            with acting_as(Actor(manager.pk)):
                User.objects.filter(pk=person.pk).update(is_active=there)
    assert seen_by(here.head) == [(here.deputy, "role")]
    assert here.dsl in alerted()


def test_after_a_fortnight_it_has_been_read(here: World) -> None:
    manager = importer()
    give(manager, here.tutor)
    ReaderNews.objects.update(at=timezone.now() - 15 * DAY)
    assert "came to read it" not in on_desk(here.dsl)
