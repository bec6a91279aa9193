"""The finding, whether it stopped, and closing, by the pages."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from core.acting import Actor, acting_as
from safeguarding.investigations.enums import Entry, Status
from safeguarding.investigations.models import FollowUp, Investigation
from safeguarding.investigations.selectors import follow_ups_due
from students.due import DueLine, lines_due
from tests.safeguarding.investigations.pages import add, head_of_house, opened, read
from tests.safeguarding.investigations.test_findings_held import write
from tests.safeguarding.investigations.test_statements_held import asked, party
from tests.safeguarding.pages import World, client_of, form_of, world

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
FOUND, WHY = "He took the phone twice.", "Both say so, and the driver saw it."


@pytest.fixture
def here() -> World:
    return world()


def found(here: World, one: Investigation, **typed: object) -> dict[str, object]:
    return {
        "finding": FOUND, "reasons": WHY, "method": "in_person", "motives": ["appearance", "home"],
        "parents": "Both mothers rung on Tuesday.", "actions": "A seat at the front of the bus.",
        f"outcome_{party(one).pk}": "Support by her tutor.",
        f"outcome_{party(one, 'alleged').pk}": "Repairs it with her; a detention.",
    } | typed  # fmt: skip


def test_a_finding_stands_with_its_reasons_and_what_it_means_for_each(here: World) -> None:
    one = opened(here.dsl, here)
    client, url = client_of(here.dsl, elevated=True), reverse("investigations:finding", args=[one.pk])
    read(client, one)
    for missing in ("finding", "reasons", "motives", "parents", f"outcome_{party(one).pk}"):
        page = client.post(url, form_of(client, url) | found(here, one, **{missing: ""})).content.decode()
        assert "invalid-feedback" in page, missing
        assert (WHY if missing != "reasons" else FOUND) in page
    assert not FollowUp.objects.exists()
    assert client.post(url, form_of(client, url) | found(here, one)).status_code == 302
    page = read(client, one).content.decode()
    for said in (
        FOUND, WHY, "Appearance, Circumstances at home", "Both mothers rung", "A seat at the front",
        "Amara Okafor: Support by her tutor.", "Ben Achterberg: Repairs it", "Finding made", "After 6 weeks",
    ):  # fmt: skip
        assert said in page


def test_no_finding_is_offered_before_all_statements_are_in(here: World) -> None:
    one = opened(here.dsl, here)
    asked(here.dsl, one, party(one))
    client, url = client_of(here.dsl, elevated=True), reverse("investigations:finding", args=[one.pk])
    page = read(client, one).content.decode()
    assert url not in page
    assert "no finding before all are in" in page
    assert client.get(url)["Location"] == reverse("investigations:detail", args=[one.pk])


def answer(here: World, one: Investigation, weeks: int, stopped: str, text: str) -> str:
    client = client_of(here.dsl, elevated=True)
    due = one.follow_ups.get(weeks=weeks, answered_at=None, left_out_at=None)
    url = reverse("investigations:follow-up", args=[one.pk, due.pk])
    typed = {"stopped": stopped, "text": text}
    sent = client.post(url, form_of(client, url) | typed)
    return (read(client, one) if sent.status_code == 302 else sent).content.decode()


def test_it_closes_once_both_follow_ups_are_answered(here: World) -> None:
    one = opened(here.dsl, here)
    write(here.dsl, one, Entry.FINDING)
    client, close = client_of(here.dsl, elevated=True), reverse("investigations:entry-create", args=[one.pk, "closed"])
    assert client.get(close).status_code == 404
    assert "Say whether it stopped" in answer(here, one, 2, "", "All right now.")
    assert "All right now." in answer(here, one, 2, "yes", "All right now.")
    assert close not in read(client, one).content.decode()
    answer(here, one, 6, "left_out", "She moved away.")
    page = read(client, one).content.decode()
    for said in ("Has it stopped?", "She moved away.", "Nobody was asked", close):
        assert said in page
    assert add(client, one, "closed", "Stopped.").status_code == 302
    one.refresh_from_db()
    assert one.status == Status.CLOSED
    listed = client.get(reverse("investigations:list")).content.decode()
    assert one.reference not in listed
    assert one.reference in client.get(reverse("investigations:list") + "?show=all").content.decode()


def test_where_it_goes_on_it_is_opened_again(here: World) -> None:
    one = opened(here.dsl, here)
    write(here.dsl, one, Entry.FINDING)
    page = answer(here, one, 2, "no", "Every day.")
    assert "It goes on. Open it again" in page
    again = reverse("investigations:entry-create", args=[one.pk, "reopened"])
    assert again in page
    client = client_of(here.dsl, elevated=True)
    assert add(client, one, "reopened", "It goes on at the bus stop.").status_code == 302
    one.refresh_from_db()
    assert one.status == Status.OPEN
    assert reverse("investigations:ask", args=[one.pk]) in read(client, one).content.decode()


def test_whether_it_stopped_is_due_for_whoever_looked_into_it_alone(here: World) -> None:
    house = head_of_house(here)
    one = opened(house, here)
    write(house, one, Entry.FINDING)
    first = one.follow_ups.earliest("due_on")

    def due(person: object, day: dt.date) -> list[DueLine]:
        with acting_as(Actor(person.pk)):  # type: ignore[attr-defined]
            return lines_due(follow_ups_due(person, day))  # type: ignore[arg-type]

    assert due(house, first.due_on - dt.timedelta(days=1)) == []
    [line] = due(house, first.due_on)
    assert (line.kind, line.pk, line.text, line.student_id) == ("stopped", one.pk, one.reference, None)
    for person in (here.dsl, here.tutor, here.head):
        assert due(person, first.due_on) == []
    FollowUp.objects.filter(pk=first.pk).update(due_on=timezone.localdate())
    assert "Has it stopped?" in client_of(house).get("/").content.decode()
    assert "Has it stopped?" not in client_of(here.tutor).get("/").content.decode()
