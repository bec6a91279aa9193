"""Pictures of the main pages for the README, from the running demo: python -m scripts.screenshots

Starts the demo on a free port, signs in by the real form as each role, and writes docs/pictures/*.png.
"""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.embedded.place import PROJECT, say

PICTURES = PROJECT / "docs/pictures"
ADDRESS = "http://localhost:8765/"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 320, "height": 640}
# picture, e-mail before the @, path, link to follow from there, size
SHOTS = [
    ("today", "tutor", "", "", DESK),
    ("today-phone", "tutor", "", "", PHONE),
    ("student", "tutor", "students/", "Jamal Okafor", DESK),
    ("house", "head.of.house", "reports/dashboard/", "", DESK),
    ("needs", "senco", "reports/needs/", "", DESK),
    ("import", "data.manager", "import/", "", DESK),
    ("reports", "data.manager", "reports/", "", DESK),
]


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with _demo(), sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=sandbox)
        for name, person, path, link, size in SHOTS:
            say(f"{name}.png")
            _shoot(browser, PICTURES / f"{name}.png", person, path, link, size)
    return 0


def _shoot(browser: Browser, picture: Path, person: str, path: str, link: str, size: dict[str, int]) -> None:
    context = browser.new_context(base_url=ADDRESS, locale="en-GB", viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    _sign_in(page, f"{person}@northgate.example")
    page.goto(path or "/")
    if link:
        page.get_by_role("link", name=link).first.click()
        page.wait_for_load_state()
    page.screenshot(path=picture, animations="disabled")
    context.close()


def _sign_in(page: Page, email: str) -> None:
    page.goto("account/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill("waymark-demo-2026")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "login" not in url)


@contextmanager
def _demo() -> Iterator[None]:
    command = [sys.executable, "-m", "scripts.serve", "--demo", "--port", ADDRESS.split(":")[-1].strip("/")]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 180
        while not _answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The demo did not start.")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"{ADDRESS}health/", timeout=2):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
