"""Signing in as it happens: an app and a passkey added in a real browser, signed out, signed in by passkey."""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 320, "height": 700}
Axe = Callable[[Page], list[str]]
# (e-mail, secret) of the app that the first test added; the next one uses it.
_app_of: list[tuple[str, str]] = []


def _code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def _with_authenticator(page: Page) -> None:
    """A device that holds passkeys and always says that it was its owner."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.fixture
def email(site: Site) -> str:
    """Somebody nobody else signs in as, left without a factor afterwards."""
    found = site.rows(
        """SELECT u.email FROM accounts_user u JOIN accounts_membership m ON m.user_id = u.id
           WHERE m.role = 'contributor' AND u.is_active ORDER BY u.email DESC LIMIT 1"""
    )
    return str(found[0][0])


def _looks_right(page: Page, axe: Axe) -> None:
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        assert axe(page) == [], page.url
        assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    page.set_viewport_size(DESK)


def _sign_in(page: Page, site: Site, email: str) -> None:
    page.goto("/account/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(site.password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/account/login/"))


def test_an_app_and_a_passkey_then_the_passkey_alone(site: Site, new_page: OpenPage, email: str, axe: Axe) -> None:
    page = new_page(viewport=DESK)
    _with_authenticator(page)
    page.goto("/account/login/")
    _looks_right(page, axe)
    _sign_in(page, site, email)
    page.goto("/account/")
    _looks_right(page, axe)

    page.get_by_role("link", name="Add an app").click()
    page.locator("[name=password]").fill(site.password)  # the demo's proof
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/account/app/")
    _looks_right(page, axe)
    secret = page.locator("code").inner_text().replace(" ", "")  # shown in groups of four
    _app_of.append((email, secret))
    page.locator("[name=code]").fill(_code(secret))
    page.get_by_role("button", name="Add this app").click()
    page.wait_for_url("**/account/recovery-codes/")
    assert len(page.locator(".codes li").all()) == 10
    _looks_right(page, axe)

    page.goto("/account/passkeys/add/")
    _looks_right(page, axe)
    page.locator("[name=name]").fill("Staffroom laptop")
    page.get_by_role("button", name="Add this device").click()
    page.wait_for_url("**/account/")
    assert page.get_by_text("Staffroom laptop").first.is_visible()
    _looks_right(page, axe)

    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(site.url)
    assert page.locator("h1").count() == 1

    page.goto("/account/browsers/")
    _looks_right(page, axe)  # the question comes first
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/account/browsers/")
    assert page.get_by_text("this one").is_visible()
    _looks_right(page, axe)


def test_after_the_password_the_factor_is_asked_for(site: Site, new_page: OpenPage, axe: Axe) -> None:
    email, secret = _app_of[0]
    page = new_page(viewport=DESK)
    _sign_in(page, site, email)
    page.wait_for_url("**/account/login/factor/")
    _looks_right(page, axe)
    page.locator("[name=code]").fill(_code(secret, 1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(site.url)


def test_the_cancelled_passkey_is_told_in_words(new_page: OpenPage) -> None:
    page = new_page()
    page.goto("/account/login/")
    refusal = "Promise.reject(new DOMException('', 'NotAllowedError'))"
    page.evaluate(f"() => {{ navigator.credentials.get = () => {refusal}; }}")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("Nothing was taken").wait_for()


def test_after_signing_out_the_back_button_shows_nothing(site: Site, page_as: OpenPage, new_page: OpenPage) -> None:
    page = new_page()
    _sign_in(page, site, site.email_of("senior_leader"))
    page.goto("/students/")
    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/")
    page.go_back()
    page.go_back()
    page.wait_for_url("**/account/login/**")


def test_the_school_s_page_of_sign_ins(site: Site, new_page: OpenPage, axe: Axe) -> None:
    page = new_page(viewport=DESK)
    _sign_in(page, site, site.email_of("data_manager"))
    page.goto("/school/sign-ins/")
    _looks_right(page, axe)
    page.locator("tbody a").first.click()
    page.locator("[name=password]").fill(site.password)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/school/sign-ins/*/")
    _looks_right(page, axe)
