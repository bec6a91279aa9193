"""What became of a grade since last time, in whatever scale the school uses; never a guess about an unknown one."""

import re
from dataclasses import dataclass
from functools import lru_cache

# From the lowest up. Letters D and U stand in two scales: then only the direction is said.
_LETTERS = ["U", "G", "F", "E", "D", "C", "B", "A", "A*"]
_VOCATIONAL = ["U", "P", "M", "D", "D*"]
_WORDS = ["FAIL", "PASS", "MERIT", "DISTINCTION", "DISTINCTION*"]
_NUMBER = re.compile(r"([1-9])([+\-=]?)$")
_COUNT = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Change:
    """`direction` is 1, 0 or -1 (None where the scale is not known); `text` says it in words with a sign."""

    direction: int | None
    text: str


@lru_cache(maxsize=1024)
def change_of_grade(before: str, now: str) -> Change | None:
    """From last time's grade to this one's: "▲ up one", "same", "▼ down two"; None where either is missing."""
    before, now = before.strip(), now.strip()
    if not before or not now:
        return None
    if before.upper() == now.upper():
        return Change(0, "same")
    found = _number_steps(before, now)
    if found is None:
        found = _scale_steps(before.upper(), now.upper())
    if found is None:
        return Change(None, f"was {before}")
    direction, steps = found
    if not direction:  # 5 and 5= are one grade
        return Change(0, "same")
    sign = "▲ up" if direction > 0 else "▼ down"
    return Change(direction, f"{sign} {_COUNT[steps]}".strip())


def _number_steps(before: str, now: str) -> tuple[int, int] | None:
    """Direction and whole grades of the 9 to 1 scale; no count where thirds of a grade (5+, 5-) are in play."""
    if now.upper() == "U" or before.upper() == "U":
        other = now if before.upper() == "U" else before
        return (1 if now == other else -1, 0) if _NUMBER.match(other) else None
    old, new = _NUMBER.match(before), _NUMBER.match(now)
    if not old or not new:
        return None
    gain = _thirds(new) - _thirds(old)
    whole = old[2] in ("", "=") and new[2] in ("", "=")
    return (1 if gain > 0 else -1, abs(gain) // 3 if whole else 0) if gain else (0, 0)


def _thirds(grade: re.Match[str]) -> int:
    return 3 * int(grade[1]) + {"+": 1, "-": -1}.get(grade[2], 0)


def _scale_steps(before: str, now: str) -> tuple[int, int] | None:
    scales = [scale for scale in (_LETTERS, _VOCATIONAL, _WORDS) if before in scale and now in scale]
    if not scales:
        return None
    gain = scales[0].index(now) - scales[0].index(before)
    return (1 if gain > 0 else -1, abs(gain) if len(scales) == 1 else 0)
