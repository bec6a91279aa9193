"""Attendance with one row a week (or day, or term): marks side by side, under day names or dates, or in one string."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exchange.book import Book
from exchange.dates import DateOrder, decide_order, read_date
from exchange.headers import STUDENT, Kind, words
from exchange.kinds.attendance import DATE
from exchange.kinds.marks import CodeChecker, read_mark, split_marks
from exchange.linking import Linker
from exchange.tables import RowRefusedError, Table
from exchange.values import BadValue, clean, squeezed

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"(mon|tues?|weds?|wednes|thur?s?|fri|sat|satur|sun)(?:day)?"
_HALF = r"(am|pm|a|p|1|2|morning|afternoon|s1|s2|session1|session2)"
_NAMED = re.compile(rf"(?:attendance)?(am|pm)?{_DAY}(?:\d{{2,4}})?{_HALF}?(?:mark|code|session)?")
_DATED = re.compile(r"(?:(am|pm)\s*[-:]?\s*)?(.*?\d)[\s_:,(-]*(am|pm|a|p|1|2|morning|afternoon)?\)?", re.IGNORECASE)
_WEEK = words(
    "weekcommencing weekbeginning wc weekstarting weekstart startdate weekstartdate weekdate wkcommencing wb "
    "wkbeginning week"
    " weekendingdate weekending we commencing datefrom from periodstart date weekcommencingdate wcdate wkcomm weekcomm"
)


@dataclass(frozen=True)
class Slot:
    """What a column of marks stands for: a weekday or a date, and AM, PM or both halves."""

    day: int | str
    session: str


def slot_of(header: str) -> Slot | None:
    """The slot a header names: Mon AM, MondayPM, AM Mon, 07/09/2026 AM, 2026-09-07, Mon 07/09 PM."""
    text = clean(header)
    if found := _NAMED.fullmatch(squeezed(text)):
        return Slot(_DAYS.index(found[2][:3]), _half(found[1] or found[3] or ""))
    if (found := _DATED.fullmatch(text)) and (word := found[2].strip()) and not word.isdigit():
        for order in DateOrder:
            try:
                read_date(word, order)
            except BadValue:
                continue
            return Slot(word, _half(found[1] or found[3] or ""))
    return None


def _half(text: str) -> str:
    word = text.lower()
    if not word:
        return "both"
    return "PM" if word.startswith("p") or word in {"afternoon", "2", "s2", "session2"} else "AM"


@dataclass(frozen=True)
class WeeklyKind(Kind):
    """Its mark columns are found by pattern: each becomes a field "slot <header>"."""

    def match(self, headers: Sequence[str]) -> dict[str, int]:
        slots = {f"slot {n}": n for n, header in enumerate(headers) if slot_of(header)}
        plain = super().match([("" if f"slot {n}" in slots else header) for n, header in enumerate(headers)])
        return {f: n for f, n in plain.items() if headers[n].strip()} | slots

    def score(self, columns: Mapping[str, int], file_name: str) -> float:
        slots = sum(f.startswith("slot ") for f in columns)
        has_week = "week" in columns and (slots >= 3 or "marks" in columns or "am" in columns)
        if not (has_week or slots >= 3) or not super().score(dict.fromkeys(columns, 0), file_name):
            return 0
        return super().score(columns, file_name) + 10


KIND = WeeklyKind(
    name="weekly attendance",
    label="Attendance by week",
    columns={
        **STUDENT,
        "week": _WEEK + DATE,
        "marks": words(
            "marks weekmarks markstring attendancemarks codes sessions attendance registrationmarks"
            " weeklymarks attendancemarkstring"
        ),
        "am": words(
            "am ammark amcode morning amsession amattendancemark markam amattendance amregistration amattendancecode"
        ),
        "pm": words(
            "pm pmmark pmcode afternoon pmsession pmattendancemark markpm pmattendance pmregistration pmattendancecode"
        ),
    },
    needs=(frozenset({"upn", "admission_number", "mis_id", "surname", "name"}),),
    weights={"marks": 4, "am": 4, "pm": 4},
    hints=("week", "attend", "grid", "mark", "regist"),
    dates=("date_of_birth", "week"),
)


def read_weekly(table: Table, book: Book) -> None:
    """Stage every mark of every row. A row with an unreadable week is refused whole, an unreadable mark alone."""
    stage, number = book.stages["marks"], book.number_of(table)
    stage.given[number] = ("code",)
    linker, codes, plan = Linker(table, book.roster), CodeChecker(table, book), _Plan(table)
    for line, cells in table.lines():
        student_id = linker.student_id(line, cells)
        if student_id is None:
            continue
        try:
            found = plan.marks(line, cells)
        except RowRefusedError as refused:
            table.refuse(line, refused)
            continue
        for field, day, session, text in found:
            code = _code(table, line, field, text, session)
            if code:
                book.dates_seen.add(day)
                codes.check(line, field, code, day)
                stage.add((number, line, student_id, day, session, code, None, None))
    linker.tell_strangers()
    codes.tell_rest()


def _code(table: Table, line: int, field: str, text: str, session: str) -> str | None:
    try:
        code = read_mark(text, session)
    except BadValue as bad:
        table.refuse(
            line, RowRefusedError(field, "unreadable_code", f"{bad} Correct it in the MIS and export again.", text)
        )
        return None
    table.file.skipped += code is None
    return code


_Found = tuple[str, dt.date, str, str]


class _Plan:
    """How the columns of this file stand for days and sessions."""

    def __init__(self, table: Table) -> None:
        self.table = table
        headers = table.sheet.headers
        self.slots = [(f, n, slot_of(headers[n])) for f, n in table.columns.items() if f.startswith("slot ")]
        texts = Counter(str(s.day) for _, _, s in self.slots if s and isinstance(s.day, str))
        self.order = decide_order(texts).order
        if texts:
            table.file.date_order = self.order.value

    def marks(self, line: int, cells: list[str]) -> list[_Found]:
        """(field, date, session, mark as written) of a row; raises RowRefusedError."""
        found: list[_Found] = []
        for field, place, slot in self.slots:
            if slot:
                found += self._halves(field, cells[place], self._day(slot, cells), slot.session)
        columns = self.table.columns
        if "marks" in columns and not self.slots:
            found += self._string(cells)
        if not self.slots and "am" in columns:
            day = self._date(cells)
            found += [(f, day, f.upper(), cells[columns[f]]) for f in ("am", "pm") if f in columns]
        return found

    def _halves(self, field: str, text: str, day: dt.date, session: str) -> list[_Found]:
        if session != "both":
            return [(field, day, session, text)]
        if not text.strip():
            return [(field, day, "AM", ""), (field, day, "PM", "")]
        try:
            first, second = split_marks(text, 2)
        except BadValue as bad:
            raise RowRefusedError(
                field, "bad_marks", f"{bad} Each day has a mark for the morning and one for the afternoon.", text
            ) from bad
        return [(field, day, "AM", first), (field, day, "PM", second)]

    def _string(self, cells: list[str]) -> list[_Found]:
        text = cells[self.table.columns["marks"]]
        monday = self._monday(cells)
        weeks = max(1, round(len(re.findall(r"[CJYcjy]\d|\S", text)) / 10)) if len(text) > 14 else 1
        try:
            marks = split_marks(text, 10 * weeks)
        except BadValue as bad:
            raise RowRefusedError(
                "marks", "bad_marks", f"{bad} A week has ten, Monday morning to Friday afternoon.", text
            ) from bad
        days = [monday + dt.timedelta(weeks=n // 10, days=n % 10 // 2) for n in range(len(marks))]
        return [
            ("marks", day, "AM" if n % 2 == 0 else "PM", mark)
            for n, (day, mark) in enumerate(zip(days, marks, strict=True))
        ]

    def _day(self, slot: Slot, cells: list[str]) -> dt.date:
        if isinstance(slot.day, int):
            return self._monday(cells) + dt.timedelta(days=slot.day)
        return read_date(slot.day, self.order)

    def _monday(self, cells: list[str]) -> dt.date:
        """The Monday of the row's week; a week that "commences" on a Sunday is the one that follows."""
        day = self._date(cells)
        if day.weekday() == 6 and "ending" not in self.table.header("week").lower():
            return day + dt.timedelta(days=1)
        return day - dt.timedelta(days=day.weekday())

    def _date(self, cells: list[str]) -> dt.date:
        if "week" not in self.table.columns:
            raise RowRefusedError(
                "", "missing_date", "Nothing says which week this is. Export the date of the week with it."
            )
        text = cells[self.table.columns["week"]]
        try:
            day = self.table.read_date("week", text)
        except BadValue as bad:
            raise RowRefusedError("week", "bad_date", f"{bad} Correct it and export again.", text) from bad
        if day is None:
            raise RowRefusedError(
                "week", "missing_date", "The week is missing. Export again with the date of the week.", text
            )
        return day
