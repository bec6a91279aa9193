"""A real Chromium against a served Waymark. Only loopback is reachable; an error in the console fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Response, Route, sync_playwright

from tests.browser.site import Site, make_site

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
# WCAG 2.2 AA and what it builds on, and axe's best practices.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
BROWSER_REPORTS_STATUS = "Failed to load resource"

OpenPage = Callable[..., Page]
SIGNED_IN: dict[str, Any] = {}
OPENED_AS: dict[BrowserContext, str] = {}


@dataclass
class Visits:
    """The contexts one test opened and what went wrong in them."""

    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self._note(message.type, message.text, page.url))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))

    def _note(self, kind: str, text: str, url: str) -> None:
        # An answer such as 409 or 404 is the site's word, not a fault in the page.
        if kind == "error" and not text.startswith(BROWSER_REPORTS_STATUS):
            self.faults.append(f"{url}: {text}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(django_db_blocker: Any) -> Iterator[Site]:
    """A school of 60 students, web, worker and beat."""
    with django_db_blocker.unblock():
        site = make_site()
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(site: Site, playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium. It depends on `site`, whose set-up uses Django, before Playwright's event loop starts."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS + sandbox)
    yield browser
    browser.close()


@pytest.fixture
def visits() -> Iterator[Visits]:
    """Closes what the test opened, then fails it for any error in a console, a refused policy included."""
    visits = Visits()
    yield visits
    for context in visits.contexts:
        context.close()
    assert visits.faults == []


@pytest.fixture
def new_page(site: Site, browser: Browser, visits: Visits) -> OpenPage:
    """Opens a page of a visitor who is not signed in; takes Playwright's options for a context."""

    def open_page(**options: Any) -> Page:
        context = browser.new_context(base_url=site.url, locale="en-GB", timezone_id="Europe/London", **options)
        context.set_default_timeout(10_000)
        context.route("**/*", _only_loopback)
        visits.contexts.append(context)
        context.on("page", visits.watch)
        return context.new_page()

    return open_page


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """E-mail → Playwright's storage state: each person signs in once for all tests."""
    return SIGNED_IN


@pytest.fixture
def page_as(site: Site, new_page: OpenPage, signed_in: dict[str, Any]) -> OpenPage:
    """Opens a page as somebody: `page_as("tutor")` or `page_as("a.name@example.org")`, signed in by the real form."""

    def open_page(who: str, **options: Any) -> Page:
        email = who if "@" in who else site.email_of(who)
        if email in signed_in:
            page = new_page(storage_state=signed_in[email], **options)
            OPENED_AS[page.context] = email
            return page
        page = new_page(**options)
        OPENED_AS[page.context] = email
        page.goto("/account/login/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(site.password)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/account/login/" not in url)
        signed_in[email] = page.context.storage_state()
        return page

    return open_page


def goto_proved(page: Page, path: str, site: Site) -> Response | None:
    """Opens an address, proving on the way that it is still the same person, where that is asked."""
    response = page.goto(path)
    if "/account/confirm/" not in page.url or path.startswith("/account/"):
        return response
    page.locator("main [name=password]").fill(site.password)
    with page.expect_navigation(url=lambda url: "/account/confirm/" not in url) as there:
        page.get_by_role("button", name="Go on").click()
    # The session goes on under a new key, and the old one opens nothing any more.
    SIGNED_IN[OPENED_AS[page.context]] = page.context.storage_state()
    return there.value


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe-core finds on a page, one line each: rule, help, first element.

    Its source is evaluated by the debugging protocol, which the page's security policy does not govern.
    """
    source = AXE.read_text()

    def violations(page: Page) -> list[str]:
        page.evaluate(f"() => {{ {source} }}")
        found = page.evaluate("tags => axe.run(document, {runOnly: tags})", AXE_TAGS)
        return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html']}" for v in found["violations"]]

    return violations


def _only_loopback(route: Route) -> None:
    address = urlsplit(route.request.url)
    if address.hostname in LOOPBACK or address.scheme in {"data", "blob"}:
        route.continue_()
    else:
        route.abort()
