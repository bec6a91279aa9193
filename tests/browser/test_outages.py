"""Redis stopped, PostgreSQL out of reach: in a real browser, with somebody in the middle of something."""

import re
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.enums import Role
from scripts.embedded.place import find_place
from scripts.embedded.redis import Redis
from tests.browser.conftest import OpenPage
from tests.browser.site import NAME, Site

WAIT = 60_000
TEXT = "We agreed that mornings are hard, and that the breakfast club is worth a second try from Monday."


@pytest.fixture
def redis() -> Iterator[Redis]:
    """The tests' own server, running again afterwards."""
    if "/redis.sock" not in settings.REDIS_URL:
        pytest.skip("this Redis is somebody else's")
    server = Redis(find_place("test"))
    yield server
    if not server.is_running():
        server.start()


def test_a_run_begun_while_redis_is_away_is_made_when_it_is_back(page_as: OpenPage, redis: Redis) -> None:
    page = page_as(Role.HEADTEACHER.value)
    page.goto("/reports/make/")
    boxes = page.locator("input[name=groups]")
    for place in range(1, boxes.count()):
        boxes.nth(place).uncheck()
    redis.stop()
    began = time.monotonic()
    page.get_by_role("button", name=re.compile(r"^Make \d+ report")).click()
    page.wait_for_url(re.compile(r"/reports/runs/"))
    assert time.monotonic() - began < 5, "the page waited for Redis"
    for path in ("/", "/students/", "/reports/dashboard/", "/reports/"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
    page.go_back()
    page.goto("/reports/")
    page.locator("main a[href*='/reports/runs/']").first.click()
    expect(page.get_by_text("Waiting for the background worker")).to_be_visible(timeout=WAIT)
    redis.start()
    expect(page.get_by_text(re.compile(r"(\d+) of \1 report"))).to_be_visible(timeout=2 * WAIT)


@pytest.fixture
def door(site: Site) -> Iterator[Site]:
    """A site whose database may be locked; it is open again afterwards."""
    yield site
    _let_in(site, True)


def _let_in(site: Site, yes: bool) -> None:
    """Asked of the administration's database, for nobody could ask it of a locked one."""
    site.administer(f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS {'true' if yes else 'false'}")
    if not yes:
        site.administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{NAME}'")


def _log_form(page: Page, text: str) -> None:
    page.goto("/students/")
    page.locator("main a[href^='/students/']").first.click()
    page.get_by_label("What happened").fill(text)


def _saved(site: Site, text: str) -> int:
    return int(site.rows("SELECT count(*) FROM tutor_sessions_tutorsession WHERE happened = %s", [text])[0][0])


def test_the_text_stays_on_the_page_until_the_database_is_back(door: Site, page_as: OpenPage) -> None:
    page = page_as("tutor")
    _log_form(page, TEXT)
    _let_in(door, False)
    page.get_by_role("button", name="Save session").click()
    expect(page.locator("#log [data-autosave-status]")).to_contain_text("no connection", timeout=WAIT)
    expect(page.get_by_label("What happened")).to_have_value(TEXT)
    _let_in(door, True)  # what was pressed is sent then
    expect(page.get_by_text("Session saved.")).to_be_visible(timeout=WAIT)
    assert _saved(door, TEXT) == 1


def test_without_javascript_the_text_comes_back_to_be_sent_again(door: Site, page_as: OpenPage) -> None:
    page_as("tutor")
    page, text = page_as("tutor", java_script_enabled=False), f"{TEXT} By hand."
    _log_form(page, text)
    _let_in(door, False)
    page.get_by_role("button", name="Save session").click()
    expect(page.get_by_role("heading", name="One moment, please")).to_be_visible(timeout=WAIT)
    assert text in page.content()
    time.sleep(8)  # long enough for the waits between attempts to reconnect to have grown
    _let_in(door, True)
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Session saved.")).to_be_visible(timeout=WAIT)
    assert _saved(door, text) == 1
