"""Praise home by keyboard: Enter sends what is typed, as on every form."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

WAIT = 15_000
MAY = """SELECT c.student_id FROM students_contact c JOIN groups_groupmembership g ON g.student_id = c.student_id
           JOIN groups_tutorassignment a ON a.group_id = g.group_id JOIN accounts_membership m ON m.id = a.membership_id
           JOIN accounts_user u ON u.id = m.user_id
          WHERE u.email = %s AND c.parental_responsibility AND NOT c.court_order AND c.email <> ''
            AND g.ends_on IS NULL AND a.ends_on IS NULL
          ORDER BY c.id LIMIT 1"""
OWN = "He helped a new student to find the library."


def test_enter_sends_the_message_and_no_ready_sentence(
    page_as: OpenPage, site: Site, axe: Callable[[Page], list[str]]
) -> None:
    page = page_as("tutor")
    [(student,)] = site.rows(MAY, [site.email_of("tutor")])
    page.goto(reverse("tutor_sessions:praise-home", args=[student]))
    assert axe(page) == []
    main = page.get_by_role("main")
    main.get_by_role("textbox", name="Message").fill(OWN)
    main.get_by_role("radio").first.press("Enter")
    expect(page.get_by_text("Saved. It")).to_be_visible(timeout=WAIT)
    assert site.rows("SELECT happened FROM tutor_sessions_tutorsession WHERE happened = %s", [OWN]) == [(OWN,)]
