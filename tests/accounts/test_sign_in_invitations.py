"""Invitation only: one link, one use, seven days; and nobody else gets an account."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import entry
from accounts.enums import Role
from accounts.models import Invitation, User
from tests.accounts.signing_in import PASSWORD, add_app, events, is_signed_in, sign_in, somebody
from tests.factories import MembershipFactory, UserFactory, person

pytestmark = pytest.mark.django_db
NEW = "four brown hares sleep"
MONDAY = dt.datetime(2026, 11, 16, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def newcomer() -> User:
    newcomer = person(Role.TUTOR, first_name="Iris", last_name="Vale")
    newcomer.set_unusable_password()
    newcomer.save()
    return newcomer


def _link(user: User) -> str:
    return reverse("sign_in:invitation-open", args=[entry.make_invitation(user, by=None)])


def _accept(client: Client, link: str, password: str = NEW) -> Any:
    client.get(link)
    return client.post("/account/invitation/", {"password1": password, "password2": password})


def test_the_link_sets_a_password_signs_in_and_leads_to_the_factor(
    client: Client, newcomer: User, settings: Any
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    assert _accept(client, _link(newcomer)).status_code == 302
    assert client.get("/")["Location"] == "/account/"
    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW)
    assert len(events("invitation.accepted")) == 1


def test_its_token_is_not_kept_in_the_address_bar(client: Client, newcomer: User) -> None:
    assert client.get(_link(newcomer))["Location"] == "/account/invitation/"


def test_it_works_once(client: Client, newcomer: User) -> None:
    link = _link(newcomer)
    _accept(client, link)
    again = Client()
    assert "no longer works" in again.get(link).content.decode()
    assert "no longer works" in again.get("/account/invitation/").content.decode()


def test_it_works_for_seven_days(client: Client, newcomer: User) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        link = _link(newcomer)
        clock.shift(dt.timedelta(days=7, seconds=-1))
        assert client.get(link).status_code == 302
        clock.shift(dt.timedelta(seconds=1))
        assert client.get(link).status_code == 200
        assert "no longer works" in client.get("/account/invitation/").content.decode()


def test_a_newer_one_replaces_it(client: Client, newcomer: User) -> None:
    first, second = _link(newcomer), _link(newcomer)
    assert client.get(first).status_code == 200
    assert client.get(second).status_code == 302


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "0" * 64])
def test_guessing_finds_nothing(token: str, newcomer: User) -> None:
    _link(newcomer)
    assert entry.invitation_of(token) is None


def test_asvs_v11_5_1_the_token_is_256_bits_of_chance_and_only_its_hash_is_kept(newcomer: User) -> None:
    token = entry.make_invitation(newcomer, by=None)
    assert len(token) == 43
    assert token not in str(Invitation.objects.values())


def test_a_weak_password_is_refused_and_the_link_still_works(client: Client, newcomer: User) -> None:
    link = _link(newcomer)
    assert _accept(client, link, "password1234").status_code == 200
    assert _accept(client, link).status_code == 302


def test_somebody_switched_off_cannot_use_it(client: Client, newcomer: User) -> None:
    link = _link(newcomer)
    User.objects.filter(pk=newcomer.pk).update(is_active=False)
    assert client.get(link).status_code == 200
    assert not is_signed_in(client)


def test_whoever_holds_a_factor_is_asked_for_it(client: Client, newcomer: User) -> None:
    add_app(newcomer)
    assert _accept(client, _link(newcomer))["Location"] == "/account/login/factor/"


def test_all_who_were_never_invited_are_invited_at_once(client: Client, newcomer: User, mailoutbox: list[Any]) -> None:
    manager = somebody(Role.DATA_MANAGER, school=newcomer.school)
    leaver = UserFactory.create(school=newcomer.school)
    MembershipFactory.create(user=leaver, ends_on=dt.date(2021, 7, 20))
    person(Role.TUTOR, school__name="Elsewhere College")
    sign_in(client, manager)
    page = client.get("/school/sign-ins/")
    assert page.context["waiting"] == 1
    client.post("/school/sign-ins/")
    assert [mail.to for mail in mailoutbox] == [[newcomer.email]]
    link = next(word for word in mailoutbox[0].body.split() if word.startswith("http://testserver/account/invitation/"))
    assert Client().get(link).status_code == 302
    assert client.get("/school/sign-ins/").context["waiting"] == 0


def test_one_is_invited_again(client: Client, newcomer: User, mailoutbox: list[Any]) -> None:
    sign_in(client, somebody(Role.HEADTEACHER, school=newcomer.school))
    client.post("/account/confirm/", {"password": PASSWORD})
    client.post(reverse("accounts:staff-sign-in", args=[newcomer.pk]), {"action": "invite"})
    assert mailoutbox[0].to == [newcomer.email]
    assert len(events("invitation.sent")) == 1


def test_nobody_signs_up(client: Client) -> None:
    fields = {"email": "me@northgate.example", "password1": NEW, "password2": NEW}
    assert client.post("/account/signup/", fields).status_code == 405
    assert not User.objects.exists()


def test_the_first_person_of_a_school_comes_by_command(client: Client) -> None:
    said = StringIO()
    for _ in range(2):
        call_command(
            "add_administrator",
            "Alan@northgate.example",
            school="Northgate School",
            name="Alan Fairclough",
            stdout=said,
        )
    alan = User.objects.get()
    assert (alan.roles, alan.school.name if alan.school else "") == ({Role.DATA_MANAGER}, "Northgate School")
    first, second = [line for line in said.getvalue().splitlines() if line.startswith("http")]
    assert "no longer works" in client.get(first.partition(":8000")[2]).content.decode()
    assert _accept(client, second.partition(":8000")[2]).status_code == 302
    assert is_signed_in(client)
