"""Strategy cards (duty 48): short lines by tutors, heads and the SENCO for everybody who teaches a student."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as
from students.due import lines_due
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tests.visits.test_held import tried
from tutoring.strategies import services
from tutoring.strategies.models import StrategyCard
from tutoring.strategies.selectors import MOST_CARDS, strategies_due

pytestmark = pytest.mark.django_db
LIST = 7
DAY = dt.timedelta(days=1)


@pytest.fixture
def world() -> Scene:
    return scene()


def teacher_of(world: Scene, role: Role = Role.SUBJECT_TEACHER) -> User:
    return make.person(role, group=world.group, first_name="Sam", last_name="Teacher")


def cards_url(world: Scene) -> str:
    return reverse("strategies:cards", args=[world.student.pk])


def write(client: Client, world: Scene, **typed: Any) -> Any:
    usual = {
        "kind": "helps",
        "text": "A quiet word at the door",
        "review_on": (timezone.localdate() + 60 * DAY).isoformat(),
    }
    return client.post(cards_url(world), usual | typed)


def page_for(user: User, world: Scene, name: str = "desk:student-strategies") -> str:
    answer = client_of(user).get(reverse(name, args=[world.student.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", [Role.SUBJECT_TEACHER, Role.CONTRIBUTOR])
def test_what_a_tutor_writes_all_who_teach_the_student_read(world: Scene, role: Role) -> None:
    """Duty 48: coaching and advising staff on suitable behaviour interventions."""
    client = client_of(world.tutor)
    assert write(client, world).status_code == 302
    write(client, world, kind="when", moment="asked to read aloud", text="Let him pass, once")
    teacher = teacher_of(world, role)
    page = page_for(teacher, world)
    assert "A quiet word at the door" in page
    assert "asked to read aloud:" in page
    assert str(world.tutor) in page, "so that a teacher can ask whoever wrote it"
    assert "Write or put away cards" not in page
    assert "A quiet word at the door" in client_of(teacher).get(reverse("strategies:list")).content.decode()
    sheet = page_for(teacher, world, "strategies:sheet")
    assert "Let him pass, once" in sheet
    assert "data-print" in sheet
    assert client_of(teacher).get(cards_url(world)).status_code == 403
    stranger = make.person(role, group=make.TutorGroupFactory.create(name="9Z"))
    answer = client_of(stranger).get(reverse("strategies:sheet", args=[world.student.pk]))
    assert answer.status_code == 404
    assert "quiet word" not in client_of(stranger).get(reverse("strategies:list")).content.decode()
    assert set(Event.objects.filter(student_id=world.student.pk).values_list("action", flat=True)) >= {
        "strategy.written", "strategy.sheet_opened"
    }  # fmt: skip


def test_a_card_due_comes_to_its_authors_today_and_one_tap_leaves_it_standing(world: Scene) -> None:
    """Duty 48: advice that nobody looks at again misleads."""
    today = timezone.localdate()
    for _ in range(2):
        card = make.StrategyCardFactory.create(student=world.student, author=world.tutor, review_on=today)
    client = client_of(world.tutor)
    due = [(one.line.kind, one.line.text, one.url) for one in client.get(reverse("desk:today")).context["due"]]
    assert due == [("strategies", "2 cards", cards_url(world))]
    head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
    assert client_of(head).get(reverse("desk:today")).context["due"] == []
    for one in StrategyCard.objects.all():
        client.post(reverse("strategies:card-still-true", args=[one.pk]))
    card.refresh_from_db()
    assert (card.still_true_on, card.still_true_by) == (today, world.tutor)
    assert card.review_on > today
    assert client.get(reverse("desk:today")).context["due"] == []


def test_a_card_put_away_goes_from_the_page_and_is_kept(world: Scene) -> None:
    """Duty 48."""
    card = make.StrategyCardFactory.create(student=world.student, author=world.tutor)
    teacher = teacher_of(world)
    away = reverse("strategies:card-put-away", args=[card.pk])
    assert client_of(teacher).post(away).status_code == 403
    client = client_of(world.tutor)
    client.post(away, {"why": "He says so himself now"})
    client.post(away, {"why": "Twice"})
    assert card.text not in page_for(teacher, world)
    kept = client.get(cards_url(world)).content.decode()
    assert card.text in kept
    assert "He says so himself now" in kept
    assert StrategyCard.objects.get().ended_by == world.tutor


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"kind": "when"}, {"kind": "never"}, {"review_on": "2020-01-06"}, {"text": "x" * 161}]
)
def test_what_is_missing_or_wrong_is_said(world: Scene, wrong: dict[str, str]) -> None:
    assert write(client_of(world.tutor), world, **wrong).status_code == 200
    assert not StrategyCard.objects.exists()


def test_a_handful_is_a_handful(world: Scene) -> None:
    """Duty 48: more than that is not read before a lesson."""
    for _ in range(MOST_CARDS):
        make.StrategyCardFactory.create(student=world.student)
    assert "Put one away first" in write(client_of(world.tutor), world).content.decode()
    assert StrategyCard.objects.count() == MOST_CARDS


def test_the_list_costs_the_same_for_many(world: Scene) -> None:
    """Duty 48."""
    client, url = client_of(teacher_of(world)), reverse("strategies:list")
    client.get(url)
    for number in (1, 4):
        for _ in range(number):
            make.StrategyCardFactory.create(student=world.student)
            make.StrategyCardFactory.create(student=make.student_in(world.group))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url)
        assert len(queries) == LIST


def test_held_by_the_database_past_every_view(world: Scene) -> None:
    """Duty 48: words stay, in the name of whoever wrote them, and what was put away stays away."""
    teacher, today = teacher_of(world), timezone.localdate()
    head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
    card = make.StrategyCardFactory.create(student=world.student, author=world.tutor)
    change = "UPDATE strategies_strategycard SET {} WHERE id = %s"
    assert tried(world.tutor, change.format("text = 'Shout'"), card.pk) == "refused"
    assert tried(teacher, change.format("review_on = review_on + 1"), card.pk) == "nothing"
    assert tried(head, change.format("review_on = review_on + 1"), card.pk) == "refused", "without saying who looked"
    looked = "still_true_on = %s, still_true_by_id = %s, review_on = review_on + 9"
    assert tried(head, change.format(looked), today, world.tutor.pk, card.pk) == "refused", "in another's name"
    assert tried(head, change.format(looked), today - DAY, head.pk, card.pk) == "refused", "on another day"
    assert tried(head, change.format(looked), today, head.pk, card.pk) == "done"
    ended = "ended_on = %s, ended_by_id = %s"
    assert tried(head, change.format(ended), today, world.tutor.pk, card.pk) == "refused"
    assert tried(head, change.format(ended), today, head.pk, card.pk) == "done"
    assert tried(head, change.format("ended_on = NULL, ended_by_id = NULL"), card.pk) == "refused"
    assert tried(head, "DELETE FROM strategies_strategycard WHERE id = %s", card.pk) == "refused"


def test_what_is_due_is_ones_own_stands_and_its_day_has_come(world: Scene) -> None:
    """Duty 48."""
    today, me = timezone.localdate(), world.tutor
    gone = {"ended_on": today, "ended_by": me}
    for values in ({}, {"review_on": today + DAY}, gone, {"author": make.person(Role.DSL)}):
        make.StrategyCardFactory.create(**{"student": world.student, "author": me, "review_on": today} | values)
    with acting_as(Actor(user_id=me.pk)):
        assert [line.text for line in lines_due(strategies_due(me, today))] == ["1 card"]


def test_a_card_put_away_by_another_at_this_moment_stays_as_they_left_it(world: Scene) -> None:
    """Duty 48: both buttons say so."""
    head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
    card = make.StrategyCardFactory.create(student=world.student, author=world.tutor)
    StrategyCard.objects.update(ended_on=timezone.localdate(), ended_by=head, ended_why="Over")
    with acting_as(Actor(user_id=world.tutor.pk)):
        assert not services.leave_standing(by=world.tutor, card=card)
        assert not services.put_away(by=world.tutor, card=card, why="Mine")
    card.refresh_from_db()
    assert (card.ended_by, card.ended_why, card.still_true_on) == (head, "Over", None)


def test_a_moment_is_kept_beside_when_alone(world: Scene) -> None:
    """Duty 48: who chooses another kind after typing a moment meant another kind."""
    assert write(client_of(world.tutor), world, kind="helps", moment="in assembly").status_code == 302
    assert StrategyCard.objects.get().moment == ""
