"""The tutor's daily journey in a real browser, within the clicks and the seconds it may take (journey 4.1).

Clicks are counted and seconds worked out as `tests/browser/person.py` says. The register: test_register; asking all
teachers: test_round_robin; raising a concern: test_safeguarding.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenPage
from tests.browser.person import FORTY_WORDS, WAIT, Day, words_on
from tests.browser.site import Site

GROUP_OF = 28  # students, as the journeys count them
# Ten seconds at 700 words a minute, the speed of skimming: what stands out on the sheet, and leads to the rest of it.
GLANCE = 10 * 700 / 60
STANDS_OUT = "main h2, main .ask, main .since dt, main b, main .chip"

# What must have been read by then → where.
MUST_BE_READ = {
    "the question to open with": ".ask",
    "each figure and grade since then": ".since dd > :is(b, .chip)",
    "whether it happened": "section:has(#agreed-title) .lines > li > .chip",
}
# Of each: none there, or one that looks like the text around it (neither bold nor larger).
NOT_MARKED = """places => Object.entries(places).filter(([, place]) => {
    const found = [...document.querySelectorAll(`main ${place}`)];
    const plain = getComputedStyle(document.querySelector("main .sub"));
    return !found.length || found.some((one) => {
        const style = getComputedStyle(one);
        return Number(style.fontWeight) < 600 && parseFloat(style.fontSize) <= parseFloat(plain.fontSize) * 1.2;
    });
}).map(([what]) => what)"""


@pytest.fixture
def today(page_as: OpenPage) -> Day:
    page = page_as("tutor", viewport={"width": 1440, "height": 900})
    page.goto("/")
    return Day(page)


@pytest.fixture
def pupil(today: Day) -> Day:
    """On the page of the first of whom the list says who needs the tutor first."""
    today.page.locator("main a.name[href^='/students/']").first.click()
    today.page.wait_for_load_state()
    return today


@pytest.fixture
def nobody_booked(site: Site) -> Iterator[None]:
    """And the school promises more than anybody has had."""
    cancel = (
        "UPDATE diary_appointment SET state = 'cancelled', reason = 'For a test' WHERE state = 'booked' RETURNING id"
    )
    booked = [key for (key,) in site.rows(cancel)]
    school = "SELECT gen_random_uuid(), id, 12, '{}' FROM accounts_school"
    site.rows(f"INSERT INTO tutor_sessions_entitlement (id, school_id, per_term, exempt_years) {school}")
    yield
    site.rows("DELETE FROM tutor_sessions_entitlement")
    site.rows("UPDATE diary_appointment SET state = 'booked', reason = '' WHERE id = ANY (%s)", [booked])


PLANNED = """INSERT INTO visits_homevisit
               (id, student_id, visitor_id, told_id, submission, leaves_at, back_by, known_risk, known_risk_note,
                somebody_knows, somebody_knows_note, phone_charged, phone_charged_note, note, created_at, cancelled,
                child_seen, who_was_there)
             SELECT gen_random_uuid(), p.student_id, u.id, o.id, gen_random_uuid(), now(), now() + interval '1 hour',
                    false, '', true, '', true, '', '', now(), false, '', ''
               FROM accounts_user u JOIN accounts_user o ON o.school_id = u.school_id AND o.id <> u.id
               JOIN accounts_membership m ON m.user_id = u.id
               JOIN groups_tutorassignment t ON t.membership_id = m.id AND t.ends_on IS NULL
               JOIN groups_groupmembership p ON p.group_id = t.group_id AND p.ends_on IS NULL
              WHERE u.email = %s LIMIT 1 RETURNING id"""


def test_signing_in_opens_the_caseload(new_page: OpenPage, site: Site) -> None:
    """No click after the password: the tutor's own students stand there."""
    page = new_page()
    page.goto("/account/login/")
    page.locator("[name=login]").fill(site.email_of("tutor"))
    page.locator("[name=password]").fill(site.password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/account/login/" not in url)
    expect(page.locator("main a.name[href^='/students/']").first).to_be_visible(timeout=WAIT)


def test_the_landing_page_says_whom_to_see_and_why(nobody_booked: None, today: Day) -> None:
    """No click: three names with reasons (duty 10)."""
    next_to_see = today.page.locator("section:has(#next-title) li")
    expect(next_to_see).to_have_count(3)
    for place in range(3):
        expect(next_to_see.nth(place).locator(".sub")).not_to_be_empty()


def _prepare(today: Day) -> Locator:
    """The first of whom something was agreed: of the others the sheet says that nothing was."""
    for link in today.page.get_by_role("link", name="Prepare a 1:1 with").all():
        sheet = today.page.request.get(str(link.get_attribute("href"))).text()
        if 'class="chip' in sheet.partition('id="agreed-title"')[2].partition("</section>")[0]:
            return link
    raise AssertionError("nobody on Today has anything agreed")


def test_one_click_to_the_sheet_before_a_1_1_and_it_is_one_screen(today: Day) -> None:
    """Duty 1: on one screen, not two; read in ten seconds."""
    heading = today.page.get_by_role("heading", name="Before the 1:1 with")
    today.click(_prepare(today), heading)
    today.within(clicks=1, seconds=10)
    height = today.page.evaluate("document.documentElement.scrollHeight")
    assert height <= 900, "it must not need scrolling on a usual screen"
    outstanding = today.page.locator(STANDS_OUT)
    assert sum(words_on(outstanding.nth(place)) for place in range(outstanding.count())) <= GLANCE
    assert today.page.evaluate(NOT_MARKED, MUST_BE_READ) == [], "what must be read in ten seconds stands out"
    assert words_on(today.page.locator("main")) <= 450


def test_planners_cost_one_tap_an_exception(today: Day, site: Site) -> None:
    """Duty 79: the group's grid, 28 planners looked at, three exceptions, one Save."""
    main = today.page.get_by_role("main")
    side = today.page.get_by_role("navigation", name="Main")
    today.click(side.get_by_role("link", name="Planners"), main.locator("a[href*='/planners/groups/']").first)
    rows = today.page.locator(".planner-row")
    today.click(main.locator("a[href*='/planners/groups/']").first, rows.first)
    before = today.clicks
    for place in range(3):
        today.click(rows.nth(place).locator("label.tap").nth(2))
    assert today.clicks - before == 3
    today.decisions += GROUP_OF
    today.click(today.button("Save the check"), today.page.get_by_text(": saved, "))
    today.within(clicks=6, seconds=60)
    saved = today.page.url.rstrip("/").rpartition("/")[2]  # not the latest made: the demo's of today is dated at 8.45
    assert site.rows("SELECT count(*) FROM conduct_plannerexception WHERE check_of_id = %s", [saved])[0][0] >= 3


def test_four_clicks_and_the_text_log_a_1_1(today: Day, site: Site) -> None:
    """Duties 10 and 24: with forty words, within a minute and a half."""
    happened = today.page.get_by_label("What happened")
    today.click(today.page.locator("main a.name[href^='/students/']").first, happened, decides=True)
    today.type_into(happened, FORTY_WORDS)
    today.click(today.page.get_by_role("radio", name="4", exact=True), decides=True)
    today.click(today.button("Save session"), today.page.get_by_text("Session saved."))
    today.within(clicks=4, seconds=90)
    assert len(FORTY_WORDS.split()) == 40
    found = "SELECT kind FROM tutor_sessions_tutorsession WHERE happened = %s"
    assert ("one_to_one",) in site.rows(found, [FORTY_WORDS])


def test_a_quick_note_is_written_in_half_a_minute(today: Day, site: Site) -> None:
    """Duty 13."""
    said = "Handed in his art folder a day early, unasked, and stayed to help."
    log = today.page.locator("#log")
    today.click(today.page.locator("main a.name[href^='/students/']").first, log, decides=True)
    today.click(log.get_by_role("radio", name="Quick note"))
    today.type_into(today.page.get_by_label("What happened"), said)
    today.click(today.button("Save session"), today.page.get_by_text("Session saved."))
    today.within(clicks=4, seconds=30)
    assert site.rows("SELECT kind FROM tutor_sessions_tutorsession WHERE happened = %s", [said]) == [("note",)]


def test_two_clicks_to_a_plan_from_the_bank(pupil: Day) -> None:
    """Duty 23: from the student's page, as it opens; then it is edited."""
    main = pupil.page.get_by_role("main")  # beside it stands "Use of force"
    pupil.click(pupil.link("Plan from the bank"), main.get_by_role("link", name="Use ").first)
    title = pupil.page.locator("input[name='title']")
    pupil.click(main.get_by_role("link", name="Use ").first, title, decides=True)
    expect(title).not_to_have_value("", timeout=WAIT)
    pupil.within(clicks=2, seconds=30)


def test_three_taps_praise_home_with_a_message(pupil: Day, site: Site) -> None:
    """Duty 44."""
    before = site.rows("SELECT count(*) FROM tutor_sessions_homemessage")[0][0]
    ready, text = pupil.page.locator("ul.ready button").first, pupil.page.locator("textarea[name='text']")
    pupil.click(pupil.link("Praise home"), ready)
    pupil.click(ready, text, decides=True)
    expect(text).not_to_have_value("", timeout=WAIT)
    pupil.click(pupil.button("Send"), pupil.page.get_by_text("Saved. It"))
    pupil.within(clicks=3, seconds=15)
    assert site.rows("SELECT count(*) FROM tutor_sessions_homemessage")[0][0] == before + 1


def test_five_clicks_for_a_verbal_warning_and_its_letter_is_there(pupil: Day) -> None:
    """Duties 40 and 41: the letter is a PDF, made when it is opened."""
    verbal = pupil.page.get_by_label("Verbal warning")
    pupil.click(pupil.link("Warnings"), pupil.link("Issue a warning"))
    pupil.click(pupil.link("Issue a warning"), verbal)
    pupil.click(verbal, decides=True)
    pupil.type_into(pupil.page.get_by_label("Reason"), "Left the lesson without a word, twice this week.")
    letter = pupil.page.get_by_role("link", name="Letter")
    pupil.click(pupil.button("Issue the warning"), letter)
    pupil.within(clicks=5, seconds=45)
    answer = pupil.page.request.get(letter.get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def test_four_clicks_log_a_call_home(pupil: Day, site: Site) -> None:
    """Duty 12."""
    said = "Rang home; her mother will ring back on Friday."
    pupil.click(pupil.page.locator("#log").get_by_role("radio", name="Call home"))
    pupil.type_into(pupil.page.get_by_label("What happened"), said)
    pupil.click(pupil.button("Save session"), pupil.page.get_by_text("Session saved."))
    pupil.within(clicks=4, seconds=45)
    assert site.rows("SELECT kind FROM tutor_sessions_tutorsession WHERE happened = %s", [said]) == [("call_home",)]


def test_four_clicks_log_a_home_visit_and_its_timer_takes_two_taps(today: Day, site: Site) -> None:
    """Duty 92: at the door one tap out and one back; then four clicks: the child, on, into the box, Save.

    It begins on the page of the visit, planned before: how one comes there and what planning costs is not counted.
    """
    [(visit,)] = site.rows(PLANNED, [site.email_of("tutor")])
    today.page.goto(f"/visits/{visit}/")
    back = today.button("I am back safe")
    today.click(today.button("I am leaving now"), back)
    seen = today.page.get_by_role("main").locator("input[name=child_seen][value=yes]")
    today.click(back, seen)
    today.within(clicks=2, seconds=10)
    [(out, in_again)] = site.rows("SELECT out_at, back_at FROM visits_homevisit WHERE id = %s", [visit])
    assert out <= in_again

    said, log, happened = "All at home; a desk is there now.", Day(today.page), today.page.get_by_label("What happened")
    log.click(seen, decides=True)
    log.click(log.button("Save and log the conversation"), happened)
    log.type_into(happened, said)
    log.click(log.button("Save session"), log.page.get_by_text("Session saved."))
    log.within(clicks=4, seconds=45)
    assert site.rows("SELECT child_seen FROM visits_homevisit WHERE id = %s", [visit]) == [("yes",)]
    found = "SELECT kind FROM tutor_sessions_tutorsession WHERE happened = %s"
    assert site.rows(found, [said]) == [("home_visit",)]


def test_one_click_a_student_for_the_comments_of_a_term(today: Day) -> None:
    """Duty 85: the facts beside each box, and a name that is not this student's is noticed while one types."""
    today.page.goto("/sessions/comments/")
    boxes = today.page.locator("section.comment")
    expect(boxes.first.locator("dl.facts")).to_contain_text("Attendance")
    other = (boxes.nth(1).locator("h2").inner_text()).split()[0]
    today.type_into(boxes.first.locator("textarea"), f"{other} came to breakfast club every Monday this term.")
    expect(boxes.first.locator(".hints")).to_contain_text(f"Names {other}", timeout=WAIT)
    today.type_into(boxes.nth(1).locator("textarea"), f"{other} has read six books, one of them aloud to the class.")
    expect(boxes.nth(1).locator("[role=status]")).not_to_contain_text("right student", timeout=WAIT)
    assert today.clicks == 2
