"""Bytes → rows: encoding, delimiter, the line of the headers, and each row with its true line in the file."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

TEXT_ENDINGS = {".csv", ".txt", ".tsv", ".tab", ".dat"}
DELIMITERS = ",;\t|"
LONGEST_TITLE = 25  # lines a report may carry above its headers
_SAMPLE = 256 * 1024
csv.field_size_limit(1_000_000)


class Unreadable(Exception):
    """A file that is no table of text; the message says so in plain words."""


@dataclass(frozen=True)
class Sheet:
    """A readable file: how it is written and where its headers stand (`header_line`: the last line of that row)."""

    name: str
    path: Path
    encoding: str
    delimiter: str
    headers: list[str]
    header_line: int

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line on which the row begins, cells) of every row below the headers that is not blank."""
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as text:
            reader = csv.reader(text, delimiter=self.delimiter)
            begins = 1
            for cells in reader:
                line, begins = begins, reader.line_num + 1
                if line > self.header_line and "".join(cells).strip():
                    yield line, cells


def open_sheet(path: Path, name: str, known: Callable[[str], bool]) -> Sheet:
    """Find out how the file is written; `known` tells whether a text is a header of some export. Or Unreadable."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    if not start.strip():
        raise Unreadable("The file is empty.")
    encoding = _encoding(path, start)
    # A cut in the middle of a character or row does no harm: only the first rows are looked at.
    sample = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    delimiter, headers, line = _headers(sample, known)
    return Sheet(name, path, encoding, delimiter, headers, line)


def _encoding(path: Path, start: bytes) -> str:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("This is a spreadsheet or an archive, not text. Save it as CSV and choose that file.")
    if start[1:400:2].count(0) > len(start[1:400:2]) * 0.8:
        return "utf-16-le"
    if b"\x00" in start[:4000]:
        raise Unreadable("This is not a text file. Save the export as CSV and choose that file.")
    return "utf-8" if _is_utf8(path) else "cp1252"


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _headers(sample: str, known: Callable[[str], bool]) -> tuple[str, list[str], int]:
    """The delimiter and row that read best as headers: most known words, then most cells, then nearest the top."""
    best: tuple[tuple[int, int, int], str, list[str], int] | None = None
    for delimiter in DELIMITERS:
        for number, (line, cells) in enumerate(_first_rows(sample, delimiter)):
            score = (sum(map(known, cells)), sum(bool(c.strip()) for c in cells) if number == 0 else 0, -number)
            if best is None or score > best[0]:
                best = (score, delimiter, [c.strip() for c in cells], line)
    if best is None:
        raise Unreadable("No row of headers was found.")
    return best[1], best[2], best[3]


def _first_rows(sample: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if reader.line_num > LONGEST_TITLE:
                return
            # Excel's own hint "sep=;" is no header.
            if any(c.strip() for c in cells) and not cells[0].lower().startswith("sep="):
                yield reader.line_num, cells
    except csv.Error:
        return
