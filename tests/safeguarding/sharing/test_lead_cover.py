"""Who stands in for a safeguarding lead: a deputy of the whole school, or a leader in the head's written word."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from core.acting import Actor, acting_as
from safeguarding.models import Concern
from safeguarding.sharing.models import CoverWord
from tests import factories as make
from tests.safeguarding.pages import WORDS, World, client_of, raised, read, world

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
WORD = "Trained as a deputy lead in March 2026; I name her."
LIST, NAME, DESK = (
    reverse(f"{name}") for name in ("groups:cover-list", "safeguarding:lead-cover", "safeguarding:desk")
)
REFUSED = "that is for a deputy lead of the whole school"


@pytest.fixture
def here() -> World:
    return world()


def leader(**more: Any) -> User:
    return make.person(Role.SENIOR_LEADER, last_name="Osei", **more)


def by_list(by: User, away: User, deputy: User, first: int = 0, last: int = 7) -> str:
    """Arranged as any cover; the page that comes of it."""
    today = timezone.localdate()
    sent = {
        "work": str(away.memberships.get(stands_in_for=None).pk), "deputy": str(deputy.pk),
        "starts_on": f"{today + first * DAY}", "ends_on": f"{today + last * DAY}",
    }  # fmt: skip
    return client_of(by).post(LIST, sent, follow=True).content.decode()


def named(by: User, away: User, person: User, first: int = 0, last: int = 7, words: str = WORD) -> HttpResponse:
    """By the headteacher's page."""
    today = timezone.localdate()
    sent = {
        "work": str(away.memberships.get(stands_in_for=None).pk), "person": str(person.pk), "words": words,
        "starts_on": f"{today + first * DAY}", "ends_on": f"{today + last * DAY}",
    }  # fmt: skip
    return client_of(by, elevated=True).post(NAME, sent)  # type: ignore[return-value]


def lend(by: User, away: User, person: User) -> None:
    """Past every page."""
    work = away.memberships.get(stands_in_for=None)
    today = timezone.localdate()
    with acting_as(Actor(by.pk, elevated=True)), transaction.atomic():
        Membership(
            user=person, school=work.school, role=work.role, starts_on=today, ends_on=today + DAY, stands_in_for=work
        ).save(force_insert=True)


def lent() -> list[User]:
    return [row.user for row in Membership.objects.filter(stands_in_for__isnull=False)]


def shown(user: User) -> int:
    with acting_as(Actor(user.pk, elevated=True)):
        return Concern.objects.count()


@pytest.mark.parametrize(
    "role", [Role.TUTOR, Role.SENCO, Role.HEADTEACHER, Role.SENIOR_LEADER, Role.DATA_MANAGER, "deputy of a house"]
)
def test_nobody_stands_in_for_a_lead_who_is_neither_deputy_of_the_school_nor_named(here: World, role: str) -> None:
    manager = make.person(Role.DATA_MANAGER, last_name="Ferris")
    scope: dict[str, Any] = {"group": here.group} if role == Role.TUTOR else {}
    if role == "deputy of a house":
        role, scope = Role.DEPUTY_DSL, {"house": here.group.house}
    person = make.person(Role(role), last_name="Other", **scope)
    for by in (here.dsl, manager, here.head):
        assert REFUSED in by_list(by, here.dsl, person), by
        with pytest.raises(IntegrityError, match="a deputy of the whole school stands in"):
            lend(by, here.dsl, person)
    assert lent() == []


def test_a_deputy_of_the_whole_school_stands_in_without_more(here: World) -> None:
    page = by_list(here.dsl, here.dsl, here.deputy)
    assert REFUSED not in page
    assert lent() == [here.deputy]
    assert Role.DSL in User.objects.get(pk=here.deputy.pk).roles


def test_whom_the_head_names_in_writing_reads_and_acts_as_the_lead_until_it_ends_by_itself(here: World) -> None:
    concern = raised(here.tutor, here.student)
    person = leader()
    assert shown(person) == 0
    assert named(here.head, here.dsl, person).status_code == 302
    [word] = CoverWord.objects.all()
    assert (word.person, word.away, word.confirmed_by) == (person, here.dsl, here.head)
    assert shown(person) == 1
    client = client_of(User.objects.get(pk=person.pk), elevated=True)
    assert WORDS in read(client, concern).content.decode()
    assert client.post(reverse("safeguarding:concern-receive", args=[concern.pk])).status_code == 302
    assert Concern.objects.get().owner == person
    assert Event.objects.filter(action="file.cover_confirmed", actor_id=here.head.pk).count() == 1
    today = timezone.localdate()
    Membership.objects.filter(stands_in_for__isnull=False).update(starts_on=today - 8 * DAY, ends_on=today - DAY)
    assert shown(person) == 0
    assert client_of(User.objects.get(pk=person.pk), elevated=True).get(DESK).status_code == 403


def test_before_the_first_day_they_read_nothing(here: World) -> None:
    raised(here.tutor, here.student)
    person = leader()
    assert named(here.head, here.dsl, person, first=2).status_code == 302
    assert shown(person) == 0


def test_it_can_be_ended_and_that_asks_for_no_word_anew(here: World) -> None:
    person = leader()
    named(here.head, here.dsl, person)
    raised(here.tutor, here.student)
    Membership.objects.filter(stands_in_for__isnull=False).update(starts_on=timezone.localdate() - DAY)
    cover = Membership.objects.get(stands_in_for__isnull=False)
    assert client_of(here.dsl).post(reverse("groups:cover-end", args=[cover.pk])).status_code == 302
    assert shown(person) == 0


@pytest.mark.parametrize("how", ["about them", "the child", "the concern"])
def test_what_is_of_themselves_stays_shut_to_whoever_stands_in(here: World, how: str) -> None:
    person = leader()
    typed = {"store": "staff", "adult": "Osei", "about_staff": str(person.pk)} if how == "about them" else {}
    concern = raised(here.tutor, here.student, **typed)
    if how != "about them":
        about = (
            {"student": here.student, "concern": None} if how == "the child" else {"student": None, "concern": concern}
        )
        make.KeptFromFactory.create(person=person, set_by=here.deputy, **about)
    for away in (here.dsl, here.deputy):
        assert named(here.head, away, person).status_code == 302
    assert lent() == [person, person]
    assert shown(person) == 0
    answer = read(client_of(User.objects.get(pk=person.pk), elevated=True), concern)
    assert answer.status_code == 404


def test_they_can_be_kept_from_a_file_before_they_begin(here: World) -> None:
    concern = raised(here.tutor, here.student)
    person = leader()
    address = reverse("safeguarding:kept-from-create", args=[concern.pk])
    deputy = client_of(here.deputy, elevated=True)
    assert str(person) not in deputy.get(address).content.decode()
    named(here.head, here.dsl, person, first=3)
    sent = {"person": str(person.pk), "what": str(here.student.pk), "why": "Her niece."}
    assert deputy.post(address, sent).status_code == 302
    Membership.objects.filter(stands_in_for__isnull=False).update(starts_on=timezone.localdate())
    assert shown(person) == 0


def test_everybody_on_the_desk_sees_who_stands_in_and_in_whose_word(here: World) -> None:
    person = leader()
    named(here.head, here.dsl, person)
    for user in (here.dsl, here.deputy, here.head, person):
        page = client_of(User.objects.get(pk=user.pk), elevated=True).get(DESK).content.decode()
        for word in (str(person), f"stands in for {here.dsl}", WORD):
            assert word in page, user


def test_for_the_days_and_the_lead_of_the_word_and_nobody_else(here: World) -> None:
    person = leader()
    named(here.head, here.dsl, person, first=0, last=3)
    Membership.objects.filter(stands_in_for__isnull=False).delete()
    assert REFUSED in by_list(here.dsl, here.dsl, person, first=0, last=4), "longer than the word"
    assert REFUSED in by_list(here.deputy, here.deputy, person, first=0, last=3), "another lead"
    assert REFUSED not in by_list(here.dsl, here.dsl, person, first=1, last=3)
    assert lent() == [person]


def test_what_is_missing_stands_at_the_form_and_nothing_is_saved(here: World) -> None:
    person = leader()
    Membership.objects.filter(user=person).update(ends_on=timezone.localdate() + 30 * DAY)
    for wrong, said in (
        ({"words": "Yes."}, "in 20 letters at least"),
        ({"first": -2}, "Today or later"),
        ({"first": 5, "last": 2}, "The last day is before the first"),
        ({"last": 500}, "for a year at most"),
        ({"last": 60}, "no leader or deputy here on all these days"),
    ):
        page = named(here.head, here.dsl, person, **wrong).content.decode()  # type: ignore[arg-type]
        assert said in page, wrong
    for other in (here.head, here.tutor):
        assert "Select a valid choice" in named(here.head, here.dsl, other).content.decode()
    assert not CoverWord.objects.exists()
    assert lent() == []
    for user in (here.dsl, here.deputy, person, make.person(Role.DATA_MANAGER)):
        assert named(user, here.dsl, person).status_code == 403


def test_nobody_stands_in_for_the_chair(here: World) -> None:
    manager = make.person(Role.DATA_MANAGER, last_name="Ferris")
    for by in (manager, here.head):
        assert "Nobody stands in for the chair" in by_list(by, here.chair, leader())
        with pytest.raises(IntegrityError, match="nobody stands in for the chair"):
            lend(by, here.chair, leader())
    assert lent() == []


def add_word(by: User, here: World, person: User, **values: Any) -> None:
    today = timezone.localdate()
    row = {
        "away": here.dsl,
        "starts_on": today,
        "ends_on": today + DAY,
        "confirmed_by": by,
        "words": b"x" * 60,
    } | values
    with acting_as(Actor(by.pk, elevated=True)), transaction.atomic():
        CoverWord(person=person, **row).save(force_insert=True)


def test_past_every_view_only_the_head_gives_the_word_and_it_stands(here: World) -> None:
    person, today = leader(), timezone.localdate()
    for by, confirmed_by in ((here.dsl, here.dsl), (here.dsl, here.head), (person, person)):
        with pytest.raises(ProgrammingError, match="row-level security"):
            add_word(by, here, person, confirmed_by=confirmed_by)
    for who, wrong in (
        (here.tutor, {}),
        (here.head, {}),
        (person, {"ends_on": today - DAY}),
        (person, {"ends_on": today + 401 * DAY}),
        (person, {"words": b"x" * 52}),
        (person, {"away": person}),
    ):
        with pytest.raises(IntegrityError, match="confirmed in writing"):
            add_word(here.head, here, who, **wrong)
    add_word(here.head, here, person)
    with pytest.raises(IntegrityError, match="stands as it is"), transaction.atomic():
        CoverWord.objects.update(ends_on=today + 9 * DAY)
    with (
        acting_as(Actor(here.head.pk, elevated=True)),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        CoverWord.objects.all()._raw_delete("default")
    with acting_as(Actor(here.tutor.pk, elevated=True)):
        assert not CoverWord.objects.exists()


def test_a_cover_once_arranged_goes_to_nobody_else(here: World) -> None:
    """Neither to another person nor for longer than the word, by a change of the row."""
    person, other = leader(), make.person(Role.SENCO, last_name="Other")
    named(here.head, here.dsl, person, last=3)
    cover = Membership.objects.filter(stands_in_for__isnull=False)
    for change in ({"user": other}, {"ends_on": timezone.localdate() + 9 * DAY}):
        with (
            acting_as(Actor(here.head.pk, elevated=True)),
            pytest.raises(IntegrityError, match="a deputy of the whole school stands in"),
            transaction.atomic(),
        ):
            cover.update(**change)
