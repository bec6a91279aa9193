"""The register in a real browser: three exceptions in six clicks and twelve seconds, or with keys alone (33 and 34)."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.person import WAIT, Day
from tests.browser.site import Site

MINE = """SELECT r.group_id FROM attendance_register r JOIN accounts_user u ON u.id = r.by_id
           WHERE u.email = %s LIMIT 1"""


@pytest.fixture
def untaken(site: Site) -> str:
    """The day whose morning register of the tutor's group is not taken; the day, as an address has it."""
    group = site.rows(MINE, [site.email_of("tutor")])[0][0]
    [(day,)] = site.rows("SELECT max(day) FROM attendance_register WHERE group_id = %s", [group])
    marks = """student_id IN (SELECT student_id FROM groups_groupmembership WHERE group_id = %s)
               AND date = %s AND session = 'AM'"""
    site.rows(f"DELETE FROM attendance_mark WHERE {marks}", [group, day])
    taken = "SELECT id FROM attendance_register WHERE group_id = %s AND day = %s AND session = 'AM'"
    site.rows(f"DELETE FROM attendance_registerentry WHERE register_id IN ({taken})", [group, day])
    site.rows(f"DELETE FROM attendance_register WHERE id IN ({taken})", [group, day])
    return str(day.isoformat())


def counted(site: Site, day: str) -> dict[str, int]:
    """code → how many students of the register have it."""
    return dict(
        site.rows(
            """SELECT k.code, count(*) FROM attendance_mark k
                 JOIN attendance_registerentry e ON e.student_id = k.student_id
                 JOIN attendance_register r ON r.id = e.register_id AND r.day = k.date AND r.session = k.session
                 JOIN accounts_user u ON u.id = r.by_id
                WHERE r.session = 'AM' AND r.day = %s AND u.email = %s GROUP BY k.code""",
            [day, site.email_of("tutor")],
        )
    )


def opened(day: Day, when: str) -> None:
    """One click from Today, whose line "Morning register" says Take on a school day; on another the list of the last
    one stands in for it, and has the same link.
    """
    day.page.goto("/")
    take = day.page.get_by_role("main").locator("a[href$='/morning/']").first
    if not (when == dt.date.today().isoformat() and take.count()):
        day.page.goto(f"/attendance/registers/?day={when}")
        take = day.page.get_by_role("link", name="Take the morning register").first
    day.click(take, day.page.locator("[data-row]").first)


def test_three_exceptions_cost_six_clicks_and_twelve_seconds_from_today(
    untaken: str, page_as: OpenPage, site: Site
) -> None:
    day = Day(page_as("tutor"))
    opened(day, untaken)
    rows = day.page.locator("[data-row]")
    everybody = rows.count()
    for place in range(3):
        day.click(rows.nth(place).locator("label.tap").nth(place + 1), decides=True)
    saved = day.page.get_by_text(f"saved. {everybody - 3} present, 3 exceptions.")
    day.click(day.button("Save the register"), saved)
    day.within(clicks=6, seconds=12)
    expect(day.page.get_by_text("Taken by")).to_be_visible()
    assert counted(site, untaken) == {"/": everybody - 3, "L": 1, "N": 1, "I": 1}


def test_one_key_an_exception(untaken: str, page_as: OpenPage, site: Site) -> None:
    page = page_as("tutor")
    opened(Day(page), untaken)
    everybody = page.locator("[data-row]").count()
    for key in ("ArrowDown", "l", "7", "ArrowDown", "n", "ArrowDown", "m", "ArrowDown", "n", "/", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("3 exceptions.")).to_be_visible(timeout=WAIT)
    assert counted(site, untaken) == {"/": everybody - 3, "L": 1, "N": 1, "M": 1}
    assert site.rows("SELECT count(*) FROM attendance_registerentry WHERE minutes_late = 7 AND code = 'L'"
                     " AND created_at > now() - interval '5 minutes'")[0][0] >= 1  # fmt: skip
