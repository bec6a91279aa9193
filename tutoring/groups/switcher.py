"""From one of a tutor's groups to another, by an address: the page remembers nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Door:
    """One choice of the switcher: the `group=` of its address ("" for all of them), and whether it is open now."""

    key: str
    name: str
    is_open: bool


def switcher(groups: Iterable[tuple[Any, str]], chosen: str | None) -> list[Door]:
    """All of one's own groups (key, name), then each; nothing to switch where there is only one.

    A `chosen` that is none of them is no choice: the door of all is open.
    """
    own = sorted({(name, str(key)) for key, name in groups})
    if len(own) < 2:
        return []
    doors = [Door(key, name, key == chosen) for name, key in own]
    return [Door("", "All", not any(door.is_open for door in doors)), *doors]


def opened(doors: Iterable[Door]) -> str:
    """The key of the group that is open; "" for all of them."""
    return next((door.key for door in doors if door.is_open), "")
