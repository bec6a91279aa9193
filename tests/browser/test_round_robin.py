"""Asking all teachers in three clicks, and answering from the mail in two taps (journey 4.1; duties 80 and 81)."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.person import Day
from tests.browser.site import Site
from tutoring.roundrobin.bank import BANK
from tutoring.roundrobin.links import token_of

WAIT = 15_000
ASKED = """SELECT a.id FROM roundrobin_ask a JOIN accounts_user u ON u.id = a.asked_by_id
            WHERE u.email = %s AND a.answered_at IS NULL ORDER BY a.asked_at DESC LIMIT 1"""


def test_three_clicks_ask_and_two_taps_answer(
    page_as: OpenPage, new_page: OpenPage, site: Site, axe: Callable[[Page], list[str]]
) -> None:
    day = Day(page_as("tutor"))
    day.page.goto(reverse("desk:student-list"))
    ask_all, ask_them = day.link("Ask all teachers"), day.button("Ask them")
    day.click(day.page.locator("main a[href*='/students/']").first, ask_all, decides=True)
    day.click(ask_all, ask_them)
    day.click(ask_them, day.page.get_by_text("Their answers stand here as they come"))
    day.within(clicks=3, seconds=20)

    [(ask,)] = site.rows(ASKED, [site.email_of("tutor")])
    mail, link = Day(new_page()), reverse("roundrobin:link", args=[token_of(ask)])
    mail.page.goto(link)
    assert axe(mail.page) == []
    taps = len(BANK[0].questions)
    for question in range(taps - 1):
        mail.click(mail.page.locator("fieldset").nth(question).locator("label").first, decides=True)
    thanks = mail.page.get_by_role("heading", name="Thank you")
    mail.click(mail.page.locator("fieldset").last.get_by_role("button").first, thanks, decides=True)
    mail.within(clicks=2, seconds=10)
    [(how, answers)] = site.rows("SELECT how, answers FROM roundrobin_ask WHERE id = %s", [ask])
    assert (how, len(answers)) == ("link", taps)
    answer = mail.page.request.get(link)
    assert (answer.status, "You have answered already" in answer.text()) == (410, True)
