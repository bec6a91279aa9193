"""Attendance with one row a session: student, date, AM or PM, mark."""

import datetime as dt
import re

from exchange.book import Book
from exchange.findings import Severity
from exchange.headers import STUDENT, Kind, words
from exchange.kinds.marks import LONGEST_COMMENT, CodeChecker, read_mark, read_session
from exchange.linking import Linker
from exchange.tables import RowRefusedError, Table
from exchange.values import BadValue, clean, read_whole_number, shortened

DATE = words(
    "date markdate sessiondate attendancedate registerdate registrationdate day eventdate datetime"
    " sessiondatetime startdate"
)
KIND = Kind(
    name="attendance",
    label="Attendance by session",
    columns={
        **STUDENT,
        "date": DATE,
        "session": words(
            "session ampm sessionname period sessiontype registrationsession halfday sess sessionampm rollcall"
            " registersession attendancesession time"
        ),
        "mark": words(
            "mark code attendancemark attendancecode registrationmark sessionmark markcode registermark"
            " attendancemarkcode registrationcode attendance sessioncode statutorymark finalmark"
        ),
        "minutes": words("minuteslate lateminutes minslate minutes late minslateforsession latemins"),
        "comment": words("comment comments note notes reason attendancecomment markcomment"),
    },
    needs=(
        frozenset({"date"}),
        frozenset({"mark"}),
        frozenset({"upn", "admission_number", "mis_id", "surname", "name"}),
    ),
    weights={"mark": 6, "session": 5, "minutes": 4},
    hints=("attend", "mark", "regist", "session"),
    dates=("date_of_birth", "date"),
)
_HOUR = re.compile(r"[T ](\d{1,2})[:.]\d{2}(?:[:.]\d{2})?\s*([AaPp]?)")


def read_attendance(table: Table, book: Book) -> None:
    """Stage every mark. A tight loop: a large school has millions of rows."""
    stage, number = book.stages["marks"], book.number_of(table)
    given = {"code": "mark", "minutes_late": "minutes", "comment": "comment"}
    stage.given[number] = tuple(column for column, field in given.items() if field in table.columns)
    linker, reader = Linker(table, book.roster), _MarkReader(table, book)
    for line, cells in table.lines():
        student_id = linker.student_id(line, cells)
        if student_id is None:
            continue
        try:
            mark = reader.read(line, cells)
        except RowRefusedError as refused:
            table.refuse(line, refused)
            continue
        if mark is None:
            table.file.skipped += 1
        else:
            stage.add((number, line, student_id, *mark))
    linker.tell_strangers()
    reader.codes.tell_rest()
    book.dates_seen |= reader.days


class _MarkReader:
    """Turns the cells of a row into date, session, code, minutes and comment; remembers what it has seen."""

    def __init__(self, table: Table, book: Book) -> None:
        self.table, self.codes = table, CodeChecker(table, book)
        self.at = {f: table.columns.get(f) for f in ("date", "session", "mark", "minutes", "comment")}
        self.days: set[dt.date] = set()
        self._halves: dict[str, str] = {}
        self._marks: dict[tuple[str, str], str | None] = {}

    def read(self, line: int, cells: list[str]) -> tuple[dt.date, str, str, int | None, str | None] | None:
        """The mark, or None where there is none; raises RowRefusedError."""
        day = self._day(cells)
        session = self._session(cells)
        written = cells[self.at["mark"]]  # type: ignore[index]
        code = self._code(written, session)
        if code is None:
            return None
        self.days.add(day)
        self.codes.check(line, "mark", code, day)
        comment = None if self.at["comment"] is None else shortened(clean(cells[self.at["comment"]]), LONGEST_COMMENT)
        return day, session, code, self._minutes(line, cells), comment

    def _day(self, cells: list[str]) -> dt.date:
        text = cells[self.at["date"]]  # type: ignore[index]
        try:
            day = self.table.read_date("date", text)
        except BadValue as bad:
            raise RowRefusedError("date", "bad_date", f"{bad} Correct it in the MIS and export again.", text) from bad
        if day is None:
            raise RowRefusedError(
                "date", "missing_date", "The date is missing. Export again with the date of the session.", text
            )
        return day

    def _session(self, cells: list[str]) -> str:
        field = "date" if self.at["session"] is None else "session"
        text = cells[self.at[field]]  # type: ignore[index]
        if text not in self._halves:
            self._halves[text] = _session_of(field, text)
        return self._halves[text]

    def _code(self, text: str, session: str) -> str | None:
        key = (text, session)
        if key not in self._marks:
            try:
                self._marks[key] = read_mark(text, session)
            except BadValue as bad:
                raise RowRefusedError(
                    "mark", "unreadable_code", f"{bad} Correct it in the MIS and export again.", text
                ) from bad
        return self._marks[key]

    def _minutes(self, line: int, cells: list[str]) -> int | None:
        place = self.at["minutes"]
        if place is None or not cells[place]:
            return None
        try:
            minutes = read_whole_number(cells[place])
        except BadValue as bad:
            minutes = None
            self.table.say(
                line,
                "minutes",
                cells[place],
                Severity.WARNING,
                "unknown_minutes",
                f"{bad} The mark comes in without it.",
            )
        return minutes if minutes is None or 0 <= minutes <= 600 else None


def _session_of(field: str, text: str) -> str:
    """AM or PM from its own column, or from the time beside the date."""
    hour = _HOUR.search(f" {text}")
    try:
        if field == "session" and not hour:
            return read_session(text)
    except BadValue as bad:
        raise RowRefusedError(field, "bad_session", f"{bad} Export again with AM or PM for each mark.", text) from bad
    if hour is None:
        raise RowRefusedError(
            field,
            "bad_session",
            "Nothing says whether this is the morning or the afternoon. Export the session with it.",
            text,
        )
    is_late = int(hour[1]) >= 12 or hour[2].lower() == "p"
    return "PM" if is_late else "AM"
