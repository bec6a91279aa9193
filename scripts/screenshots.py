"""Pictures of the main pages for the README, from the running demo: python -m scripts.screenshots

Starts the demo on a free port, signs in by the real form as each role, and writes docs/pictures/*.png.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

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
    ("this-term", "tutor", "this-term/", "", DESK),
    ("house", "head.of.house", "reports/dashboard/", "", DESK),
    ("needs", "senco", "reports/needs/", "", DESK),
]
SAMPLE = PROJECT / "tests/exchange/samples/northgate"


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with _demo(), sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=sandbox)
        for name, person, path, link, size in SHOTS:
            say(f"{name}.png")
            _shoot(browser, PICTURES / f"{name}.png", person, path, link, size)
        say("import.png")
        _shoot_preview(browser, PICTURES / "import.png")
    say("report.png")
    _draw_report(PICTURES / "report.png")
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


def _shoot_preview(browser: Browser, picture: Path) -> None:
    """What the import page says of a sample with faults, before anything is written."""
    context = browser.new_context(base_url=ADDRESS, locale="en-GB", viewport=DESK)  # type: ignore[arg-type]
    page = context.new_page()
    _sign_in(page, "data.manager@northgate.example")
    page.goto("import/")
    page.locator("input[type=file]").set_input_files([_newcomers(file) for file in sorted(SAMPLE.glob("*.csv"))])
    page.get_by_role("button", name="Check these files").click()
    page.get_by_role("heading", name="Nothing is imported yet").wait_for(timeout=60_000)
    page.screenshot(path=picture, animations="disabled")
    page.get_by_role("button", name="Do not import").click()
    context.close()


def _newcomers(file: Path) -> FilePayload:
    """A file of the sample with admission numbers that the demo school has not given to anybody else."""
    rows = re.sub(rb"(?m)^003", b"903", file.read_bytes())
    return {"name": file.name, "mimeType": "text/csv", "buffer": rows}


def _draw_report(picture: Path) -> None:
    """The first page of a student's report, as it goes home."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["manage.py", "make_reports", "--group", "11BEC", "--wait", "--out", folder]
        subprocess.run([sys.executable, *command], cwd=PROJECT, check=True, capture_output=True)
        report = Path(folder) / "11BEC Okafor Jamal.pdf"
        pages = ["pdftoppm", "-singlefile", "-r", "90", "-png", str(report), str(picture.with_suffix(""))]
        subprocess.run(pages, check=True)


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
