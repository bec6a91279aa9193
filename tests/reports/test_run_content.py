"""What a report says, and what must never stand in one."""

import dataclasses
import datetime as dt
import io

import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader

from core.ids import UUID
from reports.runs import making
from reports.runs.content import StudentReport, reports_of
from reports.runs.records import frame_of
from students.enums import SenStatus, TermName
from students.models import Student, Term
from tests.factories import (
    AssessmentFactory,
    DataDropFactory,
    NextStepFactory,
    StudentFactory,
    SubjectFactory,
    TermFactory,
    TutorGroupFactory,
    TutorSessionFactory,
    student_in,
)
from tests.reports.scenes import COMMENT, MADE_ON, WORDS, jamal, mark_weeks
from tutoring.groups.selectors import students_with_group
from tutoring.sessions.enums import Confidentiality, Kind

pytestmark = pytest.mark.django_db


def _reports(term: Term | None = None, made_on: dt.date = MADE_ON) -> dict[UUID, StudentReport]:
    students = list(students_with_group(Student.objects.all()))
    return reports_of(students, frame_of(term or TermFactory.create(), made_on))


def _report(student: Student, **options: Term) -> StudentReport:
    return _reports(**options)[student.pk]


def _text(report: StudentReport) -> str:
    reader = PdfReader(io.BytesIO(making.draw(report)))
    return "\n".join(page.extract_text() for page in reader.pages)


def test_jamals_report_says_what_is_recorded() -> None:
    student = jamal()
    report = _report(student)
    assert report.facts == ["Year 11", "Tutor group 11BEC", "Becket House", "Tutor: Priya Shah"]
    assert (report.title, report.place) == ("Autumn term progress report", "Northgate School · 4 December 2026")
    assert report.comment == COMMENT
    assert [dataclasses.astuple(n) for n in report.numbers] == [
        ("82.0%", "Attendance this year", "school 82.0%"),
        ("7", "Late marks this year", "2 since half term"),
        ("12 / 1", "Rewards / sanctions", "this term"),
        ("1", "1:1 meetings", "this term"),
    ]
    assert report.attendance_record == (
        "Attendance record: 100 possible sessions this school year; absent without authorisation from 7 of them (7.0%)."
    )
    lines = [(s.subject, s.target, s.now, s.change.text if s.change else None, s.effort) for s in report.subjects]
    assert lines == [
        ("English", "6", "6", "same", "Good"),
        ("History", "6", "5", "same", "Fair"),
        ("Mathematics", "6", "5", "▼ down one", "Good"),
        ("Physics", "6", "6", "▲ up one", "Excellent"),
    ]
    assert [dataclasses.astuple(line) for line in report.agreed] == [
        ("On time to registration every day", "Jamal", "18 Dec", "8 of the last 10 days"),
        ("Mrs Okafor rings by 8.30 on a bad morning", "Home", "", "Agreed 9 Oct"),
    ]
    assert report.words == WORDS
    assert "7 Sep 10 of 10" in report.chart
    assert "26 Oct" not in report.chart


def test_the_printed_page_holds_it_all_on_one_sheet() -> None:
    report = _report(jamal())
    made = PdfReader(io.BytesIO(making.draw(report)))
    text = " ".join(page.extract_text() for page in made.pages)
    assert len(made.pages) == 1
    for words in ("Jamal Okafor", "82.0%", "▼ down one", "Page 1 of 1", "In Jamal’s words", "school average 82.0%"):
        assert words in text
    assert made.metadata is not None
    assert made.metadata.title == "Autumn term progress report: Jamal Okafor"


def test_what_was_said_in_confidence_stays_at_school() -> None:
    student = jamal()
    for number, fields in enumerate(
        (
            {"for_report": False},
            {"for_report": True, "confidentiality": Confidentiality.NAMED},
            {"for_report": True, "held_on": dt.date(2026, 7, 1)},
        )
    ):
        talk = TutorSessionFactory.create(
            student=student,
            happened="SECRET happened",
            student_words=f"SECRET words {number}",
            **{"held_on": MADE_ON} | fields,
        )
        NextStepFactory.create(session=talk, text=f"SECRET step {number}")
    TutorSessionFactory.create(student=student, kind=Kind.CALL_HOME)
    report = _report(student)
    assert "SECRET" not in repr(report)
    assert (report.words, len(report.agreed)) == (WORDS, 2)
    # A meeting known only to people named in it is not even counted; a call home is no meeting.
    assert report.numbers[-1].value == "2"


def test_no_flag_no_upn_and_no_other_student_is_printed() -> None:
    student = jamal(
        upn="A823200009001", pupil_premium=True, looked_after=True, eal=True, sen_status=SenStatus.EHCP,
        legal_forename="Jamal", preferred_forename="Jay",
    )  # fmt: skip
    other = StudentFactory.create(legal_forename="Zebedee")
    TutorSessionFactory.create(student=other, student_words="Zebedee's own words", for_report=True)
    text = _text(_report(student))
    for word in ("A823200009001", "remium", "SEN", "EAL", "EHC", "looked", "Zebedee", student.admission_number):
        assert word not in text
    assert "Jay Okafor" in text


def test_nothing_recorded_prints_no_empty_heading() -> None:
    student = student_in(TutorGroupFactory.create())
    report = _report(student)
    assert (report.chart, report.subjects, report.agreed, report.words, report.comment) == ("", [], [], "", "")
    text = _text(report)
    for heading in ("Attendance", "Progress by", "agreed", "words", "None", "%"):
        assert heading not in text.replace("progress report", "")
    assert "please ask for Jamal's tutor" in text.replace("’", "'")


def test_a_year_without_possible_sessions_has_no_figure() -> None:
    student = StudentFactory.create()
    mark_weeks(student, ["X" * 10])
    report = _report(student)
    assert [n.label for n in report.numbers] == ["1:1 meetings"]
    assert report.attendance_record == ""


def test_the_statutory_record_is_left_out_above_compulsory_age() -> None:
    student = StudentFactory.create(year_group=13)
    mark_weeks(student, ["/" * 10])
    report = _report(student)
    assert report.attendance_record == ""
    assert report.numbers[0].value == "100.0%"


def test_before_half_term_nothing_is_said_of_after() -> None:
    jamal()
    report = next(iter(_reports(made_on=dt.date(2026, 10, 23)).values()))
    assert report.numbers[1].detail == ""


def test_an_older_term_speaks_only_of_itself() -> None:
    student = jamal()
    summer = TermFactory.create(
        year=2025, name=TermName.SUMMER, starts_on=dt.date(2026, 4, 13), ends_on=dt.date(2026, 7, 22),
        break_starts_on=None, break_ends_on=None,
    )  # fmt: skip
    report = _report(student, term=summer)
    assert report.title == "Summer term progress report"
    assert (report.comment, report.words, report.agreed, report.chart) == ("", "", [], "")
    assert {s.now for s in report.subjects} == {"6", "5"}
    assert {s.change for s in report.subjects} == {None}


def test_typed_markup_is_printed_as_it_was_typed() -> None:
    nasty = '<img src="http://x.example/a.png"><b>{{ 7|add:7 }}</b>'
    student = jamal(legal_surname=nasty)
    html = render_to_string("reports/pdf/progress_report.html", {"report": _report(student)})
    assert "<img" not in html
    assert "{{ 7|add:7 }}" in html
    assert nasty[:10] in _text(_report(student))


def test_long_names_and_fourteen_subjects_fit_on_two_pages() -> None:
    student = jamal(legal_forename="Maximiliana-Alexandrina", legal_surname="Featherstonehaugh-Cholmondeley " * 3)
    for n in range(10):
        subject = SubjectFactory.create(name=f"Design, Technology and Engineering {n}")
        AssessmentFactory.create(
            student=student, subject=subject, data_drop=DataDropFactory.create(), comment="Practise. " * 20
        )
    made = PdfReader(io.BytesIO(making.draw(_report(student))))
    assert len(made.pages) == 2
    assert "Engineering 9" in " ".join(page.extract_text() for page in made.pages)


def test_the_number_of_queries_does_not_grow_with_students(django_assert_num_queries: object) -> None:
    jamal()
    term, group = TermFactory.create(), TutorGroupFactory.create()
    frame = frame_of(term, MADE_ON)
    for wanted in (1, 12):
        while Student.objects.count() < wanted:
            mark_weeks(student_in(group), ["/" * 10])
        students = list(students_with_group(Student.objects.all()))
        with django_assert_num_queries(9):  # type: ignore[operator]
            assert len(reports_of(students, frame)) == wanted


def test_the_chart_leaves_out_a_week_that_is_not_over() -> None:
    """Of one register on a Monday an absence would be a bar of 0%; a Friday's report has its whole week."""
    student = StudentFactory.create()
    mark_weeks(student, ["/p" * 5, "OO"])
    wednesday = _reports(made_on=dt.date(2026, 9, 16))[student.pk].chart
    assert "7 Sep 10 of 10" in wednesday
    assert "14 Sep" not in wednesday
    assert "14 Sep 0 of 2" in _reports(made_on=dt.date(2026, 9, 18))[student.pk].chart
