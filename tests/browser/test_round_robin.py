"""Asking all teachers in three clicks, and answering from the mail in two taps (journey 4.1; duties 80 and 81)."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tutoring.roundrobin.bank import BANK
from tutoring.roundrobin.links import token_of

WAIT = 15_000
ASKED = """SELECT a.id FROM roundrobin_ask a JOIN accounts_user u ON u.id = a.asked_by_id
            WHERE u.email = %s AND a.answered_at IS NULL ORDER BY a.asked_at DESC LIMIT 1"""


def test_three_clicks_ask_and_two_taps_answer(
    page_as: OpenPage, new_page: OpenPage, site: Site, axe: Callable[[Page], list[str]]
) -> None:
    page = page_as("tutor")
    page.goto(reverse("desk:student-list"))
    page.locator("main a[href*='/students/']").first.click()  # 1
    page.get_by_role("link", name="Ask all teachers").click()  # 2
    page.get_by_role("button", name="Ask them").click()  # 3
    expect(page.get_by_text("Their answers stand here as they come")).to_be_visible(timeout=WAIT)

    [(ask,)] = site.rows(ASKED, [site.email_of("tutor")])
    mail = new_page()
    link = reverse("roundrobin:link", args=[token_of(ask)])
    mail.goto(link)
    assert axe(mail) == []
    taps = len(BANK[0].questions)
    for question in range(taps - 1):
        mail.locator("fieldset").nth(question).locator("label").first.click()
    mail.locator("fieldset").last.get_by_role("button").first.click()
    expect(mail.get_by_role("heading", name="Thank you")).to_be_visible(timeout=WAIT)
    assert taps <= 2
    [(how, answers)] = site.rows("SELECT how, answers FROM roundrobin_ask WHERE id = %s", [ask])
    assert (how, len(answers)) == ("link", taps)
    answer = mail.request.get(link)
    assert (answer.status, "You have answered already" in answer.text()) == (410, True)
