"""A small group is booked within its clicks, from the page of a group and from the list to pick from (journey 4.2)."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_tutors_day import Day

NAMES = "main .ticks input[name=student]"


@pytest.mark.parametrize("start", ["/students/", "/sessions/together/choose/"])
def test_five_clicks_book_a_small_group(page_as: OpenPage, site: Site, start: str) -> None:
    before = site.rows("SELECT count(*) FROM diary_appointment WHERE together IS NOT NULL")[0][0]
    page = page_as("tutor")
    page.goto(start)
    day = Day(page)
    if start == "/students/":
        day.click(page.get_by_role("main").get_by_role("link", name="Pick several"))
    for place in (0, 1):
        day.click(page.locator(NAMES).nth(place))
    day.click(page.get_by_role("button", name="Book a time for them"))
    expect(page.get_by_role("heading", name="One time for 2")).to_be_visible()
    day.click(page.get_by_role("button", name="Book it"))
    expect(page.get_by_role("link", name="2 together").first).to_be_visible()
    assert day.clicks <= 5
    assert site.rows("SELECT count(*) FROM diary_appointment WHERE together IS NOT NULL")[0][0] == before + 2
