"""Delight 10, duty 96: a family chooses the weekly mail, and the tutor looks through it before it goes."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

WAIT = 15_000
MAY = """SELECT c.id FROM students_contact c JOIN groups_groupmembership g ON g.student_id = c.student_id
           JOIN groups_tutorassignment a ON a.group_id = g.group_id JOIN accounts_membership m ON m.id = a.membership_id
           JOIN accounts_user u ON u.id = m.user_id
          WHERE u.email = %s AND c.parental_responsibility AND NOT c.court_order AND c.email <> ''
            AND g.ends_on IS NULL AND a.ends_on IS NULL
            AND NOT EXISTS (SELECT FROM digests_digestchoice d WHERE d.contact_id = c.id)
          ORDER BY c.id LIMIT 1"""


def test_chosen_looked_through_and_held_back(page_as: OpenPage, site: Site, axe: Callable[[Page], list[str]]) -> None:
    page = page_as("tutor")
    [(contact,)] = site.rows(MAY, [site.email_of("tutor")])
    page.goto(reverse("digests:choice", args=[contact]))
    assert axe(page) == []
    page.get_by_label("Every week").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("every week")).to_be_visible(timeout=WAIT)

    page.goto(reverse("digests:preview"))
    mail = page.locator(f"#m{contact}")
    mail.get_by_role("button", name="Hold the whole mail back").click()
    expect(mail.get_by_text("Held back")).to_be_visible(timeout=WAIT)
    assert axe(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    mail.get_by_role("button", name="Let it go").click()
    expect(mail.get_by_role("button", name="Hold the whole mail back")).to_be_visible(timeout=WAIT)
