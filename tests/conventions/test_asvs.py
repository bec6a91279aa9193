"""The register of ASVS lines: complete, and every test it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROW = re.compile(r"^\| (V[\d.]+) \| ([123]) \| (.+?) \| (.+) \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs/asvs.md").read_text())
LINES = 106


@cache
def _tests_in(name: str) -> frozenset[str]:
    path = ROOT / name
    tree = ast.walk(ast.parse(path.read_text())) if path.is_file() else ()
    return frozenset(node.name for node in tree if isinstance(node, ast.FunctionDef))


def test_every_line_stands_there_once() -> None:
    ids = [row[0] for row in ROWS]
    assert len(ids) == len(set(ids)) == LINES
    assert ids == sorted(ids, key=lambda one: [int(part) for part in one[1:].split(".")])


def test_every_test_it_names_exists() -> None:
    named = {(line, *test.split("::")) for line, _, _, held in ROWS for test in re.findall(r"`(tests/[^`]+)`", held)}
    assert len(named) > LINES
    assert sorted(f"{line}: {file}::{test}" for line, file, test in named if test not in _tests_in(file)) == []


def test_what_has_no_test_waits_and_is_told() -> None:
    told = (ROOT / "SECURITY.md").read_text()
    assert "docs/asvs.md" in told
    for line, _, _, held in ROWS:
        if "`tests/" not in held:
            assert re.match(r"(waits for|does not apply:) .{20,}", held), line
            assert line in told, f"{line} has no test: SECURITY.md must say so"
