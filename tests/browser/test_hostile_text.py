"""Markup in every text of the database, then every page in a real browser: nothing of it runs, nothing becomes part.

The policy would stop a script even where a page forgot to escape; so the pages are also searched for the elements
that the text would have made. A refused policy shows in the console, which fails every browser test.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_every_page import PAGES, QUERIES, WALKS, _path, added
from tests.conventions.access import TABLE

__all__ = ["added"]  # a fixture of this module too

ROOMS = {"accounts", "students", "tutoring", "reports", "exchange"}
# Texts by which something is found or signed in: another value would only hide the pages.
KEYS = {"email", "password", "token", "form", "session", "code", "file", "sha256", "state", "stat_class", "kind"}
SHORT = "\"'><x-h onclick=hit()>"
LONG = SHORT + "".join([
    "<script>hit()</script>", "<img src=x onerror=hit()>", "<svg onload=hit()>", "</textarea><x-h>", "</title><x-h>",
    "</script><script>hit()</script>", "--><x-h>", "]]><x-h>",
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "<a href='javascript:hit()'>x</a>", "<form action=//elsewhere.example><x-h>", "{{7*7}}{% now 'Y' %}", "&lt;x-h&gt;",
    "<style>*{background:url(//elsewhere.example)}</style>", "<base href=//elsewhere.example>", "\u2028hit()//",
    "<x-h hx-get=/ hx-trigger=load>", "<x-h data-key='g t'>", "${hit()}", "`;hit();//",
])  # fmt: skip
FOUND = """() => ({
    hits: window.hits,
    made: document.querySelectorAll('x-h, img[src="x"], iframe, svg[onload], base').length,
    handlers: [...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => /^on/.test(n)).length,
    scripts: [...document.scripts].filter(s => !s.src && s.type !== 'application/json').length,
    links: [...document.links].filter(a => a.protocol === 'javascript:').length,
})"""
NOTHING = {"hits": 0, "made": 0, "handlers": 0, "scripts": 0, "links": 0}


def _columns() -> Iterator[tuple[str, str, str, int]]:
    """(table, key, column, longest) of every text that somebody could have typed."""
    rooms = (model for model in apps.get_models() if model.__module__.split(".")[0] in ROOMS and model._meta.managed)
    for model in rooms:
        key = " || ".join(f'"{field.column}"::text' for field in model._meta.pk_fields)
        for one in model._meta.concrete_fields:
            typed = type(one) in (models.CharField, models.TextField) and not one.choices and not one.primary_key
            # History's own tables are written by triggers alone.
            if typed and one.name not in KEYS and not model._meta.db_table.endswith("event"):
                yield model._meta.db_table, key, one.column, one.max_length or len(LONG) + 6


def _spoil(site: Site, table: str, key: str, column: str, longest: int) -> bool:
    """Put the markup into a column, keeping what stood there; False where the database takes no such text."""
    payload = LONG if longest > len(LONG) else SHORT
    kept = f"kept_{table}_{column}"[:60]
    site.rows(f'CREATE TABLE "{kept}" AS SELECT {key} AS k, "{column}" AS v FROM "{table}"')
    try:
        site.rows(
            f"""UPDATE "{table}" SET "{column}" = left(%s || substr(md5({key}), 1, 6), %s)
                WHERE "{column}" <> ''""",
            [payload, longest],
        )
    except psycopg.DatabaseError:
        return False
    return True


def _put_back(site: Site, table: str, key: str, column: str) -> None:
    kept = f"kept_{table}_{column}"[:60]
    site.rows(f'UPDATE "{table}" SET "{column}" = v FROM "{kept}" WHERE k = {key} AND "{column}" IS DISTINCT FROM v')
    site.rows(f'DROP TABLE "{kept}"')


@pytest.fixture
def spoiled(site: Site, added: None) -> Iterator[list[str]]:
    columns, done = list(_columns()), []
    try:
        done = [f"{c[0]}.{c[2]}" for c in columns if _spoil(site, *c)]
        yield done
    finally:
        for table, key, column, _ in columns:
            _put_back(site, table, key, column)


def _watch(page: Page) -> Page:
    page.add_init_script("window.hits = 0; window.hit = () => { window.hits += 1; };")
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    return page


def test_nothing_typed_runs_on_any_page(site: Site, page_as: OpenPage, spoiled: list[str]) -> None:
    assert len(spoiled) >= 25, f"hardly any text was replaced: {spoiled}"
    pages: dict[str, Page] = {}
    shown, logged = 0, len(site.log())
    faults: dict[str, Any] = {}
    for name, role in WALKS[: len(PAGES)]:
        assert TABLE[name].subject in {"", "student", "tutorial day", *QUERIES}, (
            "tell test_every_page where to find such a thing"
        )
        page = pages.setdefault(role.value, None) or _watch(page_as(role.value))  # type: ignore[arg-type]
        pages[role.value] = page
        answer = page.goto(_path(site, page, name, role))
        assert answer is not None
        found = page.evaluate(FOUND)
        shown += "x-h" in page.locator("body").inner_text()
        if found != NOTHING or answer.status >= 500:
            faults[name] = (answer.status, found)
    assert faults == {}
    assert shown >= 15, "the markup was hardly on any page: the test proves nothing"
    page = pages["tutor"]
    page.goto(reverse("desk:today"))
    page.locator("#find-q").press_sequentially("x-h")
    page.locator("#find-results a").first.wait_for()
    assert page.evaluate(FOUND) == NOTHING
    assert "policy refused" not in site.log()[logged:]
