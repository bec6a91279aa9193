"""Raising a concern within its clicks and seconds, and the lead's desk by keyboard (targets of the daily journeys)."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, goto_proved
from tests.browser.person import Day
from tests.browser.site import Site

SAID = "My brother has been locked out two nights now"
SEEN = "Came in at 8:40 without a coat, in yesterday’s shirt, and asked for something to eat."


def _raise(day: Day) -> str:
    """From the page one is on to the receipt; returns its reference."""
    day.press("c", day.page.get_by_label("Name of the child"))  # no click: on every page
    name = day.page.locator("datalist option").first.get_attribute("value")
    day.type_into(day.page.get_by_label("Name of the child"), name or "")
    day.type_into(day.page.get_by_label("What did you see or hear?"), SEEN)
    day.type_into(day.page.get_by_label("The child’s own words"), SAID)
    day.click(day.button("Send it"), day.page.get_by_role("heading", level=1).filter(has_text="It has arrived"))
    return day.page.locator(".lede b").inner_text()


def test_a_concern_is_raised_in_five_clicks_and_half_a_minute_and_the_lead_has_it(
    page_as: OpenPage, site: Site
) -> None:
    """Journey 4.1: from any page, five clicks and the text; 4.3: three actions each, by keyboard."""
    page = page_as("tutor")
    page.goto("/")
    day = Day(page)
    reference = _raise(day)
    day.within(clicks=5, seconds=20, and_the_text=True)
    assert SAID not in page.content()
    _lead_takes_it(page_as("dsl"), site, reference)
    page.reload()
    for stage in ("Received by the safeguarding team", "Being acted on"):
        expect(page.get_by_text(stage)).to_be_visible()
    assert "Nobody else has noticed" not in page.content()


def _lead_takes_it(page: Page, site: Site, reference: str) -> None:
    goto_proved(page, "/safeguarding/desk/", site)
    page.keyboard.press("j")
    while reference not in page.locator("li:has(:focus)").inner_text():
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_text(SAID)).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("r")
    expect(page.get_by_text("It is in your hands")).to_be_visible()
    page.wait_for_load_state()  # keys are heard once the page is whole
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Today", exact=True)).to_have_attribute("aria-pressed", "true")
    page.wait_for_load_state()
    page.keyboard.press("n")
    page.keyboard.type("Talk with the child")
    page.keyboard.press("Tab")
    page.keyboard.type("Nobody else has noticed anything yet.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Decided: Talk with the child").first).to_be_visible()


def test_what_is_typed_is_looked_at_and_a_mark_is_put_on_the_map(page_as: OpenPage) -> None:
    """Delight 8: advice on leaving the box, and nothing that stops anybody."""
    page = page_as("tutor")
    page.goto("/safeguarding/raise-a-concern/")
    page.get_by_label("What did you see or hear?").fill("JS is manipulative.")
    page.get_by_label("The child’s own words").click()
    expect(page.locator("#writing-check")).to_contain_text("manipulative")
    page.get_by_label("What it may be about").select_option("self-harm")
    expect(page.locator("#guidance")).to_contain_text("Self-harm")
    page.get_by_text("Marks you saw on a child").click()
    page.locator("[data-mark-rows] select").first.select_option(index=1)
    expect(page.locator("[data-marks-said]")).to_have_count(1)


def test_on_a_childs_page_the_key_begins_with_their_name(page_as: OpenPage) -> None:
    page = page_as("tutor")
    page.goto("/")
    page.locator("main a.name[href^='/students/']").first.click()
    page.wait_for_load_state()
    name = page.get_by_role("heading", level=1).inner_text()
    page.keyboard.press("c")
    page.wait_for_url("**/raise-a-concern/**")
    assert page.get_by_label("Name of the child").input_value().startswith(name)
