"""The students' file: who is on roll, in which year, house and group, and what the school knows for their support."""

import datetime as dt
from collections import Counter
from typing import Any

from exchange.book import Book
from exchange.findings import Severity
from exchange.kinds.claims import Claim, settle_claims
from exchange.kinds.ethnicity import take_ethnicity
from exchange.kinds.identity import match_student
from exchange.kinds.student_columns import ENGLISH, STATUS_WORDS, TRUE_WORDS
from exchange.tables import Row, RowRefusedError, Table
from exchange.upn import check_letter, is_well_formed, normal_upn
from exchange.values import (
    BadValue,
    is_scientific,
    read_boolean,
    read_email,
    read_sen_need,
    read_sen_status,
    read_sex,
    read_year_group,
    split_name,
    squeezed,
)
from students.models import Student


class StudentsReader:
    """Reads all students' files of one import; groups are settled when the last row is known."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.numbers: dict[str, int] = {}
        self.claims: dict[str, Claim] = {}
        self.listed: dict[Any, Table] = {}
        self.forms: list[tuple[Table, int, Student, str]] = []
        self.readable_forms: Counter[str] = Counter()

    def read(self, table: Table) -> None:
        """Every row of one file; each is taken or refused for itself."""
        self.numbers, self.claims = {}, settle_claims(table, self.book)
        for row in table.rows():
            try:
                self._take(row)
            except RowRefusedError as refused:
                row.refuse(refused)
                self.book.roster.note_refused(
                    normal_upn(row.raw("upn")), row.get("admission_number"), table.name, row.line
                )

    def _take(self, row: Row) -> None:
        upn, number = self._upn(row), _admission_number(row)
        values: dict[str, Any] = _names(row)
        values |= {f: row.date(f) for f in ("date_of_birth", "joined_on", "left_on") if row.has(f)}
        self._refuse_repeated(row, upn, number)
        found = match_student(self.book, row, upn, number, values)
        student = found or Student(school=self.book.school)
        values |= _facts(row) | _keys(student, row, upn, number)
        if "house" in row.table.columns and (house := self.book.house(row.get("house", 60))):
            values["house"] = house
        values |= _preferred(student, row, values)
        if found is None:
            for name, value in values.items():
                setattr(student, name, value)
            self.book.students.add(student)
        else:
            _change(self.book, student, values)
        take_ethnicity(self.book, row, student)
        self._note(row, student, upn, number)

    def _note(self, row: Row, student: Student, upn: str, number: str) -> None:
        _tell(row, student, upn)
        if upn in self.claims:
            row.warn(
                "upn",
                "shared_upn",
                f"Another row has the same UPN. {self.claims[upn].reason} Check in the MIS whose it is before you "
                "rely on what hangs on it.",
            )
        if number:
            self.numbers[number.casefold()] = row.line
        self.listed.setdefault(student.pk, row.table)
        form = row.get("form", 30)
        self.book.roster.add(student, form, row.get("mis_id"))
        if form:
            self.forms.append((row.table, row.line, student, form))

    def _upn(self, row: Row) -> str:
        upn = normal_upn(row.raw("upn"))
        if not upn:
            if row.has("upn"):
                row.warn(
                    "upn", "missing_upn", "The student has no UPN. They come in, and are known by their other details."
                )
            return ""
        if is_scientific(upn):
            raise RowRefusedError(
                "upn",
                "bad_upn_format",
                "A spreadsheet has turned the UPN into a short number and lost its digits. Export again from the "
                "MIS and do not save the file in Excel.",
            )
        if not is_well_formed(upn):
            raise RowRefusedError(
                "upn",
                "bad_upn_format",
                "A UPN is one letter (not I, O or S) and twelve digits. Correct it in the MIS and export again.",
            )
        return upn

    def _refuse_repeated(self, row: Row, upn: str, number: str) -> None:
        claim = self.claims.get(upn)
        if claim and claim.line != row.line:
            raise RowRefusedError(
                "upn",
                "duplicate_upn",
                f"Line {claim.line} has the same UPN. {claim.reason} This row is not imported. If they are two "
                "students, correct the UPN of this one in the MIS.",
            )
        first = self.numbers.get(number.casefold()) if number else None
        if first:
            raise RowRefusedError(
                "admission_number",
                "duplicate_admission_number",
                f"Line {first} has the same admission number. That row stands and this one is not imported.",
            )

    def count(self) -> None:
        """Tell each file how many of its students are made, changed and left; and who is on roll but in no file."""
        book = self.book
        placed = [*book.placements.made.values(), *book.placements.changed.values()]
        said = [*book.ethnicities.made.values(), *book.ethnicities.changed.values()]
        changed = book.students.changed.keys() | {p.student_id for p in placed} | {e.student_id for e in said}
        for pk, table in self.listed.items():
            made = pk in book.students.made
            table.file.made += made
            table.file.changed += not made and pk in changed
            table.file.left += not made and pk not in changed
        missing = [
            s
            for pk, s in book.students.rows.items()
            if pk not in self.listed and (not s.left_on or s.left_on >= book.today)
        ]
        if missing and self.listed:
            table = next(iter(self.listed.values()))
            names = ", ".join(s.name for s in missing[:10]) + (" and more" if len(missing) > 10 else "")
            table.say(
                0,
                "",
                "",
                Severity.INFO,
                "not_in_file",
                f"{len(missing)} on roll are not in the file; they were left as they are: {names}.",
            )


def _admission_number(row: Row) -> str:
    field = "admission_number" if row.get("admission_number") else "mis_id"
    number = row.get(field)
    if is_scientific(number):
        row.warn(
            field,
            "bad_admission_number",
            "A spreadsheet has turned this number into a short form and lost digits. It is not kept.",
        )
        return ""
    if len(number) > 20:
        return ""
    return number


def _names(row: Row) -> dict[str, str]:
    surname, forename = row.get("surname", 100), row.get("forename", 100)
    if row.get("name") and not (surname or forename):
        forename, surname = (part[:100] for part in split_name(row.raw("name")))
    surname = surname or row.get("preferred_surname", 100)
    forename = forename or row.get("preferred_forename", 100)
    for value, field, word in ((surname, "surname", "surname"), (forename, "forename", "forename")):
        if not value:
            shown = field if row.has(field) else "name"
            raise RowRefusedError(
                shown, "missing_name", f"The {word} is missing. Fill it in in the MIS and export again."
            )
    return {"legal_surname": surname, "legal_forename": forename}


def _preferred(student: Student, row: Row, values: dict[str, Any]) -> dict[str, str]:
    """What they go by: as the file says; else what was known, as long as it was not just the legal name."""
    chosen = {}
    for part in ("forename", "surname"):
        legal, before = values[f"legal_{part}"], getattr(student, f"preferred_{part}")
        written = row.get(f"preferred_{part}", 100)
        if written and part == "forename" and written.endswith(f" {values['legal_surname']}"):
            written = written.removesuffix(values["legal_surname"]).strip()
        known = before if not row.has(f"preferred_{part}") and before != getattr(student, f"legal_{part}") else ""
        chosen[f"preferred_{part}"] = written or known or legal
    return chosen


def _keys(student: Student, row: Row, upn: str, number: str) -> dict[str, str]:
    keys = {"upn": upn} if upn else {}
    if number and not (student.admission_number and student.admission_number.lstrip("0") == number):
        keys["admission_number"] = number
    elif number and student.admission_number != number:
        row.inform(
            "admission_number",
            "lost_noughts",
            f"The noughts in front are missing here; the number stays {student.admission_number}.",
        )
    return keys


def _facts(row: Row) -> dict[str, Any]:
    """Values of the columns that are there; one that cannot be read leaves what is known, with a warning."""
    facts: dict[str, Any] = {"sex": read_sex(row.get("sex"))} if row.has("sex") else {}
    readers: dict[str, Any] = {
        "year_group": read_year_group,
        "sen_need": read_sen_need,
        "email": lambda text: read_email(text)[0],
        **{f: (lambda text, f=f: read_boolean(text, TRUE_WORDS[f])) for f in TRUE_WORDS},
    }
    for field, reader in readers.items():
        if row.has(field):
            try:
                facts[field] = reader(row.get(field))
            except BadValue as bad:
                row.warn(field, f"unknown_{field}", f"{bad} The student comes in without it.")
    if row.has("language") and not row.has("eal"):
        facts["eal"] = squeezed(row.get("language").split(" - ")[0]) not in ENGLISH
    return facts | _statuses(row)


def _statuses(row: Row) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if row.has("sen_status"):
        try:
            facts["sen_status"], old = read_sen_status(row.get("sen_status"))
            if old:
                row.warn(
                    "sen_status",
                    "old_sen_status",
                    f"This code ended with the 2015 reform. It is kept as {facts['sen_status'].label}.",
                )
        except BadValue as bad:
            row.warn("sen_status", "unknown_sen_status", f"{bad} The student comes in without it.")
    if row.has("enrolment_status"):
        word = row.get("enrolment_status").lower()
        code = word.split(" ")[0].rstrip("-–:").upper()
        found = code if len(code) == 1 else next((c for w, c in STATUS_WORDS.items() if w in word), "")
        facts["enrolment_status"] = found
    if not row.has("year_group") and (digits := _leading_digits(row.get("form"))):
        facts["year_group"] = digits
    return facts


def _leading_digits(form: str) -> int | None:
    digits = form[:2] if form[:2].isdecimal() else form[:1]
    return int(digits) if digits.isdecimal() and 7 <= int(digits) <= 14 else None


def _change(book: Book, student: Student, values: dict[str, Any]) -> None:
    house = values.pop("house", None)
    if house is not None:
        values["house_id"] = house.pk
    book.students.change(student, **values)


def _tell(row: Row, student: Student, upn: str) -> None:
    """What is worth knowing about a row that comes in."""
    if upn and upn[0] != check_letter(upn):
        row.warn(
            "upn",
            "bad_check_letter",
            f"The first letter does not fit the digits; it should be {check_letter(upn)}. The student comes in. "
            "Check the UPN in the MIS.",
        )
    for field in ("surname", "forename", "preferred_forename", "preferred_surname", "name"):
        if row.has(field) and row.raw(field) != row.get(field):
            row.inform(field, "padded_name", "There are spaces around or inside the name; they are taken away.")
    born = student.date_of_birth
    if born and not dt.timedelta(days=3 * 365) < dt.date.today() - born < dt.timedelta(days=25 * 366):
        row.warn(
            "date_of_birth",
            "unlikely_date",
            "By this date of birth the student is not of school age. Check it in the MIS.",
        )
    if student.joined_on and student.left_on and student.left_on < student.joined_on:
        row.warn("left_on", "unlikely_date", "The leaving date is before the date of admission. Check both in the MIS.")
