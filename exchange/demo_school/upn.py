"""Unique Pupil Numbers for invented pupils: right in form and check letter, from a local authority that does not exist.

Source of the rule: DfE, Unique pupil numbers (UPNs) guide; thirteen characters, weights 2 to 13, modulus 23.
"""

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
LOCAL_AUTHORITY = 989  # allotted to nobody
FEEDERS = 60


def check_letter(rest: str) -> str:
    """The first letter that belongs to the twelve other characters."""
    total = sum(weight * _value(character) for weight, character in enumerate(rest, start=2))
    return LETTERS[total % len(LETTERS)]


def permanent_upn(entry_year: int, serial: int) -> str:
    """A number given at the first school: serial 0, 1, 2 … within the year the child started reception."""
    feeder, number = divmod(serial, 999)
    rest = f"{LOCAL_AUTHORITY}{2001 + feeder % FEEDERS:04d}{entry_year % 100:02d}{number + 1:03d}"
    return check_letter(rest) + rest


def temporary_upn(year: int, serial: int) -> str:
    """A number for a pupil whose permanent one is not known yet; its last character is a letter."""
    number, letter = divmod(serial, len(LETTERS))
    rest = f"{LOCAL_AUTHORITY}4001{year % 100:02d}{number % 100:02d}{LETTERS[letter]}"
    return check_letter(rest) + rest


def _value(character: str) -> int:
    return int(character) if character.isdigit() else LETTERS.index(character)
