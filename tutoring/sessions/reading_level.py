"""How hard a few sentences are to read, as a school year: a hint for whoever writes, never a verdict on who reads.

Flesch–Kincaid grade level (Kincaid and others, 1975): 0.39 × words a sentence + 11.8 × syllables a word − 15.59, in
American grades; an English school year is one more. Syllables are groups of vowels, so it is rough: only long words
and long sentences matter, and below eight words nothing is said.
"""

import re

from django.utils.text import Truncator

FEWEST_WORDS = 8
LAST_YEAR = 13
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyàáâäåæèéêëìíîïòóôöøùúûüý]+")
_END = re.compile(r"[.!?]+(?:\s|$)")
_BETWEEN = re.compile(r"(?<=[.!?])\s+")
_QUOTED = 90  # characters of a sentence that say which one is meant


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


def hard_sentences(texts: list[str], plain_year: int) -> list[str]:
    """Those beyond that year by themselves; each of at least `FEWEST_WORDS`, for below nothing is said."""
    sentences = [sentence for text in texts for part in _BETWEEN.split(text) if (sentence := part.strip())]
    return [sentence for sentence in sentences if is_hard([sentence], plain_year)]


def hints_on_words(texts: list[str], plain_year: int) -> list[str]:
    """What is said while it is typed: which sentence, how hard, and what the school asks for (delight 5)."""
    asked = f"The school asks for what Year {plain_year} reads with ease: shorter words, shorter sentences."
    found = [
        f"“{Truncator(sentence).chars(_QUOTED)}” reads {level_in_words([sentence])}."
        for sentence in hard_sentences(texts, plain_year)
    ]
    if not found and is_hard(texts, plain_year):
        found = [f"Together the lines read {level_in_words(texts)}."]
    return [*found, asked] if found else []


def _syllables(word: str) -> int:
    groups = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith("le") and groups > 1
    return max(1, groups - silent)
