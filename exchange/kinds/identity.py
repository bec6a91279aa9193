"""Which student already on file a row of the students' file is: found, new, or refused where identities contradict."""

from typing import Any

from exchange.book import Book
from exchange.roster import name_key
from exchange.tables import Row, RowRefusedError
from students.models import Student


def match_student(book: Book, row: Row, upn: str, number: str, values: dict[str, Any]) -> Student | None:
    """By UPN, then by admission number, then by name with date of birth; never a silent merge of two identities."""
    roster, students = book.roster, book.students.rows
    by_upn = roster.by_upn.get(upn) if upn else None
    by_number = roster.find_number(number) if number else None
    if by_upn and by_number and by_upn != by_number:
        raise _conflict(
            row, f"The UPN belongs to {students[by_upn].name} and the admission number to {students[by_number].name}."
        )
    if by_upn:
        return _same_person(row, students[by_upn], values)
    if by_number:
        return _with_new_upn(row, students[by_number], upn, values)
    names = name_key(values["legal_forename"], values["legal_surname"])
    by_birth = roster.by_birth.get((names, values.get("date_of_birth")))  # type: ignore[arg-type]
    found = students[by_birth] if by_birth else None
    # Somebody with another UPN or number of their own is somebody else, twins and namesakes included.
    if found and not (upn and found.upn) and not (number and found.admission_number):
        return found
    if not (upn or number or values.get("date_of_birth")):
        raise RowRefusedError(
            "name",
            "no_identity",
            "Without a UPN, an admission number or a date of birth the student cannot be told from others. "
            "Export one of them.",
        )
    return None


def _same_person(row: Row, student: Student, values: dict[str, Any]) -> Student:
    """The UPN agrees: the date of birth or the whole name must agree too; one that is not known contradicts nothing."""
    if _same_birth(student, values) or _same_name(student, values):
        return student
    if _birth_unknown(student, values) and _shares_name(student, values):
        return student
    raise _conflict(row, f"On file this UPN belongs to {student.name}, with another name and date of birth.")


def _with_new_upn(row: Row, student: Student, upn: str, values: dict[str, Any]) -> Student:
    """Only the admission number agrees, which others may have too: a name and the birthday must agree as well."""
    certain = _same_birth(student, values) and _shares_name(student, values)
    if upn and student.upn:
        if certain:
            row.warn("upn", "changed_upn", f"The UPN of {student.name} was {student.upn}; the new one is kept.")
            return student
    elif certain or (_birth_unknown(student, values) and _shares_name(student, values)):
        return student
    raise _conflict(row, f"On file this admission number belongs to {student.name}, who is not the same person.")


def _same_birth(student: Student, values: dict[str, Any]) -> bool:
    return bool(student.date_of_birth) and values.get("date_of_birth") == student.date_of_birth


def _birth_unknown(student: Student, values: dict[str, Any]) -> bool:
    return not (student.date_of_birth and values.get("date_of_birth"))


def _same_name(student: Student, values: dict[str, Any]) -> bool:
    return name_key(student.legal_forename, student.legal_surname) == name_key(
        values["legal_forename"], values["legal_surname"]
    )


def _shares_name(student: Student, values: dict[str, Any]) -> bool:
    mine = set(name_key(student.legal_forename, student.legal_surname).split())
    return bool(mine & set(name_key(values["legal_forename"], values["legal_surname"]).split()))


def _conflict(row: Row, why: str) -> RowRefusedError:
    field = "upn" if row.has("upn") else "admission_number"
    return RowRefusedError(field, "conflicting_identity", f"{why} The row is not imported; correct it in the MIS.")
