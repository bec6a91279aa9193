"""Rooms built on the file announce what of theirs stands on the desk, by a concern and a child's file.

What they show, they read as whoever acts: PostgreSQL gives each person their own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from safeguarding.models import Concern
from safeguarding.selectors import Said
from students.models import Student


@dataclass(frozen=True)
class Card:
    """A template and what it shows, under the name `shown`. `on_top`: before the file, where it speaks of all of it."""

    template: str
    shown: dict[str, Any]
    on_top: bool = False


@dataclass(frozen=True)
class Still:
    """Something that still has to happen, in words that name nobody, and where it is seen to."""

    label: str
    url: str


@dataclass
class Rooms:
    """In the order in which they announce themselves; None where there is nothing to show."""

    on_desk: list[Callable[[User], Card | None]] = field(default_factory=list)
    on_concern: list[Callable[[Concern, list[Said], User], Card | None]] = field(default_factory=list)
    beside_concern: list[Callable[[Concern, User], Card | None]] = field(default_factory=list)
    before_closing: list[Callable[[Concern], list[Still]]] = field(default_factory=list)
    on_child: list[Callable[[Student, User], Card | None]] = field(default_factory=list)

    def desk_cards(self, user: User) -> list[Card]:
        return [card for make in self.on_desk if (card := make(user))]

    def concern_cards(self, concern: Concern, entries: list[Said], user: User) -> list[Card]:
        return [card for make in self.on_concern if (card := make(concern, entries, user))]

    def cards_beside(self, concern: Concern, user: User) -> list[Card]:
        return [card for make in self.beside_concern if (card := make(concern, user))]

    def still_open(self, concern: Concern) -> list[Still]:
        """What a concern that is to be closed still waits for."""
        return [one for ask in self.before_closing for one in ask(concern)]

    def child_cards(self, student: Student, user: User) -> list[Card]:
        return [card for make in self.on_child if (card := make(student, user))]


rooms = Rooms()
