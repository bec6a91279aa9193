"""The text banks: plain TOML files, read once, so that a teacher can mend a sentence without reading Python."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "texts"


@cache
def read(name: str) -> dict[str, Any]:
    """The bank of that name as TOML tables."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def names_in(folder: str) -> list[str]:
    """The banks of a folder in alphabetical order, as names for `read`."""
    return [f"{folder}/{path.stem}" for path in sorted((FOLDER / folder).glob("*.toml"))]
