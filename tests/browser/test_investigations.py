"""Opening an investigation within its clicks (journey 4.2.5), and what its opener sees then."""

import time

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, goto_proved
from tests.browser.person import Day
from tests.browser.site import Site

ACCOUNT = "Says that lunch money was taken at the gate, three days running."


def test_a_head_of_house_opens_one_in_eight_clicks(page_as: OpenPage, site: Site) -> None:
    page = page_as("head_of_house")
    page.goto("/")
    day, began = Day(page), time.monotonic()
    day.click(page.get_by_role("navigation", name="Main").get_by_role("link", name="Investigations"))
    day.click(page.get_by_role("main").get_by_role("link", name="Open one"))
    names = page.locator("#students-known option")
    harmed, other = (names.nth(place).get_attribute("value") or "" for place in (0, 1))
    day.type_into(page.get_by_label("Who is said to have been harmed", exact=True), harmed)
    day.type_into(page.get_by_label("Who is said to have done it", exact=True), other)
    day.click(page.get_by_label("Bullying", exact=True))
    day.type_into(page.get_by_label("What is said to have happened"), ACCOUNT)
    day.click(page.get_by_role("button", name="Open it"))
    expect(page.get_by_text("It is open, and in your hands")).to_be_visible()
    assert day.clicks <= 8
    assert time.monotonic() - began < 30, "the robot types quickly, but the pages must not make anybody wait"
    assert ACCOUNT not in page.content()
    goto_proved(page, page.locator("li.item a.linked").first.get_attribute("href") or "", site)
    expect(page.get_by_text(ACCOUNT)).to_be_visible()
