"""Dates as MIS exports write them; whether day or month stands first is decided per column, from all its values."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from exchange.values import BadValue, clean

_MONTHS = {
    m: n
    for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_TIME = re.compile(
    r"(?:[T ]+|,\s*)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|[+-]\d\d:?\d\d)?$", re.I
)
_WEEKDAY = re.compile(
    r"^(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?[.,]?\s+", re.I
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{2})")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3,9})\.?,?[-/. ]*(\d{4}|\d{2})", re.I)
_NAMED_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.I)
_EXCEL_EPOCH = dt.date(1899, 12, 30)


class DateOrder(StrEnum):
    """Which number of 03/09/2026 is the day."""

    DAY_FIRST = "day/month/year"
    MONTH_FIRST = "month/day/year"


@dataclass(frozen=True)
class Decision:
    """The order of a column; `certain` when at least one value shows it; `mixed` when others contradict."""

    order: DateOrder
    certain: bool
    mixed: bool


def decide_order(values: Counter[str], is_plausible: Callable[[dt.date], bool] = lambda day: True) -> Decision:
    """Count what the values allow: any number over 12 decides; then plausibility; then the British order."""
    votes: Counter[DateOrder] = Counter()
    open_values: list[tuple[int, int, int]] = []
    for text, times in values.items():
        numbers = _numbers_of(text)
        if numbers is None:
            continue
        first, second, year = numbers
        day_first, month_first = _exists(year, second, first), _exists(year, first, second)
        if day_first and month_first:
            open_values += [numbers] if first != second else []
        elif day_first or month_first:
            votes[DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST] += times
    if votes:
        return Decision(votes.most_common(1)[0][0], certain=True, mixed=len(votes) > 1)
    odd = {order: sum(not is_plausible(_make(n, order)) for n in open_values) for order in DateOrder}
    if odd[DateOrder.MONTH_FIRST] < odd[DateOrder.DAY_FIRST]:
        return Decision(DateOrder.MONTH_FIRST, certain=False, mixed=False)
    return Decision(DateOrder.DAY_FIRST, certain=not open_values, mixed=False)


def read_date(text: str, order: DateOrder = DateOrder.DAY_FIRST) -> dt.date:
    """The day meant; BadValue says whether it does not exist, is in the other order, or is no date at all."""
    word = _bare(text)
    for pattern, parts in ((_YEAR_FIRST, (1, 2, 3)), (_DAY_NAMED, (3, 2, 1)), (_NAMED_DAY, (3, 1, 2))):
        if found := pattern.fullmatch(word):
            year, month, day = (found[p] for p in parts)
            return _checked(_full_year(year), _month_number(month), int(day))
    if numbers := _numbers_of(text):
        return _in_order(numbers, order)
    if re.fullmatch(r"\d{8}", word):
        return _compact(word)
    if (found := re.fullmatch(r"(\d{5})(?:\.\d+)?", word)) and 20_000 <= int(found[1]) <= 60_000:
        return _EXCEL_EPOCH + dt.timedelta(days=int(found[1]))
    raise BadValue("It is not a date.")


def _bare(text: str) -> str:
    return _WEEKDAY.sub("", _TIME.sub("", clean(text))).strip()


def _numbers_of(text: str) -> tuple[int, int, int] | None:
    found = _NUMBERS.fullmatch(_bare(text))
    return (int(found[1]), int(found[2]), _full_year(found[3])) if found else None


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


def _month_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text[:3].lower() not in _MONTHS:
        raise BadValue("It is not a date.")
    return _MONTHS[text[:3].lower()]


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _make(numbers: tuple[int, int, int], order: DateOrder) -> dt.date:
    first, second, year = numbers
    day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    return dt.date(year, month, day)


def _checked(year: int, month: int, day: int) -> dt.date:
    if not _exists(year, month, day) or year < 1900:
        raise BadValue("This date does not exist.")
    return dt.date(year, month, day)


def _in_order(numbers: tuple[int, int, int], order: DateOrder) -> dt.date:
    first, second, year = numbers
    day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    if month > 12 and _exists(year, day, month):
        other = "month/day/year" if order is DateOrder.DAY_FIRST else "day/month/year"
        raise BadValue(f"The rest of this column is written {order.value}; this date can only be {other}.")
    return _checked(year, month, day)


def _compact(word: str) -> dt.date:
    if word[:2] in {"19", "20"} and _exists(int(word[:4]), int(word[4:6]), int(word[6:])):
        return dt.date(int(word[:4]), int(word[4:6]), int(word[6:]))
    if word[4:6] in {"19", "20"} and _exists(int(word[4:]), int(word[2:4]), int(word[:2])):
        return dt.date(int(word[4:]), int(word[2:4]), int(word[:2]))
    raise BadValue("This date does not exist.")
