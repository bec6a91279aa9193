"""Facts 4.10: strategy discussion, conference in 15 working days, core group in 10, reviews at 3 and 6 months."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from safeguarding.case.enums import Gathering as G
from safeguarding.case.timescales import months_after, what_follows
from tests.safeguarding.case.pages import NOW, dues, meeting, write
from tests.safeguarding.pages import World, client_of, raised, read, world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here() -> Iterator[World]:
    with time_machine.travel(NOW, tick=True):
        yield world()


def test_what_the_law_wants_after_each() -> None:
    day = dt.date(2026, 11, 30)
    assert what_follows(G.STRATEGY, day) == [(G.CONFERENCE, dt.date(2026, 12, 21))]
    assert what_follows(G.CONFERENCE, day) == [(G.CORE_GROUP, dt.date(2026, 12, 14)), (G.REVIEW, dt.date(2027, 2, 28))]
    assert what_follows(G.REVIEW, dt.date(2026, 8, 31)) == [(G.REVIEW, dt.date(2027, 2, 28))]
    for kind in (G.CORE_GROUP, G.CHILD_IN_NEED, G.PROFESSIONALS, G.OTHER):
        assert what_follows(kind, day) == []
    # Past Christmas and New Year.
    assert what_follows(G.STRATEGY, dt.date(2026, 12, 11)) == [(G.CONFERENCE, dt.date(2027, 1, 6))]


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-01-15", 12, "2027-01-15"),
    ],
)
def test_months_after(day: str, months: int, then: str) -> None:
    assert str(months_after(dt.date.fromisoformat(day), months)) == then


def waited(here: World) -> list[tuple[str, str]]:
    return [(due.what, str(due.due_on)) for due in dues(here.dsl) if due.done_on is None]


def test_from_the_strategy_discussion_to_the_reviews(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    assert meeting(lead, concern, goes_on="on").status_code == 302
    assert waited(here) == [("conference", "2026-12-09")]
    # The day that was set, then held: what waited for it comes to its end.
    planned = {"kind": "conference", "people": "", "text": ""}
    meeting(lead, concern, held_on="2026-12-02", **planned)
    assert waited(here) == [("conference", "2026-12-02")]
    with time_machine.travel("2026-12-02T15:00Z"):
        client = client_of(here.dsl, elevated=True)
        meeting(
            client,
            concern,
            kind="conference",
            held_on="2026-12-02",
            goes_on="on",
            next_kind="core_group",
            next_on="2026-12-10",
        )
        assert waited(here) == [("core_group", "2026-12-10"), ("review", "2027-03-02")]
        meeting(client, concern, kind="core_group", held_on="2026-12-02", next_kind="core_group", next_on="2027-01-13")
        assert waited(here) == [("core_group", "2027-01-13"), ("review", "2027-03-02")]
    with time_machine.travel("2027-03-01T15:00Z"):
        client = client_of(here.dsl, elevated=True)
        meeting(client, concern, kind="review", held_on="2027-03-01", goes_on="on")
        assert waited(here) == [("core_group", "2027-01-13"), ("review", "2027-09-01")]
    # The database has its own time, in which its opening is noted.
    page = read(client_of(here.dsl, elevated=True), concern).content.decode()
    assert "Meeting: Strategy discussion" in page
    assert "Child protection conference: Wednesday 9 December 2026" in page
    assert "Police, MASH, us" in page


def test_without_going_on_nothing_follows(here: World) -> None:
    concern = raised(here.tutor, here.student)
    meeting(client_of(here.dsl, elevated=True), concern)
    assert waited(here) == []
    assert [due.ended for due in dues(here.dsl)] == ["done"]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"text": ""}, "Write what was said"),
        ({"people": ""}, "Write who was there"),
        ({"held_on": "2026-12-02", "goes_on": "on"}, "when it was held"),
        ({"next_on": "2026-12-02"}, "Say which meeting"),
        ({"next_kind": "review"}, "Say on what day"),
        ({"next_kind": "review", "next_on": "2026-11-18"}, "After this one"),
        ({"kind": ""}, "This field is required"),
    ],
)
def test_what_a_meeting_asks_for(here: World, typed: dict[str, str], why: str) -> None:
    concern = raised(here.tutor, here.student)
    assert why in meeting(client_of(here.dsl, elevated=True), concern, **typed).content.decode()
    assert dues(here.dsl) == []


def test_sent_twice_it_was_held_once(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    answer = meeting(lead, concern, goes_on="on")
    sent = answer.wsgi_request.POST  # type: ignore[attr-defined]
    lead.post(answer.wsgi_request.path, sent)  # type: ignore[attr-defined]
    assert len(dues(here.dsl)) == 2


def test_one_that_is_not_needed_is_let_go(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    meeting(lead, concern, goes_on="on")
    [conference] = [due for due in dues(here.dsl) if due.done_on is None]
    sent = {"happened_on": "2026-11-18", "text": "The family moved; their new authority holds it."}
    assert "Select a valid choice" in write(lead, "due-end", conference.pk, ended="done", **sent).content.decode()
    assert write(lead, "due-end", conference.pk, ended="dropped", **sent).status_code == 302
    assert waited(here) == []


def test_a_day_past_the_laws_is_taken_only_with_a_reason(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    meeting(lead, concern, goes_on="on")
    late = {"kind": "conference", "held_on": "2026-12-10", "people": "", "text": ""}
    for day in ("2026-12-01", "2026-12-09"):
        assert meeting(lead, concern, **late | {"held_on": day}).status_code == 302, (
            "another day, but not past the law’s"
        )
    answer = meeting(lead, concern, **late).content.decode()
    assert "The law’s last day is Wednesday 9 December 2026: say why it is later." in answer
    assert waited(here) == [("conference", "2026-12-09")]
    assert meeting(lead, concern, **late, why_late="The chair is ill").status_code == 302
    assert waited(here) == [("conference", "2026-12-10")]
    page = read(lead, concern).content.decode()
    assert "Why later than the law allows" in page
    assert "The chair is ill" in page


def test_the_next_one_set_past_the_laws_day_wants_a_reason_too(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    set_late = {"goes_on": "on", "next_kind": "conference", "next_on": "2026-12-10"}
    assert "say why it is later" in meeting(lead, concern, **set_late).content.decode()
    assert dues(here.dsl) == []
    assert meeting(lead, concern, **set_late, why_late="No room").status_code == 302
    assert waited(here) == [("conference", "2026-12-10")]


def test_a_second_core_group_has_no_day_by_law(here: World) -> None:
    concern = raised(here.tutor, here.student)
    lead = client_of(here.dsl, elevated=True)
    meeting(lead, concern, kind="conference", held_on="2026-11-02", goes_on="on")
    assert "Monday 16 November 2026: say why" in meeting(lead, concern, kind="core_group").content.decode()
    again = {"kind": "core_group", "held_on": "2026-11-13", "next_kind": "core_group", "next_on": "2027-01-29"}
    assert meeting(lead, concern, **again).status_code == 302
    later = {"kind": "core_group", "held_on": "2027-02-05", "people": "", "text": ""}
    assert meeting(lead, concern, **later).status_code == 302
    assert waited(here) == [("review", "2027-02-02"), ("core_group", "2027-02-05")]


def test_one_that_was_held_late_says_why(here: World) -> None:
    concern = raised(here.tutor, here.student)
    with time_machine.travel("2026-10-19T10:00Z"):
        meeting(client_of(here.dsl, elevated=True), concern, held_on="2026-10-19", goes_on="on")
    assert waited(here) == [("conference", "2026-11-09")]
    lead = client_of(here.dsl, elevated=True)
    assert "say why it is later" in meeting(lead, concern, kind="conference").content.decode()
    assert meeting(lead, concern, kind="conference", why_late="The chair was ill").status_code == 302
    assert waited(here) == []
