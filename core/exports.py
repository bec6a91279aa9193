"""Writing tables as CSV and XLSX that a spreadsheet shows as text and never runs.

The rule: a cell whose first real character (after stripping and NFKC) is one of `= + - @ | %`, a tab or a line break
is marked as text, with an apostrophe in CSV and with the quote prefix in XLSX. Our own numbers and dates stay so.
"""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | dt.date | None

_STARTS_A_FORMULA = frozenset("=+-@|%\t\r\n")
# What XML 1.0 cannot hold, and what no name or note needs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Left out of a text's beginning: blanks and invisible characters, behind which a formula could hide.
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_LONGEST_CELL = 32_767
_WIDEST_COLUMN = 60


@dataclass(frozen=True)
class Sheet:
    """A table ready to be written: a title, its headings, and rows of the same length."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]


def plain_text(text: str) -> str:
    """The text without control characters, cut to what a spreadsheet cell holds."""
    return _CONTROL.sub("", text)[: _LONGEST_CELL - 1]


def may_be_formula(text: str) -> bool:
    """Whether a spreadsheet could take this text for a formula or a command."""
    seen = unicodedata.normalize("NFKC", text)
    first = next((c for c in seen if unicodedata.category(c) not in _INVISIBLE), "")
    return seen[:1] in _STARTS_A_FORMULA or first in _STARTS_A_FORMULA


def harmless(text: str) -> str:
    """The text as a CSV cell may hold it: behind an apostrophe where it could be taken for a formula."""
    text = plain_text(text)
    return f"'{text.strip()}" if may_be_formula(text) else text


def csv_bytes(sheets: Sequence[Sheet]) -> bytes:
    """UTF-8 with a byte-order mark and CRLF, which Excel opens rightly by a double click; dates as 2026-11-24.

    Several tables stand below each other, each under its title and parted by an empty line.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for number, sheet in enumerate(sheets):
        if len(sheets) > 1:
            writer.writerows([[]] * bool(number) + [[harmless(sheet.title)]])
        writer.writerow([harmless(heading) for heading in sheet.headings])
        writer.writerows([_for_csv(value) for value in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def _for_csv(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """One workbook; headings stay in sight and can be filtered. No cell is ever a formula."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _write_sheet(book.create_sheet(_sheet_name(sheet.title, book.sheetnames)), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_sheet(page: Worksheet, sheet: Sheet) -> None:
    for row, values in enumerate([sheet.headings, *sheet.rows], start=1):
        for column, value in enumerate(values, start=1):
            cell = cast(Cell, page.cell(row, column))
            _fill(cell, value)
            if row == 1:
                cell.font = Font(bold=True)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    for column, values in enumerate(zip(sheet.headings, *sheet.rows, strict=True), start=1):
        longest = max(len(str(value)) for value in values if value is not None)
        page.column_dimensions[get_column_letter(column)].width = min(longest + 3, _WIDEST_COLUMN)


def _fill(cell: Cell, value: Value) -> None:
    """Text is stored as text; the quote prefix keeps it so when somebody edits the cell."""
    if isinstance(value, str):
        text = plain_text(value)
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = may_be_formula(text)
        cell.alignment = Alignment(vertical="top", wrap_text="\n" in text or len(text) > _WIDEST_COLUMN)
    else:
        cell.value = value
        if isinstance(value, dt.date):
            cell.number_format = "dd/mm/yyyy"


def _sheet_name(title: str, taken: Sequence[str]) -> str:
    """Excel allows 31 characters, none of []:*?/\\, and each name once."""
    name = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:28] or "Sheet"
    return name if name not in taken else f"{name} {len(taken) + 1}"
