"""Duty 55, facts 4.6 and 4.10: what was referred to whom, its answer in a working day, and four steps to disagree."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from safeguarding.case.enums import Rung
from safeguarding.case.models import Due
from safeguarding.case.timescales import RUNG_WITHIN, answer_due, challenge_due
from safeguarding.models import Concern, Entry
from tests.safeguarding.case.pages import NOW, action, as_reader, dues, referral, write
from tests.safeguarding.pages import World, client_of, raised, read, world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here() -> Iterator[World]:
    with time_machine.travel(NOW, tick=True):
        yield world()


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ("2026-11-18", "2026-11-19"),
        ("2026-11-20", "2026-11-23"),
        ("2026-12-24", "2026-12-29"),
        ("2026-10-23", "2026-10-26"),
    ],
)
def test_the_answer_is_due_within_one_working_day(sent: str, due: str) -> None:
    """A Wednesday, a Friday, Christmas Eve; half-term does not matter."""
    assert answer_due(dt.date.fromisoformat(sent)) == dt.date.fromisoformat(due)


def test_each_step_of_a_disagreement_has_its_time() -> None:
    friday = dt.date(2026, 11, 20)
    assert [str(challenge_due(rung, friday)) for rung in Rung] == [
        "2026-11-23",
        "2026-11-24",
        "2026-11-25",
        "2026-11-27",
    ]
    assert list(RUNG_WITHIN) == list(Rung)


def test_a_referral_stands_on_the_file_and_its_answer_is_due(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    assert referral(lead, here, concern, happened_on="2026-11-13").status_code == 302
    [due] = dues(here.dsl)
    assert (due.kind, due.what, str(due.begun_on), str(due.due_on)) == ("answer", "mash", "2026-11-13", "2026-11-16")
    page = read(lead, concern).content.decode()
    for word in (
        "Referral: Children’s social care (MASH)", "Friday 13 November 2026, 09:40", "M-4711", "Ms Duty, front door",
        "The kitchen is locked at night.", "They were not asked", "It would put her at risk",
        "Schedule 1, paragraph 18", "Monday 16 November 2026", "stands out",
    ):  # fmt: skip
        assert word in page, word
    desk = lead.get(reverse("safeguarding:desk")).content.decode()
    assert "Overdue since Mon 16 Nov" in desk
    assert "M-4711" not in desk
    # Whoever raised it learns no more than that it was received.
    assert Concern.objects.get(pk=concern.pk).status == "received"
    with as_reader(here.dsl):
        words = [bytes(entry.words) for entry in Entry.objects.filter(kind="referral")]
    assert len(words) == 1
    assert b"M-4711" not in words[0]
    file = lead.get(reverse("safeguarding:child-file", args=[here.student.pk]), {"significant": "on"}, follow=True)
    assert "Referral: Children’s social care (MASH)" in file.content.decode()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"consent": "no", "why_not": ""}, "Say why it is shared all the same"),
        ({"consent": "not_sought", "basis": "consent"}, "choose another ground"),
        ({"agency": "other"}, "Say which agency"),
        ({"happened_on": "2026-11-19"}, "A day until today"),
        ({"text": ""}, "Write what was shared"),
        ({"due_on": "2026-11-17"}, "From the day it was made on"),
        ({"basis": ""}, "This field is required"),
    ],
)
def test_what_a_referral_asks_for(here: World, typed: dict[str, str], why: str) -> None:
    concern = raised(here.tutor, here.student)
    page = referral(client_of(here.dsl, elevated=True), here, concern, **typed).content.decode()
    assert why in page
    assert "The kitchen is locked at night." in page or not typed.get("text", "x")
    assert dues(here.dsl) == []


def test_the_answer_is_added_and_never_changed(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    referral(lead, here, concern, agency="other", other="Young carers’ service", consent="yes", why_not="")
    [due] = dues(here.dsl)
    sent = {"ended": "done", "happened_on": "2026-11-18", "text": "They will assess."}
    assert write(lead, "due-end", due.pk, **sent).status_code == 302
    page = read(lead, concern).content.decode()
    assert "Referral: Young carers’ service" in page
    assert "Answer of an agency: Another agency" in page
    assert "They answered" in page
    assert dues(here.dsl)[0].ended == "done"


def test_a_disagreement_climbs_step_by_step(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    referral(lead, here, concern)
    [answer] = dues(here.dsl)
    sent = {"happened_on": "2026-11-18", "text": "She goes home to it tonight.", "owner": str(here.dsl.pk)}
    assert write(lead, "challenge-create", answer.pk, rung="1_worker", **sent).status_code == 302
    first = Due.objects.get(kind="challenge")
    assert (first.follows_id, str(first.due_on), first.label) == (
        answer.pk, "2026-11-19", "Answer to a challenge: The worker who decided",
    )  # fmt: skip
    waits = write(lead, "challenge-create", answer.pk, rung="2_manager", **sent).content.decode()
    assert "Write down first what came of the step before" in waits
    end = {"ended": "done", "happened_on": "2026-11-18", "text": "They keep to it."}
    write(lead, "due-end", first.pk, **end)
    again = write(lead, "challenge-create", answer.pk, rung="1_worker", **sent).content.decode()
    assert "Select a valid choice" in again
    # Another day than the usual one, as the local rules have it; and after the referral itself was answered.
    write(lead, "due-end", answer.pk, **end)
    write(lead, "challenge-create", answer.pk, rung="2_manager", due_on="2026-11-30", **sent)
    assert str(Due.objects.get(what="2_manager").due_on) == "2026-11-30"
    page = read(lead, concern).content.decode()
    assert "Challenge to an agency: The worker who decided" in page
    assert "She goes home to it tonight." in page


def test_nothing_but_a_referral_is_challenged(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    action(lead, here, concern)
    [due] = dues(here.dsl)
    assert lead.get(reverse("case:challenge-create", args=[due.pk])).status_code == 404
