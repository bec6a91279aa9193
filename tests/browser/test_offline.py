"""A concern without a connection (journey 4.1: it works offline): nothing typed is lost, and it arrives once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

SEEN = "Came in at 8:40 without a coat and asked for something to eat."
SAID = "I can’t go home tonight"
WAIT = 60_000


@pytest.fixture
def page(page_as: OpenPage) -> Page:
    """A tutor on the page of one of their students."""
    page = page_as("tutor")
    page.goto("/students/")
    page.locator("main a.name[href^='/students/'], main td a[href^='/students/']").first.click()
    page.wait_for_load_state()
    return page


def _receipts(site: Site) -> int:
    return int(site.rows("SELECT count(*) FROM safeguarding_receipt")[0][0])


def _sent(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("It has arrived", timeout=WAIT)


def test_begun_offline_it_opens_as_the_form_when_there_is_a_connection(site: Site, page: Page) -> None:
    before = _receipts(site)
    page.context.set_offline(True)
    page.keyboard.press("c")
    sheet = page.get_by_role("dialog", name="No connection: write it here")
    expect(sheet.get_by_label("What did you see or hear?")).to_be_focused()
    sheet.get_by_label("What did you see or hear?").fill(SEEN)
    sheet.get_by_label("The child’s own words").fill(SAID)
    sheet.get_by_role("button", name="Go on when connected").click()
    expect(sheet.get_by_role("status")).to_contain_text("no connection", timeout=WAIT)
    sheet.get_by_label("What did you see or hear?").fill(f"{SEEN} He is eight.")  # what was pressed is still meant
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.context.set_offline(False)
    page.wait_for_url(re.compile(r"raise-a-concern/\?student=.*draft="), timeout=WAIT)
    expect(page.get_by_label("What did you see or hear?")).to_have_value(f"{SEEN} He is eight.")
    expect(page.get_by_label("The child’s own words")).to_have_value(SAID)
    expect(page.get_by_label("Name of the child")).not_to_have_value("")
    page.get_by_role("button", name="Send it").click()
    _sent(page)
    assert _receipts(site) == before + 1


def test_sent_while_the_connection_is_lost_it_arrives_once_when_it_is_back(site: Site, page: Page) -> None:
    before = _receipts(site)
    page.keyboard.press("c")
    page.get_by_label("What did you see or hear?").fill(SEEN)
    page.context.set_offline(True)
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("[data-autosave-status]").first).to_contain_text("no connection", timeout=WAIT)
    assert _receipts(site) == before
    page.context.set_offline(False)
    _sent(page)
    assert _receipts(site) == before + 1
