"""The data manager sends a school's files in a real browser to a real worker, looks, and imports."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.enums import Role
from tests.browser.conftest import OpenPage
from tests.browser.site import Site

pytestmark = pytest.mark.browser
STUDENTS = """UPN,Admission No,Legal Surname,Legal Forename,Date of Birth,Year Group
R201100018042,B-1,Quillfeather,Grace,14/03/2014,7
H801200001001,B-2,Quillfeather,Omar,31/02/2014,7
"""
PHONE = {"width": 320, "height": 700}
Axe = Callable[[Page], list[str]]


def _is_clean(page: Page, axe: Axe) -> None:
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})


def test_from_files_to_students(site: Site, page_as: OpenPage, axe: Axe, tmp_path: Path) -> None:
    (tmp_path / "students.csv").write_text(STUDENTS)
    page = page_as(Role.DATA_MANAGER.value)
    page.goto("/import/")
    _is_clean(page, axe)
    page.get_by_label("CSV files, or one zip of them").set_input_files([tmp_path / "students.csv"])
    page.get_by_role("button", name="Check these files").click()
    expect(page.get_by_role("heading", name="Nothing is imported yet")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("This date does not exist.").first).to_be_visible()
    _is_clean(page, axe)
    page.get_by_role("button", name="Import the good rows").click()
    expect(page.get_by_role("heading", name=re.compile("^Imported"), level=1)).to_be_visible(timeout=60_000)
    _is_clean(page, axe)
    assert site.rows("SELECT count(*) FROM students_student WHERE upn = 'R201100018042'") == [(1,)]
