"""One import from beginning to end: read everything, compare, then write everything or nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from accounts.lines import record_named
from accounts.models import School, User
from audit.services import record
from core.patience import take_your_time
from exchange.book import Book
from exchange.findings import Report, Severity
from exchange.folders import files_in
from exchange.kinds.assessment import read_assessment
from exchange.kinds.attendance import read_attendance
from exchange.kinds.behaviour import read_behaviour
from exchange.kinds.caseload import read_caseload, wait_for_colleagues
from exchange.kinds.contacts import read_contacts
from exchange.kinds.groups import place_students
from exchange.kinds.staff import StaffReader
from exchange.kinds.students import StudentsReader
from exchange.kinds.weekly import read_weekly
from exchange.ledger import Ledger
from exchange.recognising import open_tables
from exchange.selectors import years_with_terms
from exchange.tables import Table
from students.calendar import academic_year_of
from students.enums import EthnicCode, EthnicSource
from students.services import propose_terms
from tutoring.groups.singly import record_ended, record_given

Progress = Callable[[int, int, str], None]
_READERS = {
    "contacts": read_contacts,
    "single students": read_caseload,
    "attendance": read_attendance,
    "weekly attendance": read_weekly,
    "assessment": read_assessment,
    "behaviour": read_behaviour,
}
_REPEATS_LISTED = 50
_EXAMPLES = 20
_ETHNICITY_SHOWN: dict[str, tuple[str, dict[str, str]]] = {
    "code": ("ethnicity", {value: str(label) for value, label in EthnicCode.choices}),
    "source": ("source of ethnicity", {value: str(label) for value, label in EthnicSource.choices}),
}


@dataclass(frozen=True)
class Wish:
    """What is asked for: look only, or apply; and whether one refused row stops all."""

    dry_run: bool = True
    all_or_nothing: bool = False


def import_folder(
    *,
    folder: Path,
    school: School,
    wish: Wish,
    by: User | None,
    on_progress: Progress = lambda done, total, step: None,
    on_written: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Read every file of the folder, compare with the database and, unless only looking, write in one transaction.

    `on_written` is called inside that transaction: what it raises takes everything back.
    """
    began = time.monotonic()
    report = Report(school=school.name, dry_run=wish.dry_run)
    book = _open_book(folder, school, report, by, on_progress)
    _read(book, on_progress)
    on_progress(0, 0, "Comparing")
    with transaction.atomic():
        take_your_time()
        _compare(book)
    stopped = wish.all_or_nothing and report.counted[Severity.ERROR] > 0
    if stopped:
        report.stopped = "Nothing was imported, because not every row is good."
    elif not wish.dry_run and report.understood:
        on_progress(0, 0, "Saving")
        with transaction.atomic():
            take_your_time()
            _write(book, by)
            report.applied, report.seconds = True, time.monotonic() - began
            on_written(report)
    report.seconds = time.monotonic() - began
    return report


def _open_book(folder: Path, school: School, report: Report, by: User | None, on_progress: Progress) -> Book:
    on_progress(0, 0, "Looking at the files")
    paths, others = files_in(folder)
    book = Book(school, report, by)
    book.tables = open_tables(paths, folder, report)
    for path in others:
        report.add(path.name, 0, "", "", Severity.INFO, "not_csv", "This is not a CSV or text file; it was not read.")
    for table in book.tables:
        table.survey(lambda day: day.weekday() < 5 and day <= book.today)
    return book


def _read(book: Book, on_progress: Progress) -> None:
    """Every file in turn: staff, students, and then what hangs on them."""
    total, done = sum(t.file.rows for t in book.tables), 0
    staff, students = StaffReader(book), StudentsReader(book)
    for table in book.tables:

        def on_row(rows: int, table: Table = table) -> None:
            nonlocal done
            done += rows
            on_progress(done, total, f"Reading {table.name}")

        table.on_row = on_row
        on_row(0)
        if table.kind.name == "staff":
            staff.read(table)
        elif table.kind.name == "students":
            students.read(table)
        else:
            _settle_people(book, staff, students)
            _READERS[table.kind.name](table, book)
    _settle_people(book, staff, students)
    staff.count()
    students.count()


def _settle_people(book: Book, staff: StaffReader, students: StudentsReader) -> None:
    """Once all staff and students are read: groups, and tutors who moved. A second call finds nothing left to do."""
    if students.forms or staff.named:
        place_students(book, students.forms, staff.named)
        staff.settle()
        students.forms, staff.named = [], set()
    staff.lines.settle()
    for stage in book.stages.values():
        stage.shelve(book.students.rows)


def _compare(book: Book) -> None:
    """What writing would do, counted and shown, without writing."""
    report = book.report
    for stage in book.stages.values():
        found = stage.compare(_REPEATS_LISTED, _EXAMPLES)
        for number, table in enumerate(book.tables):
            table.file.made += found.made[number]
            table.file.changed += found.changed[number]
            table.file.left += found.left[number] + found.repeated[number]
            table.file.refused += found.contradicting[number]
        for number, line, first, first_line in found.contradictions:
            _tell_contradiction(book, number, line, first, first_line)
    _show_changes(book)
    for name, ledger in _small_tables(book).items():
        report.also[name] = ledger.counts()
    missing = _years_seen(book) - years_with_terms(book.school)
    report.also["terms"] = {"made": 3 * len(missing), "changed": 0}
    if missing and report.understood:
        years = ", ".join(f"{y}/{(y + 1) % 100:02d}" for y in sorted(missing))
        report.add(
            "",
            0,
            "",
            "",
            Severity.INFO,
            "proposed_terms",
            f"Check the term dates: usual ones are proposed for {years}, as the school has none for it.",
        )


def _tell_contradiction(book: Book, number: int, line: int, first: int, first_line: int) -> None:
    table = book.tables[number]
    where = f"line {first_line}" if first == number else f"{book.tables[first].name}, line {first_line},"
    table.say(
        line,
        "",
        "",
        Severity.ERROR,
        "repeated_row",
        f"This says something else than {where} about the same thing. That row stands and this one is not imported.",
    )


def _show_changes(book: Book) -> None:
    """The first changes, before → after."""
    report = book.report
    for pk, old in book.students.before.items():
        student = book.students.rows[pk]
        for name, before in old.items():
            if getattr(student, name) != before:
                field = student._meta.get_field(name.removesuffix("_id")).verbose_name  # type: ignore[union-attr]
                report.add_example(
                    "", student.name, str(field), _shown(book, before), _shown(book, getattr(student, name))
                )
    _show_ethnicities(book)
    for stage in book.stages.values():
        for file, student_id, column, before, after in stage.differences():
            name = book.students.rows[student_id].name
            report.add_example(
                book.tables[file].name, name, column.removesuffix("_id").replace("_", " "), before, after
            )


def _show_ethnicities(book: Book) -> None:
    """In words, for the data manager who brings them in; a run is read by nobody else."""
    for row in book.ethnicities.changed.values():
        name = book.students.rows[row.student_id].name
        for field, before in book.ethnicities.before[row.pk].items():
            title, labels = _ETHNICITY_SHOWN[field]
            if before != (after := getattr(row, field)):
                book.report.add_example("", name, title, labels.get(before, ""), labels.get(after, ""))


def _shown(book: Book, value: object) -> str:
    house = book.houses.rows.get(value)  # type: ignore[call-overload]
    return house.name if house else "" if value is None else str(value)


def _small_tables(book: Book) -> dict[str, Ledger]:  # type: ignore[type-arg]
    """In the order in which they are written: what is pointed at comes first."""
    return {
        "houses": book.houses,
        "staff": book.staff,
        "roles": book.memberships,
        "line managers": book.lines,
        "tutor groups": book.groups,
        "students": book.students,
        "ethnicities": book.ethnicities,
        "places in groups": book.placements,
        "tutors of groups": book.assignments,
        "single students": book.caseload,
        "subjects": book.subjects,
        "data drops": book.drops,
    }


def _years_seen(book: Book) -> set[int]:
    return {academic_year_of(day) for day in book.dates_seen} or {academic_year_of(book.today)}


def _write(book: Book, by: User | None) -> None:
    """Small tables from the ground up, then the large ones, then the record."""
    if book.school._state.adding:
        book.school.save()
    wait_for_colleagues(book)
    for ledger in _small_tables(book).values():
        ledger.write()
    for stage in book.stages.values():
        stage.write()
    for line in book.lines.made.values():
        record_named(line, by=by)
    for entry in book.caseload.made.values():
        record_given(entry, by=by)
    for entry in book.caseload.changed.values():
        record_ended(entry, by=by)
    propose_terms(school=book.school, years=_years_seen(book), by=by)
    totals = book.report.as_json()["totals"]
    record("import.applied", by=by, obj=book.school, **{k: totals[k] for k in ("made", "changed", "left", "refused")})
