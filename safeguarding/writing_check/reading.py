"""A text as the rules see it: its words in order, where sentences begin, and what stands in quotation marks."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

# Letters with full stops between them (J.S, P.E), or letters and figures, joined by apostrophes and hyphens (O’Dowd).
WORD = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_](?!\w)|[^\W_]+(?:['’\-][^\W_]+)*")
ENDS = re.compile(r"[.!?\n•][\s\"'“”‘’(]*$")
OPENS, CLOSES = "“‘\"'", "”’\"'"
# A quotation that was never closed must not hide the rest of a page.
LONGEST_QUOTE = 2000


Kind = Literal["initials", "name", "label", "opinion", "when", "who", "said"]
TITLES: dict[Kind, str] = {
    "initials": "Initials",
    "name": "Not linked",
    "label": "A label",
    "opinion": "An opinion",
    "when": "When",
    "who": "Who",
    "said": "Their words",
}


@dataclass(frozen=True)
class Remark:
    """One piece of advice: its kind, where it points to in the text, those words, and a plain sentence."""

    kind: Kind
    start: int
    end: int
    words: str
    advice: str

    @property
    def title(self) -> str:
        """The kind in a word or two, as a page shows it."""
        return TITLES[self.kind]


@dataclass(frozen=True)
class Word:
    """One word of the text and where it stands. `opens`: a sentence, a line or a quotation begins with it."""

    text: str
    start: int
    end: int
    opens: bool

    @cached_property
    def low(self) -> str:
        return self.text.lower().replace("’", "'")

    @cached_property
    def bare(self) -> str:
        """Without the possessive: RP’s → RP."""
        return re.sub(r"['’]s?$", "", self.text)

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


class Reading:
    """`words` in order, `quotes` as pairs of positions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = self._words()
        self.quotes = _quotes(text)

    def _words(self) -> list[Word]:
        found: list[Word] = []
        before = 0
        for match in WORD.finditer(self.text):
            between = self.text[max(before, match.start() - 12) : match.start()]
            opens = not found or bool(ENDS.search(between)) or any(mark in between for mark in '“"')
            found.append(Word(match[0], match.start(), match.end(), opens))
            before = match.end()
        return found

    @cached_property
    def quoted(self) -> list[bool]:
        """For each word, whether it stands inside a quotation."""
        marks, at = [], 0
        for word in self.words:
            while at < len(self.quotes) and self.quotes[at][1] <= word.start:
                at += 1
            marks.append(at < len(self.quotes) and self.quotes[at][0] < word.start)
        return marks

    def gap(self, index: int) -> str:
        """What stands between a word and the next one; the end of the text counts as a full stop."""
        if index < 0 or index + 1 >= len(self.words):
            return "." if index >= 0 else ""
        return self.text[self.words[index].end : self.words[index + 1].start]

    def remark(self, kind: Kind, first: int, last: int, advice: str) -> Remark:
        """About the words from `first` to `last`; `{}` in the advice becomes those words."""
        start, end = self.words[first].start, self.words[last].start + len(self.words[last].bare)
        words = self.text[start:end]
        return Remark(kind, start, end, words, advice.replace("{}", f"“{words}”"))


def _quotes(text: str) -> list[tuple[int, int]]:
    """Pairs of quotation marks in order: one opens after a space or bracket, one closes before a space or stop."""
    found: list[tuple[int, int]] = []
    begun: tuple[int, str] | None = None
    for at, mark in enumerate(text):
        if begun and at - begun[0] > LONGEST_QUOTE:
            begun = None
        if mark not in "“”‘’\"'":
            continue
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        if begun and mark == begun[1] and not after.isalnum() and not before.isspace():
            found.append((begun[0], at))
            begun = None
        elif begun is None and mark in OPENS and not before.isalnum() and not after.isspace():
            begun = (at, CLOSES[OPENS.index(mark)])
    return found
