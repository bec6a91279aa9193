"""Marks on a body in a real browser: by the drawing and by the list, the same marks; drafts hear of every change.

The field is put into a page that is always there, so that it is looked at under the real policy and style sheets.
"""

from collections.abc import Callable

import pytest
from django import forms
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, expect

from safeguarding.body_map import MarksField, marks_shown
from safeguarding.categories import guidance_for
from safeguarding.writing_check import remarks
from tests.browser.conftest import OpenPage

PUT_IN = """async (html) => {
    document.querySelector("main").innerHTML = html;
    const added = (name, values) => new Promise((done) => {
        const element = Object.assign(document.createElement(name), values, {onload: done});
        document.head.append(element);
    });
    await added("link", {rel: "stylesheet", href: "/static/css/safeguarding.css"});
    for (const name of ["body_map", "autosave"]) await added("script", {type: "module", src: `/static/js/${name}.js`});
}"""
SAVED = '{"saved_at": "08:41", "token": "1", "revision": 1, "forked": false}'


class WorryForm(forms.Form):
    marks = MarksField()


@pytest.fixture
def sent() -> list[str]:
    """What autosave sent."""
    return []


@pytest.fixture
def marks_page(page_as: OpenPage, sent: list[str]) -> Callable[..., Page]:
    def open_page(width: int = 1440) -> Page:
        page = page_as("tutor", viewport={"width": width, "height": 900})
        page.goto("/accessibility/")
        page.route("**/saving/", lambda route: _save(route, sent))
        page.evaluate(PUT_IN, _content())
        return page

    return open_page


def _save(route: Route, sent: list[str]) -> None:
    sent.append(route.request.post_data or "")
    route.fulfill(status=200, content_type="application/json", body=SAVED)


def _content() -> str:
    shown = marks_shown([{"place": "left-heel", "kind": "cut", "size": "2 cm"}, {"place": "chin", "kind": "bite"}])
    advice = render_to_string("safeguarding/_writing_check.html", {"remarks": remarks("KB said that I think.")})
    guidance = {"guidance": guidance_for("child-nudes", dsl="safeguarding lead"), "title": "Images"}
    return (
        f'<h1>Marks</h1><div class="writing-check" role="status">{advice}</div>'
        f"{render_to_string('safeguarding/_category_guidance.html', guidance)}"
        '<form method="post" data-autosave="/saving/"><span data-autosave-status role="status"></span>'
        f'<fieldset><legend class="form-label">Marks on the body</legend>{WorryForm()["marks"]}</fieldset></form>'
        f"<h2>To read</h2>{render_to_string('safeguarding/_marks.html', {'shown': shown})}"
    )


def _press(page: Page, code: str) -> None:
    page.locator(f"[data-marks] [data-area={code}]").click()


def _dots(page: Page) -> list[str]:
    return page.locator("[data-marks] .body-dot").all_text_contents()


def test_a_press_on_the_drawing_adds_a_mark_there(marks_page: Callable[..., Page], sent: list[str]) -> None:
    page = marks_page()
    _press(page, "left-chest")
    expect(page.locator("[name=marks-0-place]")).to_have_value("left-chest")
    expect(page.locator("[name=marks-0-kind]")).to_be_focused()
    expect(page.locator("[data-marks-said]")).to_have_text("Mark 1: left side of the chest added.")
    _press(page, "right-calf")
    expect(page.locator("[name=marks-1-place]")).to_have_value("right-calf")
    expect(page.get_by_role("group", name="Mark 2: right calf")).to_be_visible()
    assert _dots(page) == ["1", "2"]
    expect(page.locator("[data-autosave-status]")).to_contain_text("Draft saved", timeout=10_000)
    assert 'name="marks-1-place"\r\n\r\nright-calf' in sent[-1]


def test_the_list_alone_does_the_same_by_keyboard(marks_page: Callable[..., Page], sent: list[str]) -> None:
    page = marks_page()
    page.get_by_label("Where on the body").first.focus()
    page.keyboard.type("left shin")
    expect(page.locator("[name=marks-0-place]")).to_have_value("left-shin")
    assert _dots(page) == ["1"]
    page.get_by_role("button", name="Another mark").press("Enter")
    expect(page.locator("[name=marks-1-place]")).to_be_focused()
    page.keyboard.type("nose")
    assert _dots(page) == ["1", "2"]
    saved = page.locator("[data-autosave-status]")
    expect(saved).to_contain_text("Draft saved", timeout=10_000)
    sent.clear()
    with page.expect_response("**/saving/"):
        page.get_by_role("button", name="Remove mark 1").press("Enter")
    assert _dots(page) == ["1"]
    expect(page.get_by_role("group", name="Mark 1: nose")).to_be_visible()
    assert "left-shin" not in sent[-1]
    assert "\r\nnose" in sent[-1]


@pytest.mark.parametrize("width", [320, 1440])
def test_no_violation_and_no_sideways_scrolling(
    marks_page: Callable[..., Page], axe: Callable[[Page], list[str]], width: int
) -> None:
    page = marks_page(width)
    _press(page, "left-palm")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_list_and_the_button_are_there(page_as: OpenPage) -> None:
    page = page_as("tutor", java_script_enabled=False)
    page.goto("/accessibility/")
    page.set_content(_content())
    expect(page.get_by_label("Where on the body")).to_have_count(1)
    expect(page.get_by_role("button", name="Another mark")).to_have_attribute("type", "submit")
    expect(page.get_by_role("button", name="Remove mark 1")).to_have_count(0)
