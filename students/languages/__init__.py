"""The fixed words of mails to families, in the languages people at home may read best: one file beside this each.

English is in the code that writes a mail, and stands below every other language too, so that a wrong translation is
never the only text. What staff typed stays as they typed it, and the mail says so. To correct a word, change it in the
file; to add a language, add a file and its line in `students.enums.Language`: one without a file is not offered.
"""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string

from students.enums import Language

FOLDER = Path(__file__).parent
RIGHT_TO_LEFT = frozenset({Language.ARABIC, Language.URDU})
# A name or a number inside words that run the other way stays together (Unicode, UAX #9: isolates).
_ISOLATE, _END = "\u2068", "\u2069"
_RULE = "=" * 40


@dataclass(frozen=True)
class Words:
    """Those of one language."""

    language: Language
    said: dict[str, str]
    months: list[str]

    @property
    def direction(self) -> str:
        """As HTML calls it."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def say(self, name: str, **values: object) -> str:
        """The words of that name with what belongs in them."""
        return self.said[name].format(**{key: self._isolated(value) for key, value in values.items()})

    def day(self, date: dt.date) -> str:
        """As one writes it in this language, without the year: 20 listopada."""
        return self.said["date"].format(day=date.day, month=self.months[date.month - 1])

    def _isolated(self, value: object) -> str:
        return f"{_ISOLATE}{value}{_END}" if self.direction == "rtl" else str(value)


@cache
def words_of(language: str) -> Words | None:
    """None for English, and for a language without a file."""
    file = FOLDER / f"{language}.toml"
    if language not in Language.values or not file.is_file():
        return None
    said = tomllib.loads(file.read_text("utf-8"))
    return Words(Language(language), months=said.pop("months"), said=said)


def languages_offered() -> list[tuple[str, str]]:
    """English, and those in which a mail can be written."""
    return [(code, str(name)) for code, name in Language.choices if code == Language.ENGLISH or words_of(code)]


def in_both(words: Words, subject: str, own: str, english: str) -> tuple[str, str]:
    """The mail as text and as HTML: their language first, English below."""
    plain = f"{own}\n{_RULE}\n{words.say('english')}\n\n{english}"
    shown = {"words": words, "subject": subject, "own": own, "english": english}
    return plain, render_to_string("students/letter_home.html", shown)
