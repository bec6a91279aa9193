"""What a school calls each role: one place, for every page, form, mail and PDF."""

import re
from collections.abc import Mapping

from accounts.enums import Role


class RoleWord(str):
    """A role as the school writes it, to begin a line with; `mid` and `many` for the middle of a sentence."""

    __slots__ = ()

    @property
    def mid(self) -> "RoleWord":
        """With a small first letter, unless it has other capitals: "head of house", "SENCO", "Student Welfare Lead"."""
        return self if self[1:] != self[1:].lower() else RoleWord(self.lower())

    @property
    def many(self) -> "RoleWord":
        """Several of them: "Heads of house", "Deputies of college", "SENCOs", "Student Welfare Leads"."""
        head, of, rest = self.partition(" of ")
        if re.search(r"[^aeiou]y$", head):
            head = head[:-1] + "ie"
        ending = "es" if head.endswith(("s", "x", "ch", "sh")) else "s"
        return RoleWord(f"{head}{ending}{of}{rest}")


class RoleWords(dict[str, RoleWord]):
    """Role → its word at one school: `words[Role.DSL]` in Python, `school.called.dsl` in a template."""

    def __init__(self, own: Mapping[str, str]) -> None:
        super().__init__({role.value: RoleWord(own.get(role) or role.label) for role in Role})
