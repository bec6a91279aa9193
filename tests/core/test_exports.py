"""Exports that a spreadsheet shows and never runs: sixteen payloads, two formats."""

import csv
import datetime as dt
import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.exports import Sheet, csv_bytes, xlsx_bytes

PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "|calc",
    "%0A=1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",  # fullwidth equals sign
    "\ufeff=1+1",  # byte-order mark
    "\u200b=1+1",  # zero-width space
    "\xa0=1+1",  # no-break space
    '=HYPERLINK("http://example.invalid","Open")',
    "=cmd|' /C calc'!A0",
]
INNOCENT = ["Jamal Okafor", "O'Brien", "Małgorzata", "Anne-Marie", "7+", "a = b", "", "07700 900123", "93.4%"]
# A cell is dangerous when one of these comes first after what a spreadsheet leaves out.
DANGEROUS = re.compile(r"^[\s\ufeff\u200b\xa0]*[=+\-@|%＝＋－＠]")


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def parts_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets"))


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_a_payload_is_text_in_csv(payload: str) -> None:
    rows = cells(csv_bytes([Sheet("List", [payload], [[payload]])]))
    assert [row[0][0] for row in rows] == ["'", "'"]
    assert not DANGEROUS.match(rows[1][0])


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_a_payload_is_text_in_xlsx(payload: str) -> None:
    data = xlsx_bytes([Sheet("List", [payload], [[payload]])])
    assert "<f" not in parts_of(data)
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    for row in page.iter_rows():
        assert row[0].data_type == "s"
        assert row[0].quotePrefix, "editing the cell would make it a formula"


def test_the_corpus_has_sixteen_payloads_in_one_workbook_without_a_formula() -> None:
    assert len(PAYLOADS) == 16
    data = xlsx_bytes([Sheet("List", ["Name"], [[payload] for payload in PAYLOADS])])
    assert len(re.findall(r"<f[ >]", parts_of(data))) == 0


@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_text_stays_as_it_is(text: str) -> None:
    sheet = Sheet("List", ["Name", "Last"], [[text, "x"]])
    assert cells(csv_bytes([sheet]))[1][0] == text
    assert (load_workbook(io.BytesIO(xlsx_bytes([sheet]))).worksheets[0]["A2"].value or "") == text


def test_csv_is_what_excel_opens_by_a_double_click() -> None:
    data = csv_bytes([Sheet("List", ["Name", "Seen"], [["Zoë", dt.date(2026, 11, 20)], ["Two\nlines, quoted", None]])])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    assert cells(data) == [["Name", "Seen"], ["Zoë", "2026-11-20"], ["Two\nlines, quoted", ""]]


def test_our_numbers_and_dates_stay_numbers_and_dates() -> None:
    sheet = Sheet("List", ["Points", "Rate", "Day"], [[-3, 93.4, dt.date(2026, 11, 20)]])
    assert cells(csv_bytes([sheet]))[1] == ["-3", "93.4", "2026-11-20"]
    points, rate, day = next(load_workbook(io.BytesIO(xlsx_bytes([sheet]))).worksheets[0].iter_rows(min_row=2))
    assert (points.value, rate.value) == (-3, 93.4)
    assert day.is_date


def test_control_characters_do_not_break_a_workbook() -> None:
    data = xlsx_bytes([Sheet("List", ["Name"], [["a\x00b\x0bc\ud800d"]])])
    assert load_workbook(io.BytesIO(data)).worksheets[0]["A2"].value == "abcd"


def test_sheets_with_one_title_keep_apart_and_titles_are_cut() -> None:
    sheets = [Sheet("Steps: all [open] and done, of the year", ["A"], []), Sheet("B", ["A"], []), Sheet("B", ["A"], [])]
    names = load_workbook(io.BytesIO(xlsx_bytes(sheets))).sheetnames
    assert len(set(names)) == 3
    assert all(len(name) <= 31 for name in names)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_at_all_becomes_a_formula(text: str) -> None:
    sheet = Sheet("List", ["Name", "Last"], [[text, "x"]])
    written = cells(csv_bytes([sheet]))[1][0]
    assert not DANGEROUS.match(written)
    assert "<f" not in parts_of(xlsx_bytes([sheet]))


def test_several_tables_stand_below_each_other_in_csv() -> None:
    data = csv_bytes([Sheet("Facts", ["A"], [["1"]]), Sheet("Steps", ["B"], [])])
    assert cells(data) == [["Facts"], ["A"], ["1"], [], ["Steps"], ["B"]]
