"""The golden sample: a slice of a SIMS-shaped export with every fault that is known in it."""

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, School, User
from audit.models import Event
from exchange.findings import Report
from students.models import Contact, Student, Term
from tests.exchange.conftest import NORTHGATE, Import
from tests.factories import SchoolFactory, StudentFactory, TermFactory
from tutoring.attendance.models import Mark, WeekCount
from tutoring.groups.models import GroupMembership, TutorAssignment, TutorGroup
from tutoring.progress.models import Assessment, BehaviourEvent, DataDrop

pytestmark = pytest.mark.django_db
FAULTS = {
    (8, "unknown_group"),
    (9, "missing_name"),
    (10, "bad_date"),
    (11, "bad_check_letter"),
    (12, "bad_upn_format"),
    (13, "unknown_group"),
    (14, "padded_name"),
    (15, "bad_date"),
    (16, "duplicate_upn"),
}


def found_in(report: Report, file: str) -> set[tuple[int, str]]:
    return {(f.line, f.code) for f in report.findings if f.file == file}


def counts(report: Report) -> dict[str, tuple[int, int, int, int]]:
    return {f.kind: (f.made, f.changed, f.left, f.refused) for f in report.files}


def test_every_known_fault_is_found_on_its_line(run: Import) -> None:
    report = run()
    assert found_in(report, "students.csv") >= FAULTS
    # The row that keeps the shared UPN is pointed at as well; nothing else is said.
    assert found_in(report, "students.csv") - FAULTS == {(17, "shared_upn")}


def test_only_the_rows_with_errors_are_refused(run: Import) -> None:
    report = run()
    assert counts(report)["students"] == (11, 0, 0, 5)
    refused = {f.line for f in report.findings if f.file == "students.csv" and f.severity == "error"}
    assert refused == {9, 10, 12, 15, 16}
    assert Student.objects.count() == 11


def test_a_finding_says_file_line_column_value_and_what_to_do(run: Import) -> None:
    bad_date = next(f for f in run().findings if f.line == 10 and f.file == "students.csv")
    assert (bad_date.column, bad_date.value) == ("Date of Birth", "31/02/2012")
    assert bad_date.message == "This date does not exist. Correct it in the MIS and export again."


def test_a_wrong_check_letter_comes_in_and_is_named_to_the_marks_that_miss_it(run: Import) -> None:
    report = run()
    assert Student.objects.filter(upn="K201400418274").exists()
    stranger = next(f for f in report.findings if f.code == "unknown_student" and f.value == "J201400418274")
    assert "K201400418274 differs only in the check letter" in stranger.message


def test_the_family_name_tells_whose_a_shared_upn_is(run: Import) -> None:
    run()
    assert Student.objects.get(upn="B201401014610").legal_surname == "Chowdhury"


def test_names_keep_their_letters_and_lose_their_padding(run: Import) -> None:
    run()
    assert Student.objects.filter(legal_surname="Khan", upn="V330400414544").exists()
    assert User.objects.get(staff_code="O’C39").email == "o'c39@northgate.example"


def test_the_school_stands_afterwards(run: Import) -> None:
    run()
    harry = Student.objects.get(upn="W925400319003")
    assert harry.year_group == 7
    assert harry.house is not None
    assert harry.house.name == "Becket"
    assert GroupMembership.objects.get(student=harry).group.name == "7BEC"
    tutor = TutorAssignment.objects.get(group__name="7BEC").membership
    assert (tutor.user.email, tutor.role) == ("sid00@northgate.example", Role.TUTOR)
    assert not tutor.user.has_usable_password()
    assert Membership.objects.get(user__staff_code="SMI36").role == Role.SENIOR_LEADER
    assert Membership.objects.get(user__staff_code="SMI24").house == harry.house
    drop = DataDrop.objects.get(name="2026 Autumn")
    assert (drop.position, drop.collected_on) == (20263, timezone.localdate())


def test_marks_come_with_their_week_counts(run: Import) -> None:
    run()
    noah = Student.objects.get(upn="Y201400120001")
    assert list(Mark.objects.filter(student=noah).values_list("code", flat=True)[:6]) == [
        "/",
        "\\",
        "/",
        "\\",
        "I",
        "M",
    ]
    week = WeekCount.objects.get(student=noah, week=dt.date(2026, 8, 31))
    assert (week.possible, week.attended) == (4, 4)


def everything() -> list[Any]:
    models = (
        Student,
        Contact,
        Mark,
        WeekCount,
        Assessment,
        BehaviourEvent,
        User,
        Membership,
        TutorGroup,
        GroupMembership,
        TutorAssignment,
        Term,
        DataDrop,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_running_it_twice_changes_nothing(run: Import) -> None:
    first, before = run(), everything()
    second = run()
    assert everything() == before
    for kind, (made, changed, left, refused) in counts(first).items():
        assert counts(second)[kind] == (0, 0, made + changed + left, refused)
    assert not second.examples


def test_a_preview_says_the_same_and_writes_nothing(run: Import) -> None:
    preview = run(dry_run=True)
    assert not School.objects.exists()
    assert not User.objects.exists()
    assert not preview.applied
    applied = run()
    assert counts(preview) == counts(applied)
    assert preview.findings == applied.findings


def test_all_or_nothing_stops_at_a_refused_row(run: Import) -> None:
    report = run(all_or_nothing=True)
    assert report.stopped
    assert not report.applied
    assert not Student.objects.exists()


def test_a_correction_counts_as_changed_and_shows_before_and_after(run: Import, tmp_path: Path) -> None:
    run()
    folder = tmp_path / "export"
    shutil.copytree(NORTHGATE, folder)
    for name, old, new in (
        ("attendance.csv", "Y201400120001,07/09/2026,AM,I,,", "Y201400120001,07/09/2026,AM,L,7,Bus"),
        ("students.csv", "M,7,7CUR,Curie,C,N - No SEN,No,No,Yes", "M,7,7BEC,Becket,C,K,No,No,Yes"),
    ):
        text = (folder / name).read_text("utf-8-sig")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8-sig")
    report = run(folder)
    assert counts(report)["attendance"][1] == 1
    assert counts(report)["students"][1] == 1
    shown = {(e["who"], e["field"], e["before"], e["after"]) for e in report.examples}
    assert ("Noah Singh", "SEN status", "N", "K") in shown
    assert ("Noah Singh", "code", "I", "L") in shown
    assert ("Noah Singh", "house", "Curie", "Becket") in shown
    noah = Student.objects.get(upn="Y201400120001")
    assert GroupMembership.objects.get(student=noah, ends_on__isnull=True).group.name == "7BEC"
    assert WeekCount.objects.get(student=noah, week=dt.date(2026, 9, 7)).late == 1


def test_a_student_who_left_the_file_is_left_alone(run: Import) -> None:
    gone = StudentFactory.create(school=SchoolFactory.create(), legal_surname="Gone", upn="R201100018042")
    report = run()
    assert Student.objects.filter(pk=gone.pk, left_on=None).exists()
    assert any(f.code == "not_in_file" and f.severity == "info" and "1 on roll" in f.message for f in report.findings)


def test_terms_of_the_school_are_never_overwritten(run: Import) -> None:
    term = TermFactory.create(school=SchoolFactory.create(), starts_on=dt.date(2026, 9, 7))
    report = run()
    assert list(Term.objects.all()) == [term]
    assert not any(f.code == "proposed_terms" for f in report.findings)


def test_usual_terms_are_proposed_where_there_are_none(run: Import) -> None:
    report = run()
    assert [(t.name, t.starts_on, t.ends_on) for t in Term.objects.all()] == [
        ("AUT", dt.date(2026, 9, 1), dt.date(2026, 12, 18)),
        ("SPR", dt.date(2027, 1, 4), dt.date(2027, 3, 25)),
        ("SUM", dt.date(2027, 4, 12), dt.date(2027, 7, 22)),
    ]
    assert any("Check the term dates" in f.message for f in report.findings)


def test_an_import_is_on_the_record(run: Import) -> None:
    run()
    event = Event.objects.get(action="import.applied")
    assert event.detail["made"] > 100


def test_the_command_prints_one_json_document_and_nothing_else(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_school", str(NORTHGATE), "--json", "--school", "Northgate School")
    printed = json.loads(capsys.readouterr().out)
    assert {"school", "dry_run", "applied", "seconds", "files", "findings", "totals"} <= printed.keys()
    assert printed["applied"] is True
    assert {
        "name",
        "kind",
        "rows",
        "made",
        "changed",
        "left",
        "refused",
        "encoding",
        "delimiter",
        "date_order",
    } <= printed["files"][0].keys()
    assert {"file", "line", "column", "value", "severity", "code", "message"} == printed["findings"][0].keys()
    assert School.objects.get().name == "Northgate School"


def test_the_command_tells_a_person_in_words(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_school", str(NORTHGATE), "--dry-run")
    printed = capsys.readouterr().out
    assert "a preview; nothing was written" in printed
    assert "students.csv, line 10: Date of Birth “31/02/2012”. This date does not exist." in printed


def test_the_command_ends_with_one_where_all_or_nothing_stopped(db: None) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("import_school", str(NORTHGATE), "--all-or-nothing", "--json")
    assert stopped.value.code == 1
