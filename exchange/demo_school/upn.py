"""Unique Pupil Numbers of invented pupils: right in form and check letter, from a local authority that is nowhere."""

from exchange.upn import LETTERS, check_letter

LOCAL_AUTHORITY = 989  # allotted to nobody
FEEDERS = 60


def permanent_upn(entry_year: int, serial: int) -> str:
    """A number given at the first school: serial 0, 1, 2 … within the year the child started reception."""
    feeder, number = divmod(serial, 999)
    return _with_letter(f"{LOCAL_AUTHORITY}{2001 + feeder % FEEDERS:04d}{entry_year % 100:02d}{number + 1:03d}")


def temporary_upn(year: int, serial: int) -> str:
    """A number for a pupil whose permanent one is not known yet; its last character is a letter."""
    number, letter = divmod(serial, len(LETTERS))
    return _with_letter(f"{LOCAL_AUTHORITY}4001{year % 100:02d}{number % 100:02d}{LETTERS[letter]}")


def _with_letter(rest: str) -> str:
    return check_letter("?" + rest) + rest
