"""The tutor's daily journey in a real browser, within the clicks it may take (targets of the daily journeys).

A click is counted where a person would tap or click; typing is not. Logging the 1:1 itself: test_log_session.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

WAIT = 15_000


@dataclass
class Day:
    """A page, and how often somebody had to click."""

    page: Page
    clicks: int = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def type_into(self, what: Locator, text: str) -> None:
        self.click(what)
        self.page.keyboard.type(text)


@pytest.fixture
def today(page_as: OpenPage) -> Day:
    page = page_as("tutor")
    page.goto("/")
    return Day(page)


@pytest.fixture
def pupil(today: Day) -> Day:
    """On the page of the first of whom the list says who needs the tutor first."""
    today.page.locator("main a.name[href^='/students/']").first.click()
    today.page.wait_for_load_state()
    return today


@pytest.fixture
def nobody_booked(site: Site) -> Iterator[None]:
    """And the school promises more than anybody has had."""
    cancel = (
        "UPDATE diary_appointment SET state = 'cancelled', reason = 'For a test' WHERE state = 'booked' RETURNING id"
    )
    booked = [key for (key,) in site.rows(cancel)]
    school = "SELECT gen_random_uuid(), id, 12, '{}' FROM accounts_school"
    site.rows(f"INSERT INTO tutor_sessions_entitlement (id, school_id, per_term, exempt_years) {school}")
    yield
    site.rows("DELETE FROM tutor_sessions_entitlement")
    site.rows("UPDATE diary_appointment SET state = 'booked', reason = '' WHERE id = ANY (%s)", [booked])


def test_the_landing_page_says_whom_to_see_and_why(nobody_booked: None, today: Day) -> None:
    """No click: three names with reasons (duty 10)."""
    next_to_see = today.page.locator("section:has(#next-title) li")
    expect(next_to_see).to_have_count(3)
    for place in range(3):
        expect(next_to_see.nth(place).locator(".sub")).not_to_be_empty()


def test_one_click_to_the_sheet_before_a_1_1(today: Day) -> None:
    """Duty 1: on one screen, not two."""
    today.click(today.page.get_by_role("link", name="Prepare a 1:1 with").first)
    expect(today.page.get_by_role("heading", name="Before the 1:1 with")).to_be_visible(timeout=WAIT)
    assert today.clicks == 1


def test_planners_cost_one_tap_an_exception(today: Day, site: Site) -> None:
    """Duty 79: the group's grid, three exceptions, one Save."""
    today.page.goto("/conduct/planners/")
    today.click(today.page.locator("main a[href*='/planners/groups/']").first)
    rows = today.page.locator(".planner-row")
    expect(rows.first).to_be_visible(timeout=WAIT)
    before = today.clicks
    for place in range(3):
        today.click(rows.nth(place).locator("label.tap").nth(2))
    assert today.clicks - before == 3
    today.click(today.button("Save the check"))
    expect(today.page.get_by_text(": saved, ")).to_be_visible(timeout=WAIT)
    assert today.clicks <= 5
    saved = today.page.url.rstrip("/").rpartition("/")[2]  # not the latest made: the demo's of today is dated at 8.45
    assert site.rows("SELECT count(*) FROM conduct_plannerexception WHERE check_of_id = %s", [saved])[0][0] >= 3


def test_two_clicks_to_a_plan_from_the_bank(pupil: Day) -> None:
    """Duty 23: from the student's plans; then it is edited."""
    pupil.page.get_by_role("navigation", name="About").get_by_role("link", name="Plans").click()
    pupil.click(pupil.link("From the bank"))
    main = pupil.page.get_by_role("main")  # beside it stands "Use of force"
    pupil.click(main.get_by_role("link", name="Use ").first)
    expect(pupil.page.locator("input[name='title']")).not_to_have_value("", timeout=WAIT)
    assert pupil.clicks == 2


def test_three_taps_praise_home_with_a_message(pupil: Day, site: Site) -> None:
    """Duty 44."""
    before = site.rows("SELECT count(*) FROM tutor_sessions_homemessage")[0][0]
    pupil.click(pupil.link("Praise home"))
    pupil.click(pupil.page.locator("ul.ready a").first)
    expect(pupil.page.locator("textarea[name='text']")).not_to_have_value("", timeout=WAIT)
    pupil.click(pupil.button("Send"))
    expect(pupil.page.get_by_text("Saved. It")).to_be_visible(timeout=WAIT)
    assert pupil.clicks == 3
    assert site.rows("SELECT count(*) FROM tutor_sessions_homemessage")[0][0] == before + 1


def test_five_clicks_for_a_verbal_warning_and_its_letter_is_there(pupil: Day) -> None:
    """Duties 40 and 41."""
    pupil.click(pupil.link("Warnings"))
    pupil.click(pupil.link("Issue a warning"))
    pupil.click(pupil.page.get_by_label("Verbal warning"))
    pupil.type_into(pupil.page.get_by_label("Reason"), "Left the lesson without a word, twice this week.")
    pupil.click(pupil.button("Issue the warning"))
    expect(pupil.page.get_by_role("link", name="Letter")).to_be_visible(timeout=WAIT)
    assert pupil.clicks == 5


def test_four_clicks_log_a_call_home(pupil: Day, site: Site) -> None:
    """Duty 12."""
    said = "Rang home; her mother will ring back on Friday."
    pupil.click(pupil.page.locator("#log").get_by_role("radio", name="Call home"))
    pupil.type_into(pupil.page.get_by_label("What happened"), said)
    pupil.click(pupil.button("Save session"))
    expect(pupil.page.get_by_text("Session saved.")).to_be_visible(timeout=WAIT)
    assert pupil.clicks <= 4
    assert site.rows("SELECT kind FROM tutor_sessions_tutorsession WHERE happened = %s", [said]) == [("call_home",)]
