"""Reading attendance marks and sessions, and checking codes against the national table of the day."""

import datetime as dt
import re
from collections import Counter

from exchange.book import Book
from exchange.findings import Severity
from exchange.selectors import attendance_codes
from exchange.tables import Table
from exchange.values import BadValue, clean, squeezed

LONGEST_COMMENT = 200
_MORNING = {
    "am",
    "a",
    "morning",
    "m",
    "1",
    "am1",
    "s1",
    "session1",
    "amreg",
    "amregistration",
    "amsession",
    "sessionam",
}
_AFTERNOON = {
    "pm",
    "p",
    "afternoon",
    "2",
    "pm1",
    "pm2",
    "s2",
    "session2",
    "pmreg",
    "pmregistration",
    "pmsession",
    "sessionpm",
}
_NO_MARK = {"", "-", "nomark", "missing", "nomarkrecorded", "notmarked", "unmarked", "missingmark", "none"}
_WORDS = {"late": "L", "illness": "I", "medical": "M", "nocode": "", "unauthorised": "O", "educationalvisit": "V"}
_TOKEN = re.compile(r"[CJY]\d|\S|\s", re.IGNORECASE)
_LISTED_LINES = 20


def read_session(text: str) -> str:
    """AM or PM."""
    word = squeezed(text)
    if word in _MORNING or word.startswith(("am", "morning")):
        return "AM"
    if word in _AFTERNOON or word.startswith(("pm", "afternoon")):
        return "PM"
    raise BadValue("It says neither AM nor PM.")


def read_mark(text: str, session: str) -> str | None:
    """The code in capitals, None for no mark ('-' and an empty cell). Unknown codes of one or two characters stay."""
    mark = clean(text).upper()
    if len(mark) <= 2 and mark not in _NO_MARK:
        return mark
    word = squeezed(mark) if mark != "-" else "-"
    if word in _NO_MARK and not set(mark) & set("/\\#"):
        return None
    # "L - Late", "/ (Present AM)": the code stands in front of its meaning.
    if found := re.match(r"([A-Z]\d?|[/\\#])(?:\s*[-–:(]|\s+\()", mark):
        return found[1]
    if word.startswith("present"):
        return "/" if session == "AM" else "\\"
    if word in _WORDS:
        return _WORDS[word] or None
    raise BadValue("An attendance code has one or two characters.")


def split_marks(text: str, wanted: int) -> list[str]:
    """The codes of a string of marks, two-character codes (C1, Y7) kept whole. BadValue where their number is wrong."""
    spaced = re.split(r"[\s,;|]+", text.strip())
    if len(spaced) == wanted:
        return spaced
    tokens = [t.strip() for t in _TOKEN.findall(text)]
    while len(tokens) < wanted and (len(tokens) or text == ""):
        tokens.append("")
    if len(tokens) > wanted:
        tokens = [t for t in tokens if t]
    if len(tokens) != wanted:
        raise BadValue(f"There are {len(tokens)} marks where {wanted} belong.")
    return tokens


class CodeChecker:
    """Tells codes that mean nothing on their day: the first lines singly, the rest as a number."""

    def __init__(self, table: Table, book: Book) -> None:
        self.table = table
        self.spans = [(c.code, c.valid_from, c.valid_to or dt.date.max) for c in attendance_codes()]
        self.names = {code for code, _, _ in self.spans}
        self._known: dict[tuple[str, dt.date], bool] = {}
        self._met: Counter[str] = Counter()

    def check(self, line: int, field: str, code: str, day: dt.date) -> None:
        """Warn where the table has no meaning for the code on that day."""
        key = (code, day)
        if key not in self._known:
            self._known[key] = any(code == c and first <= day <= last for c, first, last in self.spans)
        if not self._known[key]:
            self._met[code] += 1
            if self._met[code] <= _LISTED_LINES:
                why = "was withdrawn before that day" if code in self.names else "is not a national attendance code"
                self.table.say(
                    line,
                    field,
                    code,
                    Severity.WARNING,
                    "unknown_code",
                    f"{code} {why}. It is kept as written and counts neither way.",
                )

    def tell_rest(self) -> None:
        """One line for what was not listed singly."""
        for code, times in self._met.items():
            if times > _LISTED_LINES:
                self.table.say(
                    0,
                    "mark",
                    code,
                    Severity.WARNING,
                    "unknown_code",
                    f"{code} stands {times} times in this file; only the first {_LISTED_LINES} are listed.",
                )
