"""Grades: one row a student, subject and data drop."""

import re
from uuid import UUID

from exchange.book import Book
from exchange.findings import Severity
from exchange.headers import STUDENT, Kind, words
from exchange.linking import Linker
from exchange.tables import Row, RowRefusedError, Table
from exchange.values import shortened
from tutoring.progress.models import DataDrop, Subject

KIND = Kind(
    name="assessment",
    label="Assessment",
    columns={
        **{f: tuple(s for s in spellings if s not in {"class", "group"}) for f, spellings in STUDENT.items()},
        "subject": words("subject subjectname course coursename qualification subjecttitle subjectarea"),
        "teacher": words(
            "teacher teachercode staffcode staff teachername teacherinitials subjectteacher staffname classteacher"
        ),
        "target": words(
            "target targetgrade tg mtg minimumtarget minimumtargetgrade endofyeartarget eoytarget"
            " aspirationaltarget targetlevel yearendtarget ks4target"
        ),
        "working_at": words(
            "workingat workingatgrade wag wa currentgrade current grade result attainment level currentlevel"
            " currentattainment teacherassessment currentworkinggrade workinggrade workingatlevel mark"
        ),
        "effort": words(
            "effort effortgrade attitude attitudetolearning atl effortmark engagement approachtolearning"
            " behaviourforlearning"
        ),
        "drop": words(
            "datadrop assessmentpoint datacollection collection assessmentperiod resultset reportingperiod"
            " assessmentname assessmentcycle reportcycle cycle snapshot markbook assessment drop period term"
        ),
        "year": words("academicyear year schoolyear"),
        "comment": words("comment comments whatwillhelpmost nextsteps teachercomment targetcomment"),
    },
    needs=(
        frozenset({"subject"}),
        frozenset({"target", "working_at", "effort"}),
        frozenset({"upn", "admission_number", "mis_id", "surname", "name"}),
    ),
    weights={"subject": 6, "working_at": 4, "target": 4, "effort": 3, "drop": 3},
    hints=("assess", "grade", "progress", "result", "mark", "data"),
)
_COLUMNS = {
    "teacher_id": "teacher",
    "teacher_code": "teacher",
    **{name: name for name in ("target", "working_at", "effort", "comment")},
}
_TERMS = (
    ("spr", 1),
    ("lent", 1),
    ("easter", 1),
    ("sum", 2),
    ("trinity", 2),
    ("aut", 3),
    ("michaelmas", 3),
    ("christmas", 3),
)
_ACADEMIC_YEAR = re.compile(r"(20\d\d)\s*[/\\–-]\s*(?:20)?(\d\d)\b")


def drop_position(name: str) -> int:
    """Order in time of a drop by its name: calendar year × 10 + 1 spring, 2 summer, 3 autumn; 0 without a year."""
    word = name.lower()
    term = next((number for stem, number in _TERMS if stem in word), 0)
    if span := _ACADEMIC_YEAR.search(word):
        # 2026/27: autumn stands in the first year, spring and summer in the second.
        return (int(span[1]) + (0 if term == 3 else 1)) * 10 + term
    year = re.search(r"20\d\d", word)
    return int(year[0]) * 10 + term if year else 0


def read_assessment(table: Table, book: Book) -> None:
    """Stage every grade of a known student."""
    stage, number = book.stages["assessments"], book.number_of(table)
    stage.given[number] = tuple(column for column, field in _COLUMNS.items() if field in table.columns)
    linker, names = Linker(table, book.roster), _Names(table, book)
    for row in table.rows():
        student_id = linker.student_id(row.line, row.cells)
        if student_id is None:
            continue
        try:
            values = _grade(row, book)
            stage.add((number, row.line, student_id, names.subject(row), names.drop(row), *values))
        except RowRefusedError as refused:
            row.refuse(refused)
    linker.tell_strangers()


def _grade(row: Row, book: Book) -> tuple[object, ...]:
    code = row.get("teacher", 60)
    teacher = book.staff_called(code)
    plain = {
        f: row.get(f, limit) if row.has(f) else None
        for f, limit in (("target", 20), ("working_at", 20), ("effort", 40))
    }
    comment = shortened(row.get("comment"), 500) if row.has("comment") else None
    return (teacher.pk if teacher else None, code if row.has("teacher") else None, *plain.values(), comment)


class _Names:
    """Subjects and data drops by name, made where they are new; names that differ only in case are the same."""

    def __init__(self, table: Table, book: Book) -> None:
        self.table, self.book = table, book
        self.subjects = {s.name.casefold(): s.pk for s in book.subjects.rows.values()}
        self.drops = {d.name.casefold(): d.pk for d in book.drops.rows.values()}
        self._nameless = ""

    def subject(self, row: Row) -> UUID:
        name = row.get("subject", 100)
        if not name:
            raise RowRefusedError("subject", "missing_subject", "The subject is missing. Fill it in and export again.")
        if name.casefold() not in self.subjects:
            self.subjects[name.casefold()] = self.book.subjects.add(Subject(school=self.book.school, name=name)).pk
        return self.subjects[name.casefold()]

    def drop(self, row: Row) -> UUID:
        name = row.get("drop", 60) or self._this_term(row)
        if (year := row.get("year")) and re.search(r"20\d\d", year) and not re.search(r"20\d\d", name):
            name = f"{year} {name}"[:60]
        if name.casefold() not in self.drops:
            new = DataDrop(
                school=self.book.school, name=name, position=drop_position(name), collected_on=self.book.today
            )
            self.drops[name.casefold()] = self.book.drops.add(new).pk
        return self.drops[name.casefold()]

    def _this_term(self, row: Row) -> str:
        if not self._nameless:
            today = self.book.today
            term = "Autumn" if today.month >= 9 else "Spring" if today.month < 4 else "Summer"
            self._nameless = f"{today.year} {term}"
            row.table.say(
                row.line,
                "drop",
                "",
                Severity.WARNING,
                "missing_data_drop",
                f"Nothing says which data drop these grades belong to. They are filed under {self._nameless}.",
            )
        return self._nameless
