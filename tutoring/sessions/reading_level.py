"""How hard a few sentences are to read, as a school year: a hint for whoever writes, never a verdict on who reads.

Flesch–Kincaid grade level (Kincaid and others, 1975): 0.39 × words a sentence + 11.8 × syllables a word − 15.59, in
American grades; an English school year is one more. Syllables are groups of vowels, so it is rough: only long words
and long sentences matter, and below eight words nothing is said.
"""

import re

FEWEST_WORDS = 8
LAST_YEAR = 13
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyàáâäåæèéêëìíîïòóôöøùúûüý]+")
_END = re.compile(r"[.!?]+(?:\s|$)")


def reading_year(texts: list[str]) -> int | None:
    """The school year in which most read this with ease; None where there are too few words to say."""
    words = [word for text in texts for word in _WORD.findall(text)]
    if len(words) < FEWEST_WORDS:
        return None
    sentences = sum(max(1, len(_END.findall(text))) for text in texts if text.strip())
    syllables = sum(_syllables(word.lower()) for word in words)
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return max(1, round(grade) + 1)


def is_hard(texts: list[str], plain_year: int) -> bool:
    """Whether shorter words and sentences would be kind to a student of that year (the school's to set)."""
    year = reading_year(texts)
    return year is not None and year > plain_year


def level_in_words(texts: list[str]) -> str:
    """As it is said: "like Year 9"; there is no year beyond the last of school."""
    year = reading_year(texts) or 1
    return f"like Year {year}" if year <= LAST_YEAR else f"harder than Year {LAST_YEAR}"


def _syllables(word: str) -> int:
    groups = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith("le") and groups > 1
    return max(1, groups - silent)
