"""Names as people type them in a hurry: without accents, apostrophes or hyphens, in Python and in SQL alike."""

import re
import unicodedata

from django.db.models import CharField, Func, Value
from django.db.models.functions import Concat, Lower

_SPECIAL = {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t"}
_DROPPED = "'’‘ʼ`´-‐‑."
_DROPPED_ASCII = "".join(filter(str.isascii, _DROPPED))


def _pairs() -> dict[str, str]:
    """Every accented small Latin letter → its plain one."""
    pairs = dict(_SPECIAL)
    for number in [*range(0xDF, 0x250), *range(0x1E00, 0x1F00)]:
        letter = chr(number).lower()
        plain = unicodedata.normalize("NFD", letter)[0]
        if letter not in pairs and plain != letter and plain.isascii() and len(letter) == 1:
            pairs[letter] = plain
    return pairs


_PAIRS = _pairs()
_FOREIGN = re.compile(r"[^\x00-\x7f]")


def plain(text: str) -> str:
    """Lower case, accents and apostrophes gone: "O’Brien-Şahin" becomes "obriensahin"."""
    small = unicodedata.normalize("NFC", text).lower()
    for sign in (
        _DROPPED_ASCII if small.isascii() else _DROPPED
    ):  # quicker by far than str.translate, where a text is long
        small = small.replace(sign, "")
    return small if small.isascii() else _FOREIGN.sub(lambda m: _PAIRS.get(m.group(), m.group()), small)


def plain_expression(*names: str) -> Func:
    """The same of these columns joined by spaces, in the database (where unaccent may not be installed)."""
    parts: list[str | Value] = []
    for name in names:
        parts += [name, Value(" ")]
    letters = "".join(_PAIRS)
    plain_letters = "".join(_PAIRS.values())
    joined = Lower(Concat(*parts, output_field=CharField()))
    return Func(joined, Value(letters + _DROPPED), Value(plain_letters), function="translate", output_field=CharField())
