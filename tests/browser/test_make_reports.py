"""A leader makes a group's reports in a real browser with a real worker, watches the bar, and takes the files away."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.enums import Role
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


def test_from_choosing_a_group_to_the_printed_page(page_as: OpenPage, tmp_path: Path) -> None:
    page = page_as(Role.HEADTEACHER.value)
    page.goto("/reports/")
    page.get_by_role("link", name="Make a term’s reports").first.click()
    boxes = page.locator("input[name=groups]")
    for place in range(1, boxes.count()):
        boxes.nth(place).uncheck()
    count = re.search(r"(\d+) student", page.locator(".run-groups label.form-check-label").first.inner_text())
    assert count
    reports = int(count[1])
    button = page.get_by_role("button", name=f"Make {reports} report", exact=False)
    expect(button).to_be_visible()  # the count followed the ticks without a reload
    button.click()

    expect(page.get_by_text(f"{reports} of {reports} report")).to_be_visible(timeout=90_000)
    downloads = page.locator("main .items").get_by_role("link", name="PDF")
    expect(downloads).to_have_count(reports)  # the list below came along by itself
    with page.expect_download() as one:
        downloads.first.click()
    one.value.save_as(tmp_path / "one.pdf")
    assert re.fullmatch(r"\S+ .+\.pdf", one.value.suggested_filename)
    first = PdfReader(tmp_path / "one.pdf")
    assert "progress report" in first.pages[0].extract_text()

    with page.expect_download() as printed:
        page.get_by_role("link", name="One file to print").click()
    printed.value.save_as(tmp_path / "print.pdf")
    assert len(PdfReader(tmp_path / "print.pdf").outline) == reports
    with page.expect_download() as packed:
        page.get_by_role("link", name="All as zip").click()
    packed.value.save_as(tmp_path / "all.zip")
    assert len(zipfile.ZipFile(tmp_path / "all.zip").namelist()) == reports
