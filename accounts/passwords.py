"""Passwords as the NCSC advises: long ones, no composition rules, no expiry, a list of what everybody tries first.

Almost nothing on the lists of known passwords has twelve characters, but people make twelve of them in known ways: a
word and a year, two words, a walk over the keyboard. So the list here is a rule over Django's 20,000 known passwords.
"""

import re
import unicodedata
from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator as KnownPasswords
from django.core.exceptions import ValidationError

from accounts.models import User

WALKS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")
LEET = str.maketrans("013457@$!", "oleastasi")
WORDS, PADDING = 2, 8  # a password of at most so many known words and so many digits is a known one
# Longer than anybody's two words and a year.
TOO_LONG_TO_KNOW = 40
OUR_WORDS = ("waymark", "school", "academy", "college", "teacher", "tutor", "pastoral", "safeguarding")
LEFT_OVER = 8  # characters that must remain when the school's own words are taken out


class Argon2id(Argon2PasswordHasher):
    """The second of the two settings that RFC 9106 recommends: 64 MiB, three passes, four lanes."""

    time_cost, memory_cost, parallelism = 3, 64 * 1024, 4


class CommonPasswordValidator:
    """Refuses what is known, and what is made of the known in a known way."""

    def validate(self, password: str, user: User | None = None) -> None:
        if any(_is_known(form) for form in _forms(password)):
            raise ValidationError(
                "This is among the first that a guesser tries: a common word or two with digits, or a pattern of keys. "
                "Three or four words that have nothing to do with each other do better.",
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return "Three or four unrelated words are easy to remember and hard to guess."


class ContextWordsValidator:
    """Refuses what is little more than the name of the school, of a house, or of this software."""

    def validate(self, password: str, user: User | None = None) -> None:
        words = sorted({*OUR_WORDS, *_words_of_school(user)}, key=len, reverse=True)
        for form in _forms(password):
            left = re.sub("|".join(map(re.escape, words)), "", form)
            if left != form and len(left) < LEFT_OVER:
                raise ValidationError(
                    "This is little more than the name of the school, a house or Waymark. Use words of your own.",
                    code="password_of_context",
                )

    def get_help_text(self) -> str:
        return "Not the name of the school or of a house."


def _words_of_school(user: User | None) -> set[str]:
    """The names a guesser would look up: school and houses, lower case, blanks taken out, and their longer words."""
    if user is None or user.school is None:
        return set()
    names = [user.school.name, *(house.name for house in user.school.houses.all())]
    plain = [re.sub(r"[^\w ]", "", name.casefold()) for name in names]
    return {name.replace(" ", "") for name in plain} | {w for name in plain for w in name.split() if len(w) > 3}


def _forms(password: str) -> set[str]:
    """As typed without blanks and signs, and with figures read as the letters they stand for (p4ssw0rd)."""
    text = unicodedata.normalize("NFKC", password).casefold()
    ends = re.fullmatch(r"(\d*)(.*?)([\d\W_]*)", text, re.DOTALL)
    read = f"{ends[1]}{ends[2].translate(LEET)}{ends[3]}" if ends else text
    return {re.sub(r"[\W_]+", "", form) for form in (text, read)}


def _is_known(text: str) -> bool:
    if not text or re.fullmatch(r"(.{1,6}?)\1+", text, re.DOTALL):
        return True  # nothing but signs, or one piece over and over
    return len(text) <= TOO_LONG_TO_KNOW and _is_made_of_known(text, WORDS, PADDING)


def _is_made_of_known(text: str, words: int, padding: int) -> bool:
    """Whether the text can be cut into at most so many known words, walks over the keyboard, and so many digits."""
    if not text:
        return words < WORDS or padding == PADDING
    for end in range(len(text), 3, -1):
        piece, rest = text[:end], text[end:]
        if _is_walk(piece) and _is_made_of_known(rest, words, padding):
            return True
        if words and piece in _known() and _is_made_of_known(rest, words - 1, padding):
            return True
    return bool(padding and text[0].isdecimal() and _is_made_of_known(text[1:], words, padding - 1))


def _is_walk(piece: str) -> bool:
    return any(piece in walk or piece in walk[::-1] for walk in WALKS)


@cache
def _known() -> frozenset[str]:
    return frozenset(word for word in KnownPasswords().passwords if len(word) > 3)
