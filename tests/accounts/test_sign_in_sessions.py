"""Sessions: half an hour idle, ten hours in all, at once for leavers; seen and ended by oneself and by the school."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import entry, sessions
from accounts.enums import Role
from accounts.models import Membership, User
from accounts.permissions import Permission, roles_with
from accounts.selectors import browser_name
from tests.accounts.signing_in import PASSWORD, code, events, is_signed_in, sign_in, sign_in_with_code, somebody
from tests.factories import StudentFactory, person

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 11, 16, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def tutor() -> User:
    return somebody()


class TestLimits:
    def test_asvs_v7_3_1_half_an_hour_without_a_touch_signs_out(self, client: Client, tutor: User) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            sign_in(client, tutor)
            clock.shift(dt.timedelta(minutes=29))
            assert is_signed_in(client)
            clock.shift(dt.timedelta(minutes=29))
            assert is_signed_in(client), "the page before counted"
            clock.shift(dt.timedelta(minutes=31))
            assert not is_signed_in(client)
        assert [detail["reason"] for detail in events("session.ended")] == ["idle"]
        assert not UserSession.objects.exists()

    @pytest.mark.parametrize("name", sorted(sessions.BACKGROUND))
    def test_what_a_page_sends_by_itself_does_not_count(self, client: Client, tutor: User, name: str) -> None:
        kwargs = {"form": f"session:{StudentFactory.create().pk}"} if name == "accounts:draft-save" else {}
        with time_machine.travel(MORNING, tick=False) as clock:
            sign_in(client, tutor)
            for _ in range(7):
                clock.shift(dt.timedelta(minutes=5))
                client.post(reverse(name, kwargs=kwargs), {"q": "ab", "draft_token": "x"})
                client.get(reverse(name, kwargs=kwargs))
            assert not is_signed_in(client)

    def test_an_autosave_after_the_end_is_told_so(self, client: Client, tutor: User) -> None:
        """The page keeps its text and offers to sign in again."""
        url = reverse("accounts:draft-save", kwargs={"form": f"session:{StudentFactory.create().pk}"})
        with time_machine.travel(MORNING, tick=False) as clock:
            sign_in(client, tutor)
            clock.shift(dt.timedelta(minutes=31))
            response = client.post(url, {"happened": "x"}, headers={"Accept": "application/json"})
        assert (response.status_code, response.json()) == (401, {"signed_in": False})

    def test_asvs_v7_3_2_ten_hours_are_the_end(self, client: Client, tutor: User) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            sign_in(client, tutor)
            for _ in range(29):
                clock.shift(dt.timedelta(minutes=20))
                assert is_signed_in(client)
            clock.shift(dt.timedelta(minutes=20))
            assert not is_signed_in(client)
        assert [detail["reason"] for detail in events("session.ended")] == ["old"]

    def test_being_busy_writes_one_row_a_minute_at_most(
        self, client: Client, tutor: User, django_assert_num_queries: Any
    ) -> None:
        with time_machine.travel(MORNING, tick=False) as clock:
            sign_in(client, tutor)
            client.get("/keys/")
            first = UserSession.objects.get().last_seen_at
            client.get("/keys/")
            assert UserSession.objects.get().last_seen_at == first
            clock.shift(dt.timedelta(minutes=2))
            client.get("/keys/")
            assert UserSession.objects.get().last_seen_at > first


class TestEnding:
    def test_asvs_v7_4_1_the_old_cookie_opens_nothing_after_signing_out(self, client: Client, tutor: User) -> None:
        sign_in(client, tutor)
        cookie = client.cookies["sessionid"].value
        response = client.post("/account/logout/")
        assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        thief = Client()
        thief.cookies["sessionid"] = cookie
        assert not is_signed_in(thief)
        assert not UserSession.objects.exists()

    def test_asvs_v7_4_2_switched_off_means_out_at_once(self, client: Client, tutor: User) -> None:
        sign_in(client, tutor)
        entry.change_active(tutor, active=False, by=person(Role.DATA_MANAGER, school=tutor.school))
        assert not Session.objects.filter(session_key__in=UserSession.objects.values("session_key")).exists()
        assert not is_signed_in(client)
        assert sign_in(client, tutor)["Location"] == "/account/inactive/"

    def test_switched_off_by_any_other_road_means_out_at_the_next_request(self, client: Client, tutor: User) -> None:
        sign_in(client, tutor)
        User.objects.filter(pk=tutor.pk).update(is_active=False)
        assert not is_signed_in(client)

    def test_a_leaver_s_last_day_is_the_last(self, client: Client, tutor: User) -> None:
        other = Client()
        sign_in(client, tutor)
        sign_in(other, tutor)
        Membership.objects.filter(user=tutor).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
        assert not is_signed_in(client)
        assert not UserSession.objects.filter(user=tutor).exists(), "the other browser's session went with it"
        assert not is_signed_in(other)
        assert sign_in(client, tutor)["Location"] == "/account/inactive/"

    def test_leavers_sessions_are_swept_away(self, client: Client, tutor: User) -> None:
        stays, off = Client(), somebody()
        for browser, user in ((client, tutor), (stays, somebody()), (Client(), off)):
            sign_in(browser, user)
        Membership.objects.filter(user=tutor).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
        User.objects.filter(pk=off.pk).update(is_active=False)
        assert sessions.purge_sessions() == 2
        assert UserSession.objects.count() == 1
        assert is_signed_in(stays)

    def test_asvs_v7_2_4_the_key_changes_with_each_proof(self, client: Client) -> None:
        holder = somebody(app=True)
        client.get("/account/login/")
        sign_in(client, holder)
        keys = [client.session.session_key]
        client.post("/account/login/factor/", {"code": code()})
        keys.append(client.session.session_key)
        client.post("/account/confirm/", {"code": code(1)})
        keys.append(client.session.session_key)
        assert len(set(keys)) == 3
        assert UserSession.objects.get().session_key == keys[-1]

    def test_asvs_v7_4_3_a_new_password_ends_the_others(self, client: Client, tutor: User) -> None:
        other, new = Client(), "four brown hares sleep"
        sign_in(client, tutor)
        sign_in(other, tutor)
        fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert client.post("/account/password/change/", fields).status_code == 302
        assert is_signed_in(client)
        assert not is_signed_in(other)
        assert UserSession.objects.count() == 1

    def test_a_reset_ends_all(self, client: Client, tutor: User, mailoutbox: list[Any]) -> None:
        sign_in(client, tutor)
        other = Client()
        other.post("/account/password/reset/", {"email": tutor.email})
        link = next(word for word in mailoutbox[0].body.split() if "/account/password/reset/" in word)
        new = "four brown hares sleep"
        other.post(other.get(link)["Location"], {"password1": new, "password2": new})
        assert not is_signed_in(client)


class TestOwnList:
    @time_machine.travel(MORNING, tick=False)
    def test_asvs_v7_5_2_one_sees_and_ends_one_s_own(self, client: Client) -> None:
        holder = somebody(app=True)
        other = Client(headers={"User-Agent": "Staffroom PC"})
        sign_in_with_code(other, holder)
        sign_in_with_code(client, holder, 1)
        assert client.get("/account/browsers/")["Location"].startswith("/account/confirm/")
        client.post("/account/confirm/", {"code": code(-1)})
        page = client.get("/account/browsers/")
        assert "Staffroom PC" in page.content.decode()
        theirs = next(open.session for open in page.context["sessions"] if open.browser == "Staffroom PC")
        client.post("/account/browsers/", {"session": theirs.pk})
        assert not is_signed_in(other)
        assert is_signed_in(client)

    def test_nobody_ends_another_s(self, client: Client, tutor: User) -> None:
        victim, theirs = Client(), somebody()
        sign_in(victim, theirs)
        sign_in(client, tutor)
        client.post("/account/confirm/", {"password": PASSWORD})
        number = UserSession.objects.get(user=theirs).pk
        assert client.post("/account/browsers/", {"session": number}).status_code == 404
        assert is_signed_in(victim)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/140.0 Safari/537.36", "Chrome on a Chromebook"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "Unknown browser"),
    ],
)  # fmt: skip
def test_browsers_are_named_as_people_say_it(agent: str, name: str) -> None:
    assert browser_name(agent) == name


class TestTheSchool:
    @pytest.fixture
    def manager(self, client: Client, tutor: User) -> User:
        """Signed in, and proved again."""
        manager = somebody(Role.DATA_MANAGER, school=tutor.school)
        sign_in(client, manager)
        client.post("/account/confirm/", {"password": PASSWORD})
        return manager

    def _act(self, client: Client, user: User, action: str) -> Any:
        return client.post(reverse("accounts:staff-sign-in", args=[user.pk]), {"action": action})

    def test_who_may(self) -> None:
        assert roles_with(Permission.MANAGE_STAFF) == {Role.DATA_MANAGER, Role.HEADTEACHER}

    def test_asvs_v7_4_5_it_signs_somebody_out_everywhere(self, client: Client, manager: User, tutor: User) -> None:
        theirs = Client()
        sign_in(theirs, tutor)
        assert self._act(client, tutor, "end-sessions").status_code == 302
        assert not is_signed_in(theirs)
        assert {"reason": "by the school", "count": 1} in events("session.ended")

    def test_it_switches_accounts_off_and_on(self, client: Client, manager: User, tutor: User) -> None:
        self._act(client, tutor, "switch-off")
        assert not User.objects.get(pk=tutor.pk).is_active
        self._act(client, tutor, "switch-on")
        assert User.objects.get(pk=tutor.pk).is_active
        assert len(events("account.switched_off")) == len(events("account.switched_on")) == 1

    def test_it_asks_for_fresh_proof(self, client: Client, tutor: User) -> None:
        sign_in(client, somebody(Role.DATA_MANAGER, school=tutor.school))
        url = reverse("accounts:staff-sign-in", args=[tutor.pk])
        assert client.get(url)["Location"].startswith("/account/confirm/")
        assert client.post(url, {"action": "switch-off"}).status_code == 401
        assert User.objects.get(pk=tutor.pk).is_active

    def test_nobody_of_another_school_and_not_oneself(self, client: Client, manager: User) -> None:
        stranger = somebody(school__name="Elsewhere College")
        assert self._act(client, stranger, "switch-off").status_code == 404
        assert self._act(client, manager, "switch-off").status_code == 400
        assert User.objects.get(pk=manager.pk).is_active

    def test_lost_factors_are_taken_off(self, client: Client, manager: User, tutor: User, settings: Any) -> None:
        holder = somebody(app=True, school=tutor.school)
        self._act(client, holder, "remove-factors")
        settings.REQUIRE_SECOND_FACTOR = True
        theirs = Client()
        sign_in(theirs, holder)
        assert theirs.get("/keys/")["Location"] == "/account/"
