"""Delight 14: at every handover the leads are asked for a line to the next tutor, and the asking says nothing."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as
from safeguarding.sharing.models import HandoverAnswer, StaffLine
from tests import factories as make
from tests.safeguarding.pages import World, client_of, world
from tests.safeguarding.sharing.test_lines import TEXT, WHY
from tutoring.handover.models import Handover

pytestmark = pytest.mark.django_db(transaction=True)
PAGE, TODAY = reverse("safeguarding:handover-lines"), reverse("desk:today")
ASKED = "Does the next one need to know something? Handovers: "


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def nextt(here: World) -> User:
    return make.person(Role.TUTOR, group=here.group, last_name="Nextling")


def handed(here: World, to: User | None, **values: Any) -> Handover:
    given = {"student": here.student, "from_tutor": here.tutor, "to": to, "helps": "A quiet word first."} | values
    found: Handover = make.HandoverFactory.create(**{"handed_on": timezone.localdate()} | given)
    return found


def today_of(user: User) -> str:
    return client_of(user).get(TODAY).content.decode()


def none_needed(user: User, *handovers: Handover) -> Any:
    return client_of(user, elevated=True).post(PAGE, {"none": [str(one.pk) for one in handovers]})


def publish(here: World, by: User, to: User) -> Any:
    until = timezone.localdate() + dt.timedelta(days=14)
    sent = {"text": TEXT, "why": WHY, "until": f"{until}", "people": [str(to.pk)]}
    return client_of(by, elevated=True).post(reverse("safeguarding:line-create", args=[here.student.pk]), sent)


def test_every_handover_is_asked_about_in_one_line_without_a_name(here: World, nextt: User) -> None:
    """With a file or without one: both children, one number."""
    make.ConcernChildFactory.create(student=here.student)
    handed(here, nextt)
    handed(here, None, student=here.classmate)
    for lead in (here.dsl, here.deputy):
        said = today_of(lead)
        assert ASKED in said
        assert f"{ASKED}2" in said
        assert "Amara" not in said
    for other in (here.tutor, nextt, here.head, make.person(Role.HEAD_OF_HOUSE, house=here.group.house)):
        assert ASKED not in today_of(other)
    page = client_of(here.dsl, elevated=True).get(PAGE).content.decode()
    for word in ("Amara Okafor", "Ben Achterberg", "Nextling", "whoever comes next"):
        assert word in page
    assert client_of(here.dsl).get(PAGE).status_code == 302, "after a fresh proof only"
    assert client_of(nextt, elevated=True).get(PAGE).status_code == 403


def test_one_that_is_being_written_or_is_long_past_is_not_asked_about(here: World, nextt: User) -> None:
    handed(here, nextt, handed_on=None)
    handed(here, nextt, handed_on=timezone.localdate() - dt.timedelta(days=92))
    assert ASKED not in today_of(here.dsl)


def test_each_lead_answers_for_themselves_and_no_word_is_kept_of_which(here: World, nextt: User) -> None:
    one, other = handed(here, nextt), handed(here, nextt, student=here.classmate)
    assert none_needed(here.dsl, one).status_code == 302
    assert (f"{ASKED}1" in today_of(here.dsl), f"{ASKED}2" in today_of(here.deputy)) == (True, True)
    assert none_needed(here.dsl, other, one).status_code == 302
    assert ASKED not in today_of(here.dsl)
    assert f"{ASKED}2" in today_of(here.deputy)
    assert none_needed(here.deputy, one, other).status_code == 302
    assert ASKED not in today_of(here.deputy)
    kept = {field.name for field in HandoverAnswer._meta.fields}
    assert kept == {"id", "handover", "person", "answered_at", "handed_on", "to"}
    assert Event.objects.filter(action="file.handovers_answered").count() == 3
    assert not Event.objects.filter(action="file.handovers_answered", student_id__isnull=False).exists()
    with acting_as(Actor(here.tutor.pk)):
        assert not HandoverAnswer.objects.exists()


def test_a_line_to_the_next_tutor_answers_it_and_stands_on_the_handover(here: World, nextt: User) -> None:
    handover = handed(here, nextt)
    form = client_of(here.dsl, elevated=True).get(
        f"{reverse('safeguarding:line-create', args=[here.student.pk])}?for={nextt.pk}"
    )
    assert form.context["form"]["people"].value() == [str(nextt.pk)]
    assert publish(here, here.dsl, here.tutor).status_code == 302
    assert ASKED in today_of(here.dsl), "the next tutor was told nothing yet"
    assert publish(here, here.dsl, nextt).status_code == 302
    assert ASKED not in today_of(here.dsl)
    line = StaffLine.objects.order_by("-published_at").first()
    assert line
    shown = client_of(nextt).get(reverse("handover:handover-detail", args=[handover.pk])).content.decode()
    assert "Something you need to know about Amara Okafor" in shown
    assert reverse("safeguarding:line-for-me", args=[line.pk]) in shown
    assert TEXT not in shown, "it opens by itself, and that is on the record"
    other = make.person(Role.HEAD_OF_HOUSE, house=here.group.house)
    seen = client_of(other).get(reverse("handover:handover-detail", args=[handover.pk])).content.decode()
    assert "need to know" not in seen


def test_a_lead_who_is_kept_from_the_child_ends_it_for_nobody_else_and_learns_nothing(here: World, nextt: User) -> None:
    handover = handed(here, nextt)
    kept = make.person(Role.DSL, last_name="Kept")
    make.KeptFromFactory.create(person=kept, set_by=here.dsl, student=here.student, concern=None)
    assert f"{ASKED}1" in today_of(kept), "asked like the others"
    assert none_needed(kept, handover).status_code == 302
    assert ASKED not in today_of(kept)
    assert ASKED in today_of(here.deputy)


def test_who_is_kept_from_a_child_changes_nothing_of_what_anybody_is_asked(here: World, nextt: User) -> None:
    """Else the line that stays, or comes back, is the child whom somebody is kept from."""
    one, other = handed(here, nextt), handed(here, nextt, student=here.classmate)
    none_needed(here.dsl, one, other)
    before = [today_of(lead).count(ASKED) for lead in (here.dsl, here.deputy)]
    make.KeptFromFactory.create(person=here.dsl, set_by=here.deputy, student=here.student, concern=None)
    assert [today_of(lead).count(ASKED) for lead in (here.dsl, here.deputy)] == before


@pytest.mark.parametrize("again", ["another day", "another tutor"])
def test_handed_over_again_it_is_asked_again(again: str, here: World, nextt: User) -> None:
    handover = handed(here, make.person(Role.TUTOR, group=here.group))
    none_needed(here.dsl, handover)
    assert ASKED not in today_of(here.dsl)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    changed = {"handed_on": yesterday} if again == "another day" else {"to": nextt}
    Handover.objects.filter(pk=handover.pk).update(**changed)
    assert ASKED in today_of(here.dsl)


def test_nobody_answers_for_another_or_without_proof(here: World, nextt: User) -> None:
    handover = handed(here, nextt)
    for actor, person in ((here.dsl, here.deputy), (here.tutor, here.tutor), (here.head, here.head)):
        with acting_as(Actor(actor.pk, elevated=True)), pytest.raises(DatabaseError), transaction.atomic():
            HandoverAnswer(handover=handover, person=person, answered_at=timezone.now()).save(force_insert=True)
    with acting_as(Actor(here.dsl.pk)), pytest.raises(DatabaseError), transaction.atomic():
        HandoverAnswer(handover=handover, person=here.dsl, answered_at=timezone.now()).save(force_insert=True)
