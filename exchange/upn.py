"""Unique Pupil Numbers: their two shapes and the check letter (DfE, UPN guidance)."""

import re

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_PERMANENT = re.compile(rf"[{LETTERS}][0-9]{{12}}")
_TEMPORARY = re.compile(rf"[{LETTERS}][0-9]{{11}}[{LETTERS}]")


def normal_upn(text: str) -> str:
    """Upper case, without any space or stray quotation mark."""
    return re.sub(r"[\s'’`\"]", "", text).upper()


def is_well_formed(upn: str) -> bool:
    """Thirteen characters of the permanent or the temporary shape; the check letter is not looked at."""
    return bool(_PERMANENT.fullmatch(upn) or _TEMPORARY.fullmatch(upn))


def check_letter(upn: str) -> str:
    """The letter that characters 2 to 13 of a well-formed UPN call for: weights 2 to 13, modulo 23."""
    total = sum(
        weight * (int(sign) if sign.isdigit() else LETTERS.index(sign)) for weight, sign in enumerate(upn[1:], start=2)
    )
    return LETTERS[total % 23]
