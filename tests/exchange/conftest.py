"""Importing in tests: a folder in, a report out."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

NORTHGATE = Path(__file__).parent / "samples" / "northgate"

if TYPE_CHECKING:
    from exchange.findings import Report
Import = Callable[..., "Report"]


@pytest.fixture
def run(db: None) -> Import:
    """Import a folder into the only school, making it where there is none."""
    from accounts.models import School
    from exchange.importing import Wish, import_folder

    def do(folder: Path = NORTHGATE, **wish: Any) -> "Report":
        school = School.objects.first() or School(name="Northgate School")
        return import_folder(folder=folder, school=school, wish=Wish(**{"dry_run": False} | wish), by=None)

    return do


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file into the folder of this test; gives the folder."""

    def do(name: str, text: str, encoding: str = "utf-8") -> Path:
        (tmp_path / name).write_bytes(text.encode(encoding))
        return tmp_path

    return do
