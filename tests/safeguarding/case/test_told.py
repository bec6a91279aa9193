"""Duty 57, facts 4.1: whether the parents know or why not, and a decision with the child in it."""

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from safeguarding.models import Concern
from tests.safeguarding.case.pages import NOW, write
from tests.safeguarding.pages import World, client_of, raised, read, world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here() -> Iterator[World]:
    with time_machine.travel(NOW, tick=True):
        yield world()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            {"told": "yes", "who": "Her mother", "text": "She was glad."},
            ("Parents told, or why not: Yes", "She was glad."),
        ),
        ({"told": "not_yet", "reason": "reached"}, ("Not yet", "They could not be reached")),
        ({"told": "no", "reason": "fgm", "reason_words": "A flight is booked"}, ("genital", "A flight is booked")),
        ({"told": "no", "reason": "other", "reason_words": "Court order"}, ("Another reason: Court order",)),
    ],
)
def test_the_parents_know_or_why_not(here: World, typed: dict[str, str], shown: tuple[str, ...]) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    usual = {"happened_on": "2026-11-18", "by": "Mr Bowen"}
    assert write(lead, "parents-write", concern.pk, **(usual | typed)).status_code == 302
    page = read(lead, concern).content.decode()
    for words in shown:
        assert words in page


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"told": "yes", "text": "Glad"}, "Say who was told"),
        ({"told": "yes", "who": "Her mother"}, "Write what they said"),
        ({"told": "yes", "who": "Her mother", "text": "Glad", "reason": "risk"}, "take the reason out"),
        ({"told": "no"}, "Say why not"),
        ({"told": "not_yet", "reason": "other"}, "Say which reason"),
        ({"told": "no", "reason": "risk", "happened_on": "2026-11-19"}, "A day until today"),
    ],
)
def test_what_it_asks_for(here: World, typed: dict[str, str], why: str) -> None:
    concern = raised(here.tutor, here.student)
    page = write(
        client_of(here.dsl, elevated=True), "parents-write", concern.pk, **({"happened_on": "2026-11-18"} | typed)
    )
    assert why in page.content.decode()


def test_a_decision_has_the_child_in_it(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    sent = {"step": "section_47", "text": "Locked away from food.", "happened_on": "2026-11-18", "threshold": "harm"}
    assert "Write what the child wants" in write(lead, "decision-write", concern.pk, **sent).content.decode()
    said = sent | {"child": "I want to live at nan’s", "instead": "A family meeting: too slow."}
    assert write(lead, "decision-write", concern.pk, **said).status_code == 302
    concern = Concern.objects.get(pk=concern.pk)
    assert (concern.status, concern.step) == ("acting", "section_47")
    page = read(lead, concern).content.decode()
    for words in ("Significant harm (section 47)", "I want to live at nan’s", "A family meeting: too slow."):
        assert words in page
    later = sent | {"step": "support", "no_child": "She is in hospital"}
    assert write(lead, "decision-write", concern.pk, **later).status_code == 302
    page = read(lead, concern).content.decode()
    assert "I want to live at nan’s" in page, "an earlier decision stays"
    file = lead.get(reverse("safeguarding:child-file", args=[here.student.pk]), follow=True).content.decode()
    assert "I want to live at nan’s" in file


def test_of_an_adult_no_child_is_asked(here: World) -> None:
    concern = raised(here.tutor, store="staff", adult="Mr Marsh")
    head = client_of(here.head, elevated=True)
    sent = {"step": "other_agency", "text": "Rang the LADO.", "happened_on": "2026-11-18", "threshold": "adult"}
    assert write(head, "decision-write", concern.pk, **sent).status_code == 302
    assert "Harm threshold for an adult (LADO)" in read(head, concern).content.decode()
