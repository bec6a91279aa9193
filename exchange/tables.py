"""A recognised file being read: rows with fields instead of columns, and what is said about them."""

import csv
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator

from exchange.dates import DateOrder, decide_order, read_date
from exchange.findings import FileReport, Report, Severity
from exchange.headers import Kind
from exchange.reading import Sheet
from exchange.values import BadValue, clean, shortened

LONGEST_ROW = 60  # lines; a longer "row" is a quotation mark that was never closed
TICK = 20_000  # rows between two words about progress


class RowRefusedError(Exception):
    """This row, and only this row, does not come in."""

    def __init__(self, field: str, code: str, message: str, value: str | None = None) -> None:
        super().__init__(message)
        self.field, self.code, self.message, self.value = field, code, message, value


class Table:
    """One file of a known kind."""

    def __init__(self, sheet: Sheet, kind: Kind, columns: dict[str, int], report: Report) -> None:
        self.sheet, self.kind, self.columns, self.report = sheet, kind, columns, report
        self.name = sheet.name
        delimiter = {"\t": "tab"}.get(sheet.delimiter, sheet.delimiter)
        self.file = FileReport(sheet.name, kind.name, encoding=sheet.encoding, delimiter=delimiter)
        report.files.append(self.file)
        self.orders: dict[str, DateOrder] = {}
        self.on_row: Callable[[int], None] = lambda rows: None
        self._dates: dict[tuple[str, str], dt.date | None] = {}

    def header(self, field: str) -> str:
        """The column as the file writes it; empty for none."""
        return self.sheet.headers[self.columns[field]] if field in self.columns else ""

    def survey(self, is_plausible: Callable[[dt.date], bool]) -> None:
        """Go once through the file: count the rows and decide the order of the dates in each date column."""
        fields = [f for f in self.kind.dates if f in self.columns]
        values: dict[str, Counter[str]] = {f: Counter() for f in fields}
        places = [(values[f], self.columns[f]) for f in fields]
        try:
            for _, cells in self.sheet.rows():
                self.file.rows += 1
                for counter, place in places:
                    if place < len(cells):
                        counter[cells[place]] += 1
        except csv.Error:
            pass  # said when the rows are read
        for name in fields:
            usual = _is_near if name in self.kind.ahead else _is_over
            self._decide(name, values[name], is_plausible if name == "date" else usual)

    def _decide(self, name: str, values: Counter[str], is_plausible: Callable[[dt.date], bool]) -> None:
        decision = decide_order(values, is_plausible)
        self.orders[name] = decision.order
        self.file.date_order = self.file.date_order or decision.order.value
        if not decision.certain:
            self.say(
                self.sheet.header_line, name, "", Severity.WARNING, "ambiguous_dates",
                f"No date in this column shows whether the day or the month stands first. They are read as"
                f" {decision.order.value}. Look at a date you know before you import.",
            )  # fmt: skip

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) with as many cells as there are headers; rows that do not fit are refused here."""
        width = len(self.sheet.headers)
        done = 0
        try:
            for line, cells in self.sheet.rows():
                done += 1
                if done % TICK == 0:
                    self.on_row(TICK)
                if len(cells) < width:
                    cells += [""] * (width - len(cells))
                elif len(cells) > width and any(c.strip() for c in cells[width:]):
                    self.refuse(
                        line,
                        RowRefusedError(
                            "",
                            "too_many_cells",
                            "The row has more cells than there are headers. A cell with the separator in it "
                            "needs quotation marks around it.",
                            cells[width],
                        ),
                    )
                    continue
                yield line, cells
        except csv.Error as error:
            self.file.refused += 1
            self.say(
                self.sheet.header_line,
                "",
                "",
                Severity.ERROR,
                "broken_quotes",
                f"After row {done} the file cannot be read ({error}). Look for a quotation mark that is not closed.",
            )
        self.on_row(done % TICK)

    def rows(self) -> Iterator["Row"]:
        """The rows with named fields."""
        for line, cells in self.lines():
            yield Row(self, line, cells)

    def say(self, line: int, field: str, value: str, severity: Severity, code: str, message: str) -> None:
        self.report.add(self.name, line, self.header(field), value, severity, code, message)

    def refuse(self, line: int, refused: RowRefusedError, value: str = "", rows: int = 1) -> None:
        """Count the refused rows and say why, once."""
        self.file.refused += rows
        said = refused.value if refused.value is not None else value
        self.say(line, refused.field, said, Severity.ERROR, refused.code, refused.message)

    def read_date(self, field: str, text: str) -> dt.date | None:
        """The day in the column's order; None for an empty cell. May raise BadValue."""
        key = (field, text)
        if key not in self._dates:
            self._dates[key] = read_date(text, self.orders.get(field, DateOrder.DAY_FIRST)) if text.strip() else None
        return self._dates[key]


def _is_over(day: dt.date) -> bool:
    return day <= dt.date.today()


def _is_near(day: dt.date) -> bool:
    return abs(day - dt.date.today()) <= dt.timedelta(days=400)


class Row:
    """One row with named fields."""

    __slots__ = ("cells", "line", "table")

    def __init__(self, table: Table, line: int, cells: list[str]) -> None:
        self.table, self.line, self.cells = table, line, cells

    def has(self, field: str) -> bool:
        """Whether the file has that column at all."""
        return field in self.table.columns

    def raw(self, field: str) -> str:
        return self.cells[self.table.columns[field]] if field in self.table.columns else ""

    def get(self, field: str, limit: int = 0) -> str:
        """The cell without spaces around; longer than `limit` it is cut, with a warning."""
        text = clean(self.raw(field))
        if limit and len(text) > limit:
            self.warn(field, "too_long", f"Only the first {limit} characters are kept.")
            text = shortened(text, limit)
        return text

    def date(self, field: str, code: str = "bad_date") -> dt.date | None:
        """The day; a cell that is no existing date refuses the row."""
        try:
            return self.table.read_date(field, self.raw(field))
        except BadValue as bad:
            raise RowRefusedError(
                field, code, f"{bad} Correct it in the MIS and export again.", self.raw(field)
            ) from bad

    def warn(self, field: str, code: str, message: str) -> None:
        self.table.say(self.line, field, self.raw(field), Severity.WARNING, code, message)

    def inform(self, field: str, code: str, message: str) -> None:
        self.table.say(self.line, field, self.raw(field), Severity.INFO, code, message)

    def refuse(self, refused: RowRefusedError) -> None:
        self.table.refuse(self.line, refused, self.raw(refused.field))
