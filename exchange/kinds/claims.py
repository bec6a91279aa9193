"""Two rows with one UPN: which of them stands. What is on file speaks first, then the family's names, then order."""

from collections import Counter
from dataclasses import dataclass

from exchange.book import Book
from exchange.roster import name_key
from exchange.tables import Row, Table
from exchange.upn import normal_upn
from exchange.values import split_name

_ON_FILE, _BY_CONTACTS, _BY_ORDER = (
    "The student on file fits that of the two rows which stands.",
    "The contacts with this UPN have the surname of the row which stands.",
    "The first row stands.",
)


@dataclass(frozen=True)
class Claim:
    """The line that keeps the UPN, and why."""

    line: int
    reason: str


def settle_claims(table: Table, book: Book) -> dict[str, Claim]:
    """For every UPN that stands in more than one row: the row that keeps it."""
    if "upn" not in table.columns:
        return {}
    rows: dict[str, list[Row]] = {}
    place = table.columns["upn"]
    for line, cells in table.sheet.rows():
        if place < len(cells) and (upn := normal_upn(cells[place])):
            cells += [""] * (len(table.sheet.headers) - len(cells))
            rows.setdefault(upn, []).append(Row(table, line, cells))
    shared = {upn: found for upn, found in rows.items() if len(found) > 1}
    families = _family_names(book, set(shared)) if shared else {}
    return {upn: _settle(upn, found, book, families.get(upn, Counter())) for upn, found in shared.items()}


def _settle(upn: str, rows: list[Row], book: Book, family: Counter[str]) -> Claim:
    known = book.students.rows.get(book.roster.by_upn[upn]) if upn in book.roster.by_upn else None
    if known:
        mine = name_key(known.legal_forename, known.legal_surname)
        fitting = [r for r in rows if _names(r) == mine] or [
            r for r in rows if r.get("admission_number") == known.admission_number
        ]
        if fitting and known.admission_number:
            fitting = [r for r in fitting if r.get("admission_number") == known.admission_number] or fitting
        if fitting:
            return Claim(fitting[0].line, _ON_FILE)
    weights = [family[name_key(_surname(r))] for r in rows]
    if max(weights) > min(weights):
        return Claim(rows[weights.index(max(weights))].line, _BY_CONTACTS)
    return Claim(rows[0].line, _BY_ORDER)


def _names(row: Row) -> str:
    return name_key(row.get("forename"), row.get("surname"), "" if row.get("surname") else row.get("name"))


def _surname(row: Row) -> str:
    return row.get("surname") or (split_name(row.raw("name"))[1] if row.get("name") else "")


def _family_names(book: Book, upns: set[str]) -> dict[str, Counter[str]]:
    """The surnames of the contacts that the files give for these UPNs."""
    found: dict[str, Counter[str]] = {}
    for table in book.tables:
        if table.kind.name != "contacts" or "upn" not in table.columns:
            continue
        place = table.columns["upn"]
        for line, cells in table.sheet.rows():
            if place < len(cells) and (upn := normal_upn(cells[place])) in upns:
                cells += [""] * (len(table.sheet.headers) - len(cells))
                found.setdefault(upn, Counter())[name_key(_surname(Row(table, line, cells)))] += 1
    return found
