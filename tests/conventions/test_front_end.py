"""What a strict content-security policy and a locked manifest ask of templates, scripts and style sheets."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# A printed report carries its style sheet inside; nothing of it is sent to a browser.
PAGES = [path for path in TEMPLATES if "pdf" not in path.parts]
INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*="),
    "a style element": re.compile(r"<style\b"),
    "a script without src": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>"),
    "an event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']"),
    "an unescaped value": re.compile(r"\|\s*safe\b|\bautoescape\s+off"),
}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_nothing_inline(path: Path) -> None:
    text = path.read_text()
    found = [name for name, pattern in INLINE.items() if pattern.search(text)]
    assert not found, f"{path.name} has {', '.join(found)}: put it into static/css or static/js"
    assert text.count("\n") <= 150, f"{path.name} is long: cut a piece out to a partial"


@pytest.mark.parametrize("path", [p for p in PAGES if "stacks" in p.read_text()], ids=lambda path: path.name)
def test_a_table_that_becomes_cards_on_a_phone_names_each_cell(path: Path) -> None:
    cells = re.findall(r"<td\b[^>]*", path.read_text())
    assert all("data-label=" in cell for cell in cells), f"{path.name}: a cell without its column's name"


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "js").glob("*.js")), ids=lambda path: path.name)
def test_a_script_stands_alone_and_keeps_nothing_in_the_browser(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"^\s*import\b|\bimport\(", text, re.M), "hashed names do not reach into scripts: no imports"
    assert not re.search(r"localStorage|sessionStorage\.(?!removeItem)|indexedDB", text), "keep nothing in the browser"
    assert text.count("\n") <= 160, f"{path.name} is long: cut it by purpose"


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "css").glob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_is_short_and_loads_only_our_own_files(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") < 300
    assert not re.search(r"url\([\"']?(?:https?:)?//|@import", text)


def test_the_lock_file_names_versions_and_digests_but_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
    named = lock["packages"][""]["dependencies"] | lock["packages"][""]["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in named.values()), "exact versions only"
