"""Pictures of the main pages for the documents: make screenshots. Not collected with the tests."""

from pathlib import Path

import pytest

from tests.browser.conftest import OpenPage

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# name of the picture: (who, address)
PAGES = {"today": ("tutor", "/")}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("suffix", "size"), [("", DESKTOP), ("-phone", PHONE)], ids=["desktop", "phone"])
def test_picture(name: str, suffix: str, size: dict[str, int], page_as: OpenPage) -> None:
    who, address = PAGES[name]
    page = page_as(who, viewport=size)
    page.goto(address)
    FOLDER.mkdir(exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}{suffix}.png", animations="disabled")
