"""The documents name every setting, command and permission, and every file they point to."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.permissions import Permission

ROOT = Path(settings.BASE_DIR)
DOCS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")] + list(
    (ROOT / "docs").rglob("*.md")
)
SOURCES = {".py", ".html", ".js", ".css", ".md", ".txt", ".toml"}
AWAY = {".venv", ".run", ".git", "node_modules", "staticfiles"}
ALL = "\n".join(path.read_text() for path in DOCS)


def test_every_environment_variable_is_in_the_example_file() -> None:
    source = "".join(path.read_text() for path in (ROOT / "config/settings").glob("*.py"))
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    example = (ROOT / ".env.example").read_text()
    assert read - set(re.findall(r"^#?\s*([A-Z_]+)=", example, flags=re.MULTILINE)) == set()


def test_every_command_of_ours_is_documented() -> None:
    commands = {
        path.stem
        for path in ROOT.glob("*/management/commands/*.py")
        if path.stem != "__init__" and ".venv" not in path.parts
    }
    assert commands
    assert {name for name in commands if f"manage.py {name}" not in ALL} == set()


def test_every_permission_is_documented() -> None:
    table = (ROOT / "docs/permissions.md").read_text()
    assert {p.value for p in Permission if p.value not in table} == set()


@pytest.mark.parametrize("path", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", path.read_text())
    missing = [target for target in targets if not (path.parent / target).exists()]
    assert missing == []


def test_no_merge_was_left_half_done() -> None:
    """Django drops what stands outside of blocks, so a page with the marks of a conflict looks whole."""
    rooms = [room for room in ROOT.iterdir() if room.name not in AWAY]
    kept = [path for room in rooms for path in room.rglob("*") if path.suffix in SOURCES and "vendor" not in path.parts]
    assert len(kept) > 1000
    assert [str(path) for path in kept if re.search(r"^(<{7}|>{7}) ", path.read_text(), flags=re.MULTILINE)] == []
