"""The harness itself: it finds what it must find, or every green browser test means nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, Visits
from tests.browser.site import Site


def test_the_sign_in_page_has_no_violations(new_page: OpenPage, axe: Callable[[Page], list[str]]) -> None:
    page = new_page()
    page.goto("/account/login/")
    assert axe(page) == []


def test_axe_finds_a_nameless_button(new_page: OpenPage, axe: Callable[[Page], list[str]]) -> None:
    page = new_page()
    page.goto("/account/login/")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any(line.startswith("button-name") for line in axe(page))


def test_the_policy_stops_inline_script_and_the_harness_notices(new_page: OpenPage, visits: Visits) -> None:
    page = new_page()
    page.goto("/account/login/")
    page.evaluate(
        """() => { const script = document.createElement('script');
                   script.textContent = 'document.title = "taken over"'; document.body.append(script); }"""
    )
    page.wait_for_timeout(200)
    assert page.title() != "taken over"
    assert any("Content Security Policy" in fault for fault in visits.faults)
    visits.faults.clear()


def test_nothing_but_loopback_is_reached(new_page: OpenPage) -> None:
    page = new_page()
    with pytest.raises(Exception, match="ERR_FAILED"):
        page.goto("http://waymark.example/")


def test_signing_in_by_the_form(page_as: OpenPage) -> None:
    page = page_as("tutor")
    assert "/account/login/" not in page.url
    assert any(cookie["name"] == "sessionid" for cookie in page.context.cookies())


def test_the_site_answers_as_the_web_role(site: Site, new_page: OpenPage) -> None:
    new_page().goto("/account/login/")
    found = site.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'waymark_owner'")
    assert found == [(0,)]
