"""What is written in a cell → what it means. Pure functions; a cell that means nothing raises BadValue."""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from students.enums import SenNeed, SenStatus, Sex

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\x00\u00ad"))
_YEAR = re.compile(r"(?:(?:national )?(?:curriculum )?(?:nc )?(?:year|yr|y)(?: ?group)?)?\W*0*(\d{1,2})(?:\.0)?")
_NUMBER_WORDS = {"seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13}
_TRUE = {"y", "yes", "true", "t", "1", "x", "✓", "✔", "on"}
_FALSE = {"", "n", "no", "false", "f", "0", "none", "na", "off", "notapplicable", "unknown", "null"}
_TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "revd", "sir", "dame", "fr"}
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)


class BadValue(ValueError):
    """A cell that cannot be read; the text is a sentence for the data manager."""


@lru_cache(maxsize=20_000)
def clean(text: str) -> str:
    """Without spaces around or doubled inside, and without invisible characters; letters stay as they are."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def squeezed(text: str) -> str:
    """Only letters and digits, in lower case: for comparing headers and set phrases."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def is_scientific(text: str) -> bool:
    """Whether a spreadsheet has turned a long number into something like 1.23E+11."""
    return bool(_SCIENTIFIC.fullmatch(text.strip()))


def read_boolean(text: str, true_words: AbstractSet[str] = frozenset()) -> bool:
    """Yes or no in the spellings of the MIS; an empty cell is no. `true_words` are squeezed."""
    word = squeezed(text) or text.strip()
    if word in _TRUE or word in true_words:
        return True
    if word in _FALSE or word == "-" or word.startswith(("not", "non", "no")):
        return False
    number = re.fullmatch(r"£?\s*(\d[\d,]*(?:\.\d+)?)", text.strip())
    if number:
        return float(number[1].replace(",", "")) > 0
    raise BadValue("It is neither yes nor no.")


def read_year_group(text: str) -> int | None:
    """7, 07, Year 7, Yr 7, Y7 → 7. Reception and nursery have no number here: None."""
    word = clean(text).lower()
    if not word or squeezed(word) in {"r", "reception", "n", "n1", "n2", "e1", "e2", "nursery", "x", "m"}:
        return None
    found = _YEAR.fullmatch(word)
    number = int(found[1]) if found else _NUMBER_WORDS.get(word.split()[-1], 0)
    if not 1 <= number <= 14:
        raise BadValue("It is not a year group from 1 to 14.")
    return number


def read_sen_status(text: str) -> tuple[SenStatus, bool]:
    """SEN provision, and whether it was written in a code of before the 2015 reform (A, P, S)."""
    word = clean(text).lower()
    first = re.split(r"[\s\-–:=(]", word, maxsplit=1)[0]
    inside = re.search(r"\(([a-z])\)$", word)
    letter = first if len(first) == 1 else inside[1] if inside else ""
    if letter in {"n", "k", "e"}:
        return SenStatus(letter.upper()), False
    if letter in {"a", "p", "s"}:
        return (SenStatus.EHCP if letter == "s" else SenStatus.SUPPORT), True
    if word in _FALSE or word == "-" or word.startswith(("no ", "non", "not ")):
        return SenStatus.NONE, False
    if "ehc" in word or ("education" in word and "health" in word):
        return SenStatus.EHCP, False
    if "statement" in word or "action" in word:
        return (SenStatus.EHCP if "statement" in word else SenStatus.SUPPORT), True
    if "support" in word:
        return SenStatus.SUPPORT, False
    raise BadValue("It is not an SEN status (N, K or E).")


def read_sen_need(text: str) -> str:
    """The primary need: a CBDS code or its label; of several, the first."""
    first = clean(re.split(r"[;,|/]", text)[0])
    if not first:
        return ""
    code = re.split(r"[\s\-–(]", first)[0].upper()
    if code in SenNeed.values:
        return code
    word = squeezed(first)
    for need in SenNeed:
        if word in {squeezed(need.label), squeezed(need.label).replace("difficulty", "difficulties")}:
            return need.value
    if "autis" in word:
        return SenNeed.ASD.value
    raise BadValue("It is not a type of need of the school census.")


def read_sex(text: str) -> Sex:
    """M, Male, Boy; F, Female, Girl; an empty or other word is not known."""
    word = squeezed(text)
    if word in {"m", "male", "boy"}:
        return Sex.MALE
    if word in {"f", "female", "girl"}:
        return Sex.FEMALE
    return Sex.UNKNOWN


def read_whole_number(text: str) -> int | None:
    """A whole number, signed or with a unit behind it ("12 mins", "2.0"); empty → None."""
    word = clean(text).replace("−", "-").replace("–", "-")
    if not word:
        return None
    found = re.fullmatch(r"([+-]?\d{1,6})(?:[.,]0+)?\s*(?:m|mins?|minutes?|pts?|points?)?\.?", word, re.IGNORECASE)
    clock = re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2})?", word)
    if found:
        return int(found[1])
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    raise BadValue("It is not a whole number.")


def read_email(text: str) -> tuple[str, bool]:
    """The address in lower case, and whether a typographic apostrophe was made straight (no mail server knows ’)."""
    written = re.sub(r"^mailto:", "", clean(text).lower()).replace(" ", "")
    address = written.replace("’", "'").replace("‘", "'")
    if not address:
        return "", False
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadValue("It is not an email address.") from error
    return address, address != written


def split_name(text: str) -> tuple[str, str]:
    """(forename, surname) of "Surname, Forename", "SURNAME Forename" or "Forename Surname"."""
    whole = clean(text)
    if "," in whole:
        surname, _, forename = whole.partition(",")
        return clean(forename), clean(surname)
    words = whole.split(" ")
    loud = [w for w in words if len(w) > 1 and w.isupper()]
    if loud and len(loud) < len(words) and words[: len(loud)] == loud:
        return " ".join(words[len(loud) :]), " ".join(loud)
    return " ".join(words[:-1]), words[-1]


def split_title(text: str) -> tuple[str, str]:
    """(title, rest) of "Mrs Ann Brown" or "Brown, Mrs Ann"; no title, the text as it is."""
    words = clean(text).split(" ")
    found = next((w for w in words if w.rstrip(".").lower() in _TITLES), "") if len(words) > 1 else ""
    return found.rstrip("."), " ".join(w for w in words if w != found or not found)


def shortened(text: str, limit: int) -> str:
    """The text, cut where the column that keeps it ends."""
    return text if len(text) <= limit else text[:limit].rstrip()
