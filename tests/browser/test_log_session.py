"""Logging a 1:1 in a real browser: few clicks, and no word lost whatever happens while typing."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

SAVED = "Draft saved"
WAIT = 20_000


@pytest.fixture(autouse=True)
def _no_drafts(site: Site) -> None:
    if not site.rows("SELECT 1 FROM accounts_user"):
        pytest.skip("the site has no school yet")
    site.rows("DELETE FROM accounts_draft")


@dataclass
class Form:
    """The log form on a page."""

    page: Page

    @property
    def happened(self) -> Locator:
        return self.page.get_by_label("What happened")

    def status(self, text: str) -> None:
        expect(self.page.locator("#log [data-autosave-status]")).to_contain_text(text, timeout=WAIT)

    def save(self) -> None:
        self.page.get_by_role("button", name="Save session").click()
        expect(self.page.get_by_text("Session saved.")).to_be_visible(timeout=WAIT)


def _open(page: Page, site: Site, number: int = 0) -> Form:
    """The story of one of the tutor's students, with the form beside it."""
    page.goto("/students/")
    addresses = page.locator("main a[href^='/students/']").evaluate_all("links => links.map(a => a.pathname)")
    students = sorted({address for address in addresses if len(address.split("/")) == 4})
    page.goto(students[number])
    return Form(page)


def _saved(site: Site, text: str) -> int:
    return site.rows("SELECT count(*) FROM tutor_sessions_tutorsession WHERE happened = %s", [text])[0][0]


def test_a_1_1_is_saved_as_it_was_said(site: Site, page_as: OpenPage) -> None:
    """Its clicks and seconds: test_tutors_day."""
    page = page_as("tutor")
    page.goto("/")
    page.locator("main a.name[href^='/students/']").first.click()
    page.get_by_label("What happened").fill("Talked about the mock.")
    page.get_by_role("radio", name="4", exact=True).click()
    Form(page).save()
    found = site.rows(
        "SELECT kind, wellbeing, confidentiality FROM tutor_sessions_tutorsession WHERE happened = %s",
        ["Talked about the mock."],
    )
    assert found == [("one_to_one", 4, "team")]
    expect(page.locator(".tl")).to_contain_text("Talked about the mock.")


def test_dictated_words_are_kept_like_typed_ones(site: Site, page_as: OpenPage) -> None:
    """A device's dictation presses no key: it composes words, changes its mind, and puts whole sentences in."""
    page = page_as("tutor")
    form = _open(page, site)
    form.happened.focus()
    ears = page.context.new_cdp_session(page)
    ears.send("Input.imeSetComposition", {"text": "We torqued", "selectionStart": 10, "selectionEnd": 10})
    ears.send("Input.insertText", {"text": "We talked about the bus."})
    form.status(SAVED)
    ears.send("Input.insertText", {"text": "\nThe earlier one is fuller. "})
    ears.send("Input.insertText", {"text": "He will try it."})
    form.save()
    assert _saved(site, "We talked about the bus.\r\nThe earlier one is fuller. He will try it.") == 1


def test_back_and_save_again_is_the_same_session(site: Site, page_as: OpenPage) -> None:
    """The browser puts the words back into a fresh form; sent once more it is still the form that was saved."""
    form = _open(page_as("tutor"), site)
    form.happened.fill("Saved, back, saved.")
    form.save()
    form.page.go_back()
    expect(form.happened).to_have_value("Saved, back, saved.")
    form.page.get_by_role("button", name="Save session").click()
    expect(form.page.get_by_text("This session was saved already; it is here once.")).to_be_visible(timeout=WAIT)
    assert _saved(site, "Saved, back, saved.") == 1


def test_back_and_other_words_is_another_session(site: Site, page_as: OpenPage) -> None:
    """Not every room compares words: what was changed after Back must never be taken for what was saved."""
    form = _open(page_as("tutor"), site)
    form.happened.fill("The first of two.")
    form.save()
    form.page.go_back()
    expect(form.happened).to_have_value("The first of two.")
    form.happened.fill("The second of two.")
    form.page.get_by_role("button", name="Save session").click()
    expect(form.page.locator(".tl")).to_contain_text("The second of two.", timeout=WAIT)
    assert (_saved(site, "The first of two."), _saved(site, "The second of two.")) == (1, 1)


def test_what_was_typed_is_back_after_a_reload(site: Site, page_as: OpenPage) -> None:
    form = _open(page_as("tutor"), site)
    form.happened.fill("Half a sentence about")
    form.page.locator("[name=topics][value=friendships]").check()
    form.page.get_by_role("button", name="Add another").click()
    form.page.locator("[name=steps-1-text]").fill("A second step")
    form.status(SAVED)
    form.page.reload()
    expect(form.happened).to_have_value("Half a sentence about")
    expect(form.page.locator("[name=topics][value=friendships]")).to_be_checked()
    expect(form.page.locator("[name=steps-0-text]")).to_have_value("A second step")
    expect(form.page.locator("#log")).to_contain_text("is back")

    form.page.get_by_role("link", name="Start afresh").click()
    expect(form.happened).to_have_value("")
    expect(form.page.locator("#log")).to_contain_text("Half a sentence about")
    form.page.get_by_role("button", name="Discard").click()
    expect(form.page.locator("#log")).not_to_contain_text("Half a sentence about")
    assert site.rows("SELECT count(*) FROM accounts_draft") == [(0,)]


def test_two_tabs_keep_both_texts(site: Site, page_as: OpenPage) -> None:
    first = _open(page_as("tutor"), site)
    first.happened.fill("Begun")
    first.status(SAVED)
    second = Form(first.page.context.new_page())
    second.page.goto(first.page.url)
    first.happened.fill("Begun in the first tab")
    expect(first.page.locator("[name=draft_revision]")).to_have_value("2", timeout=WAIT)
    second.happened.fill("Wholly otherwise in the second")
    second.status("both texts are kept")
    second.page.reload()
    expect(second.happened).to_have_value("Wholly otherwise in the second")
    expect(second.page.locator("#log")).to_contain_text("Begun in the first tab")


def test_without_a_network_the_text_stays_and_is_saved_when_it_returns(site: Site, page_as: OpenPage) -> None:
    form = _open(page_as("tutor"), site, 1)
    form.page.context.set_offline(True)
    form.happened.fill("Typed on the bus.")
    form.status("no connection")
    form.page.get_by_role("button", name="Save session").click()
    form.status("no connection")
    expect(form.happened).to_have_value("Typed on the bus.")
    form.happened.fill("Typed on the bus, all of it.")  # typing on takes the pressed button back
    form.page.context.set_offline(False)
    form.status(SAVED)
    form.save()
    assert _saved(site, "Typed on the bus, all of it.") == 1


def test_what_was_pressed_without_a_network_is_sent_when_it_returns(site: Site, page_as: OpenPage) -> None:
    form = _open(page_as("tutor"), site, 1)
    form.page.context.set_offline(True)
    form.happened.fill("Pressed in the tunnel.")
    form.page.get_by_role("button", name="Save session").click()
    form.status("no connection")
    form.page.context.set_offline(False)
    expect(form.page.get_by_text("Session saved.")).to_be_visible(timeout=30_000)
    assert _saved(site, "Pressed in the tunnel.") == 1


def test_after_the_session_ended_one_signs_in_beside_and_saves(site: Site, page_as: OpenPage) -> None:
    form = _open(page_as("tutor"), site, 2)
    form.happened.fill("Typed before")
    form.status(SAVED)
    form.page.context.clear_cookies()
    form.happened.fill("Typed before and after the session ended.")
    form.status("You are signed out")
    with form.page.context.expect_page() as opened:
        form.page.locator("#log").get_by_role("link", name="Sign in in a new tab").click()
    _sign_in(opened.value, site, site.email_of("tutor"))
    form.page.bring_to_front()
    expect(form.happened).to_have_value("Typed before and after the session ended.")
    form.save()
    assert _saved(site, "Typed before and after the session ended.") == 1


def test_somebody_else_signed_in_beside_sends_nothing_of_it(site: Site, page_as: OpenPage) -> None:
    form = _open(page_as("tutor"), site, 3)
    form.happened.fill("Only for the tutor's eyes.")
    form.status(SAVED)
    form.page.context.clear_cookies()
    beside = form.page.context.new_page()
    _sign_in(beside, site, site.email_of("headteacher"))
    form.page.bring_to_front()
    form.page.get_by_role("button", name="Save session").click()
    expect(form.page.get_by_label("What happened")).to_have_count(0, timeout=WAIT)
    expect(form.page.locator("body")).not_to_contain_text("Only for the tutor's eyes.")
    assert _saved(site, "Only for the tutor's eyes.") == 0
    kept = site.rows("SELECT u.email FROM accounts_draft d JOIN accounts_user u ON u.id = d.user_id")
    assert kept == [(site.email_of("tutor"),)]


def test_what_another_finds_unsaved_on_the_page_is_wiped_and_kept_for_its_writer(site: Site, page_as: OpenPage) -> None:
    form = _open(page_as("tutor"), site, 3)
    form.happened.fill("Saved in time.")
    form.status(SAVED)
    form.page.context.clear_cookies()
    beside = form.page.context.new_page()
    _sign_in(beside, site, site.email_of("headteacher"))
    form.page.bring_to_front()
    form.happened.fill("Saved in time, and this was not.")
    expect(form.page.get_by_label("What happened")).to_have_count(0, timeout=WAIT)
    expect(form.page.locator("body")).not_to_contain_text("this was not")
    mine = _open(page_as("tutor"), site, 3)
    expect(mine.happened).to_have_value("Saved in time, and this was not.")


def test_who_types_without_a_pause_is_saved_every_five_seconds(site: Site, page_as: OpenPage) -> None:
    form = _open(page_as("tutor"), site, 4)
    form.happened.click()
    began = time.monotonic()
    while not site.rows("SELECT 1 FROM accounts_draft"):
        form.page.keyboard.type("word ", delay=50)
        assert time.monotonic() - began < 12, "nothing was saved while typing went on"
    form.status(SAVED)


def test_offline_it_says_since_when_and_asks_before_the_page_is_left(site: Site, page_as: OpenPage) -> None:
    form = _open(page_as("tutor"), site, 4)
    form.happened.fill("Begun")
    form.status(SAVED)
    saved_at = form.page.locator("#log [data-autosave-status]").inner_text().rpartition(" ")[2]
    form.page.context.set_offline(True)
    form.happened.fill("Begun and gone on")
    form.status(f"Not saved since {saved_at}: no connection, trying again")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    form.page.on("dialog", stay)
    form.page.evaluate("location.href = '/keys/'")
    form.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(form.happened).to_have_value("Begun and gone on")
    form.page.context.set_offline(False)
    form.status(SAVED)


def test_nothing_typed_stays_in_the_browser(site: Site, page_as: OpenPage) -> None:
    form = _open(page_as("tutor"), site, 4)
    form.happened.fill("Nothing of this stays at this computer.")
    form.status(SAVED)
    for address in (form.page.url, "/sessions/comments/", "/students/"):
        form.page.goto(address)
        stores = form.page.evaluate(
            """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
                            (await caches.keys()).length]"""
        )
        assert stores == [0, 0, 0, 0], address
    names = {cookie["name"] for cookie in form.page.context.cookies()}
    assert names <= {"sessionid", "csrftoken", "privacy", "messages"}


def test_it_works_without_javascript(site: Site, page_as: OpenPage) -> None:
    page = page_as("tutor", java_script_enabled=False)
    page.goto("/students/")
    page.locator("main a.name[href^='/students/']").first.click()
    form = Form(page)
    form.happened.fill("Saved without a script.")
    for number, text in enumerate(("One", "Two", "Three")):
        page.locator(f"[name=steps-{number}-text]").fill(text)
    form.save()
    assert _saved(site, "Saved without a script.") == 1


def test_a_low_answer_shows_where_to_go_at_once(site: Site, page_as: OpenPage) -> None:
    form = _open(page_as("tutor"), site)
    link = form.page.locator(".worried a")
    expect(link).to_be_hidden()
    form.page.get_by_label("1 Low").check()
    link.click()
    expect(form.page.get_by_role("heading", name="Raise a concern")).to_be_visible()


@pytest.mark.parametrize("address", ["/sessions/", "/sessions/comments/", "/safeguarding/raise-a-concern/", "story"])
@pytest.mark.parametrize("width", [320, 1440])
def test_the_pages_have_no_violations_and_fit(
    site: Site, page_as: OpenPage, axe: Callable[[Page], list[str]], address: str, width: int
) -> None:
    page = page_as("tutor", viewport={"width": width, "height": 900})
    if address == "story":
        form = _open(page, site)
        form.page.locator(".part-readers summary").click()
        form.page.get_by_label("Only me and the people I name").check()
    else:
        page.goto(address)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def _sign_in(page: Page, site: Site, email: str) -> None:
    page.goto("/account/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(site.password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/account/login/" not in url)
