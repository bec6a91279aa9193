"""Other schools' exports: Arbor and Bromcom shapes, odd delimiters and encodings, grids of weeks, missing columns."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import Membership, School, User
from core.acting import Actor, acting_as
from exchange.findings import Report
from exchange.importing import Wish, import_folder
from students.models import Contact, Student
from tests.exchange.conftest import Import
from tests.factories import SchoolFactory, StudentFactory, person
from tutoring.attendance.models import Mark, WeekCount
from tutoring.groups.models import TutorAssignment, TutorGroup
from tutoring.groups.roles import end_role, give_role
from tutoring.progress.models import Assessment, BehaviourEvent

pytestmark = pytest.mark.django_db
# ruff: noqa: E501 (the rows of a file are easier to read whole)
Write = Callable[..., Path]
GRACE, OMAR = "R201100018042", "H801200001001"
ARBOR = f"""Arbor Student ID,UPN,Legal First Name,Legal Last Name,Preferred First Name,Sex,NC Year(s) for today,Registration form,House,Date of Birth,SEN status,Pupil Premium,EAL,In care
A-1001,{GRACE},Grace,O’Connor,,Female,Year 7,7A,Red,2015-03-09,SEN Support,Yes,No,No
A-1002,{OMAR},Omar,Müller-Díaz,Omi,Male,Year 7,7A,Red,2014-11-21,,No,Yes,No
"""
GRID = "UPN;Week commencing;Mon AM;Mon PM;Tue AM;Tue PM;Wed AM;Wed PM;Thu AM;Thu PM;Fri AM;Fri PM\n"


def codes_of(upn: str) -> list[tuple[str, str, str]]:
    marks = Mark.objects.filter(student__upn=upn).order_by("date", "session")
    return [(f"{m.date:%d %b}", m.session, m.code) for m in marks]


def codes(report: Report) -> set[str]:
    return {f.code for f in report.findings}


def test_an_arbor_students_file(run: Import, write: Write) -> None:
    report = run(write("My export 12.csv", ARBOR))
    assert report.files[0].kind == "students"
    grace, omar = Student.objects.get(upn=GRACE), Student.objects.get(upn=OMAR)
    assert (grace.legal_surname, grace.sex, grace.year_group, grace.sen_status, grace.pupil_premium) == (
        "O’Connor",
        "F",
        7,
        "K",
        True,
    )
    assert (omar.preferred_forename, omar.legal_surname, omar.eal, omar.date_of_birth) == (
        "Omi",
        "Müller-Díaz",
        True,
        dt.date(2014, 11, 21),
    )
    assert grace.admission_number == "A-1001"
    assert TutorGroup.objects.get().name == "7A"


def test_a_bromcom_file_in_cp1252_with_semicolons(run: Import, write: Write) -> None:
    text = (
        f"FirstName;LastName;StudentEmail;UPN;YearGroup;Form\r\nSiân;O’Brien;sian@school.example;{GRACE};Y08;8 Blue\r\n"
    )
    report = run(write("pupils.txt", text, "cp1252"))
    assert (report.files[0].encoding, report.files[0].delimiter) == ("cp1252", ";")
    student = Student.objects.get()
    assert (student.legal_forename, student.legal_surname, student.year_group) == ("Siân", "O’Brien", 8)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-16", "\t"), ("utf-8-sig", "|"), ("utf-16-le", ","), ("utf-8", "\t")]
)
def test_other_encodings_and_delimiters(run: Import, write: Write, encoding: str, delimiter: str) -> None:
    run(write("x.csv", ARBOR.replace(",", delimiter), encoding))
    assert Student.objects.get(upn=OMAR).legal_surname == "Müller-Díaz"


def test_titles_above_the_headers_and_lines_inside_cells_keep_the_true_line(run: Import, write: Write) -> None:
    text = (
        'sep=,\n"Student list, autumn"\n\nAdno,Surname,Forename,DOB,Reg,Notes\n'
        '001,Khan,Ali,01/09/2014,7A,"two\nlines"\n\n002,Reed,,02/09/2014,7A,\n'
    )
    report = run(write("list.csv", text))
    assert Student.objects.get().admission_number == "001"
    missing = next(f for f in report.findings if f.code == "missing_name")
    assert (missing.line, missing.column) == (8, "Forename")


def test_a_combined_name_and_american_dates(run: Import, write: Write) -> None:
    report = run(
        write(
            "s.csv", f'Name,UPN,Date of birth,Year\n"Okafor, Grace",{GRACE},9/14/2014,7\nOmar Reed,{OMAR},3/4/2015,7\n'
        )
    )
    assert report.files[0].date_order == "month/day/year"
    assert Student.objects.get(upn=GRACE).legal_surname == "Okafor"
    assert Student.objects.get(upn=OMAR).date_of_birth == dt.date(2015, 3, 4)


def test_dates_that_contradict_the_rest_refuse_their_rows(run: Import, write: Write) -> None:
    text = "Adno,Surname,Forename,DOB\n1,A,B,14/09/2014\n2,C,D,15/09/2014\n3,E,F,09/16/2014\n"
    report = run(write("s.csv", text))
    assert Student.objects.count() == 2
    assert [(f.line, f.code) for f in report.findings if f.severity == "error"] == [(4, "bad_date")]


def test_dates_that_could_be_either_are_read_the_british_way_with_a_warning(run: Import, write: Write) -> None:
    report = run(write("s.csv", "Adno,Surname,Forename,DOB\n1,A,B,03/09/2014\n"))
    assert Student.objects.get().date_of_birth == dt.date(2014, 9, 3)
    assert "ambiguous_dates" in codes(report)


def test_a_weekly_grid(run: Import, write: Write) -> None:
    write("students.csv", ARBOR)
    report = run(
        write(
            "register grid.csv",
            GRID + f"{GRACE};07/09/2026;/;\\;I;I;C2;C2;L;\\;-;\n{OMAR};14/09/2026;/;\\;/;\\;/;\\;/;\\;Y7;Y7\n",
        )
    )
    assert {f.kind for f in report.files} == {"students", "weekly attendance"}
    assert codes_of(GRACE) == [
        ("07 Sep", "AM", "/"),
        ("07 Sep", "PM", "\\"),
        ("08 Sep", "AM", "I"),
        ("08 Sep", "PM", "I"),
        ("09 Sep", "AM", "C2"),
        ("09 Sep", "PM", "C2"),
        ("10 Sep", "AM", "L"),
        ("10 Sep", "PM", "\\"),
    ]
    weekly = next(f for f in report.files if f.kind == "weekly attendance")
    assert (weekly.made, weekly.skipped) == (18, 2)
    week = WeekCount.objects.get(student__upn=OMAR)
    assert (week.possible, week.attended) == (8, 8)


@pytest.mark.parametrize(
    ("headers", "row"),
    [
        ("UPN,Name,07/09/2026 AM,07/09/2026 PM,14/09/2026 AM,14/09/2026 PM", "/,\\,I,I"),
        ("UPN,Name,2026-09-07 AM,2026-09-07 PM,2026-09-14 AM,2026-09-14 PM", "/,\\,I,I"),
        ("UPN,Name,Mon 07/09/2026,Tue 08/09/2026,Mon 14/09/2026", "/\\,--,II"),
    ],
)
def test_columns_headed_by_dates(run: Import, write: Write, headers: str, row: str) -> None:
    write("students.csv", ARBOR)
    run(write("marks.csv", f"{headers}\n{GRACE},Grace O’Connor,{row}\n"))
    assert codes_of(GRACE) == [
        ("07 Sep", "AM", "/"),
        ("07 Sep", "PM", "\\"),
        ("14 Sep", "AM", "I"),
        ("14 Sep", "PM", "I"),
    ]


def test_a_string_of_marks_for_each_week(run: Import, write: Write) -> None:
    write("students.csv", ARBOR)
    report = run(
        write(
            "w.csv",
            "Arbor Student ID,W/C,Marks\nA-1001,Sunday 6 September 2026,/\\C1C1/\\/\\/\\\nA-1002,07/09/2026,/\\/\\\nA-1002,14/09/2026,/\\/\\/\\/\\/\\/\\\n",
        )
    )
    assert codes_of(GRACE)[2:4] == [("08 Sep", "AM", "C1"), ("08 Sep", "PM", "C1")]
    assert len(codes_of(OMAR)) == 4
    assert [(f.line, f.code) for f in report.findings if f.severity == "error"] == [(4, "bad_marks")]


def test_one_row_a_day(run: Import, write: Write) -> None:
    write("students.csv", ARBOR)
    run(write("daily.csv", f"UPN,Date,AM,PM\n{GRACE},07/09/2026,/,\\\n{GRACE},14/09/2026,L,M\n"))
    assert [c for _, _, c in codes_of(GRACE)] == ["/", "\\", "L", "M"]


def test_marks_by_time_of_day_and_by_name_with_form(run: Import, write: Write) -> None:
    write("students.csv", ARBOR)
    text = 'Student,Registration form,Date,Mark\n"O\'Connor, Grace",7A,2026-09-07 08:45,/ - Present AM\nGrace OConnor,7A,2026-09-07T13:15:00,L\nNobody Known,7A,2026-09-07 08:45,/\n'
    report = run(write("m.csv", text))
    assert codes_of(GRACE) == [("07 Sep", "AM", "/"), ("07 Sep", "PM", "L")]
    refused = [(f.line, f.code, f.value) for f in report.findings if f.severity == "error"]
    assert refused == [(4, "unknown_student", "Nobody Known")]


def test_codes_unknown_on_their_day_are_kept_with_a_warning(run: Import, write: Write) -> None:
    write("students.csv", ARBOR)
    report = run(
        write(
            "a.csv",
            f"UPN,Date,Session,Mark\n{GRACE},2026-09-07,AM,ZZ\n{GRACE},2026-09-07,PM,H\n{GRACE},2024-05-01,AM,J\n",
        )
    )
    warned = [(f.line, f.value) for f in report.findings if f.code == "unknown_code"]
    assert warned == [(2, "ZZ"), (3, "H")]
    assert len(codes_of(GRACE)) == 3


def test_the_same_mark_twice_is_nothing_and_a_contradiction_is_refused(run: Import, write: Write) -> None:
    write("students.csv", ARBOR)
    report = run(
        write(
            "a.csv",
            f"UPN,Date,Session,Mark\n{GRACE},2026-09-07,AM,/\n{GRACE},2026-09-07,AM,/\n{GRACE},2026-09-07,AM,O\n",
        )
    )
    assert [c for _, _, c in codes_of(GRACE)] == ["/"]
    attendance = next(f for f in report.files if f.kind == "attendance")
    assert (attendance.made, attendance.left, attendance.refused) == (1, 1, 1)
    assert [(f.line, f.code) for f in report.findings if f.severity == "error"] == [(4, "repeated_row")]


def test_a_missing_column_blanks_nothing(run: Import, write: Write) -> None:
    folder = write("students.csv", ARBOR)
    run(folder)
    write("students.csv", f"UPN,Surname,Forename\n{OMAR},Müller-Díaz,Omar\n")
    report = run(folder)
    omar = Student.objects.get(upn=OMAR)
    assert (omar.preferred_forename, omar.eal, omar.year_group) == ("Omi", True, 7)
    assert (report.files[0].left, report.files[0].changed) == (1, 0)


def test_noughts_lost_in_a_spreadsheet_are_recognised(run: Import, write: Write) -> None:
    folder = write("students.csv", "Admission No,Surname,Forename,DOB\n003001,Khan,Ali,14/09/2014\n")
    run(folder)
    write("students.csv", "Admission No,Surname,Forename,DOB\n3001,Khan,Ali,14/09/2014\n")
    report = run(folder)
    assert Student.objects.get().admission_number == "003001"
    assert "lost_noughts" in codes(report)


def test_identities_that_contradict_are_refused_not_merged(run: Import, write: Write) -> None:
    school = SchoolFactory.create()
    StudentFactory.create(school=school, upn=GRACE, admission_number="1")
    StudentFactory.create(school=school, upn=OMAR, admission_number="2")
    report = run(write("s.csv", f"UPN,Admission number,Surname,Forename\n{GRACE},2,Khan,Ali\n"))
    assert "conflicting_identity" in codes(report)
    assert Student.objects.count() == 2


def test_a_changed_upn_keeps_one_student(run: Import, write: Write) -> None:
    folder = write("s.csv", f"UPN,Admission number,Surname,Forename,DOB\n{GRACE},9,Khan,Ali,14/09/2014\n")
    run(folder)
    report = run(write("s.csv", f"UPN,Admission number,Surname,Forename,DOB\n{OMAR},9,Khan,Ali,14/09/2014\n"))
    assert Student.objects.get().upn == OMAR
    assert "changed_upn" in codes(report)


def test_a_leaving_date_ends_the_place_in_the_group(run: Import, write: Write) -> None:
    folder = write("s.csv", ARBOR)
    run(folder)
    run(
        write(
            "s.csv", f"UPN,Surname,Forename,Registration form,Date of leaving\n{GRACE},O’Connor,Grace,7A,23/10/2026\n"
        )
    )
    assert Student.objects.get(upn=GRACE).left_on == dt.date(2026, 10, 23)
    assert not Student.objects.get(upn=GRACE).group_memberships.filter(ends_on=None).exists()


def test_staff_by_other_titles(run: Import, write: Write) -> None:
    text = (
        "Staff name;Work email;Job title;Tutor group;House\n"
        '"Begum, Mr Lucas";l.begum@x.example;Form Tutor;7A;Red\nAda Reed;a.reed@x.example;Head of Year 9;;\n'
        "Bo Lind;b.lind@x.example;Caretaker;;\nCy Dell;;Tutor;7B;\n"
    )
    report = run(write("people.csv", text))
    assert report.files[0].kind == "staff"
    assert TutorAssignment.objects.get().membership.user.last_name == "Begum"
    assert (User.objects.get(last_name="Begum").first_name, User.objects.get(last_name="Begum").title) == (
        "Lucas",
        "Mr",
    )
    assert Membership.objects.get(user__email="a.reed@x.example").year_group == 9
    assert not Membership.objects.filter(user__email="b.lind@x.example").exists()
    assert {"unknown_role", "missing_email"} <= codes(report)


def test_a_tutor_who_moves_gives_up_the_old_group(run: Import, write: Write) -> None:
    folder = write(
        "staff.csv", "Staff Code,Forename,Surname,Email,Role,Reg Group\nBEG,Lucas,Begum,b@x.example,Tutor,7A\n"
    )
    run(folder)
    TutorAssignment.objects.update(starts_on=dt.date(2026, 9, 1))
    run(write("staff.csv", "Staff Code,Forename,Surname,Email,Role,Reg Group\nBEG,Lucas,Begum,b@x.example,Tutor,8A\n"))
    assert TutorAssignment.objects.get(ends_on=None).group.name == "8A"
    assert User.objects.count() == 1
    assert Membership.objects.get().role == Role.TUTOR


def test_contacts_of_another_shape(run: Import, write: Write) -> None:
    write("students.csv", ARBOR)
    run(
        write(
            "parents.csv",
            "Student Name;Date of birth;Parent name;Relationship to student;PR;Court Orders;Telephone;Email address\nGrace O'Connor;09/03/2015;Mrs Ann O’Connor;Mother;Y;Prohibited steps;07700 900111;ANN@home.example\n",
        )
    )
    contact = Contact.objects.get()
    assert (contact.surname, contact.parental_responsibility, contact.court_order) == ("O’Connor", True, True)
    assert (contact.title, contact.forename) == ("Mrs", "Ann")
    assert (contact.phone, contact.email, contact.priority) == ("07700 900111", "ann@home.example", 1)


def test_a_contact_without_title_and_with_a_number_at_home_only_stays_the_same_twice(run: Import, write: Write) -> None:
    write("students.csv", ARBOR)
    folder = write("c.csv", f"UPN,Parent name,Relationship,Home phone\n{GRACE},Una O’Connor,Mother,0161 4960000\n")
    run(folder)
    assert Contact.objects.get().phone == "0161 4960000"
    assert next(f for f in run(folder).files if f.kind == "contacts").left == 1


def test_assessment_and_behaviour_of_another_shape(run: Import, write: Write) -> None:
    write("students.csv", ARBOR)
    write(
        "grades.csv",
        f"Pupil UPN\tCourse name\tCurrent grade\tTarget grade\tAttitude to learning\tAssessment point\n{GRACE}\tMaths\t5+\t7\tGood\tAutumn 2026\n",
    )
    write(
        "conduct.csv",
        f"UPN;Incident date;Behaviour type;Behaviour points;Recorded by\n{GRACE};07-Sep-26;Disruption;2;Mr Lind\n{GRACE};07-Sep-26;Disruption;2;Mr Lind\n",
    )
    folder = write("merits.csv", f"UPN,Date,Achievement type,Achievement points\n{GRACE},07/09/2026,Kindness,3\n")
    run(folder)
    report = run(folder)
    assert Assessment.objects.get().working_at == "5+"
    events = BehaviourEvent.objects.order_by("points", "number").values_list("kind", "points", "number")
    assert list(events) == [("negative", -2, 1), ("negative", -2, 2), ("positive", 3, 1)]
    assert sum(f.made + f.changed for f in report.files) == 0


def test_a_file_nobody_knows_is_named_with_its_headers_and_the_rest_goes_on(run: Import, write: Write) -> None:
    write("menu.csv", "Dish,Price\nPie,2.50\n")
    (write("students.csv", ARBOR) / "book.xlsx").write_bytes(b"PK\x03\x04")
    report = run(write("empty.csv", ""))
    assert Student.objects.count() == 2
    unknown = next(f for f in report.findings if f.code == "unrecognised_file")
    assert "Dish, Price" in unknown.message
    assert {"not_csv", "unreadable_file"} <= codes(report)


def test_the_plain_rows_come_in_beside_a_row_with_too_many_cells(run: Import, write: Write) -> None:
    report = run(write("s.csv", "Adno,Surname,Forename,DOB\n1,Khan,Ali,14/09/2014\n2,Reed,Mo,15/09/2014,oops\n3,Lee\n"))
    assert Student.objects.count() == 1
    assert [(f.line, f.code) for f in report.findings if f.severity == "error"] == [
        (3, "too_many_cells"),
        (4, "missing_name"),
    ]


def test_an_admission_number_alone_never_makes_one_child_of_two(run: Import, write: Write) -> None:
    folder = write("one.csv", "UPN,Admission No,Surname,Forename,DOB\nR201100018042,003001,Samatar,Yasmin,01/02/2010\n")
    run(folder)
    folder = write("one.csv", "UPN,Admission No,Surname,Forename,DOB\nH801200001001,003001,Ali,Yasmin,05/06/2011\n")
    report = run(folder)
    assert "conflicting_identity" in codes(report)
    assert Student.objects.get().legal_surname == "Samatar"


def test_a_second_tutor_of_a_group_is_said_by_name(run: Import, write: Write) -> None:
    header = "Staff Code,Forename,Surname,Email,Role,Reg Group\n"
    folder = write("staff.csv", f"{header}SHA01,Priya,Shah,shah@school.example,Tutor,11BEC\n")
    run(folder)
    folder = write("staff.csv", f"{header}ALI02,Ciarán,Ali,ali@school.example,Tutor,11BEC\n")
    report = run(folder)
    said = next(f for f in report.findings if f.code == "second_tutor")
    assert "11BEC has Priya Shah as tutor; Ciarán Ali joins them." in said.message


@pytest.mark.parametrize("role", [Role.DSL, Role.SENIOR_LEADER])
def test_who_imports_does_not_give_themselves_a_role(write: Write, role: Role) -> None:
    """Whichever: each shows them students whom nobody but they decided that they see."""
    school = SchoolFactory.create()
    manager = person(Role.DATA_MANAGER, school=school, email="ferris@northgate.example")
    says = {Role.DSL: "DSL", Role.SENIOR_LEADER: "Assistant Head"}[role]
    people = f"Sam,Ferris,ferris@northgate.example,{says}\nAda,Bell,bell@northgate.example,{says}\n"
    rows = f"Forename,Surname,Email,Role\n{people}"
    wish = Wish(dry_run=False)
    with acting_as(Actor(manager.pk)):
        report = import_folder(folder=write("staff.csv", rows), school=school, wish=wish, by=manager)
    [said] = [f for f in report.findings if f.code == "own_role"]
    assert (said.line, said.column) == (2, "Role")
    leads = Membership.objects.filter(role=role)
    assert [lead.user.last_name for lead in leads] == ["Bell"], "the other row is brought in"


def test_a_head_of_a_key_stage_gets_each_of_its_years_once(run: Import, write: Write) -> None:
    file = "Staff Code,Title,Surname,Forename,Email,Role\nAB1,Ms,Stage,Ada,ada@northgate.example,Head of KS3\n"
    run(write("staff.csv", file))
    again = run(write("staff.csv", file))
    heads = Membership.objects.filter(user__staff_code="AB1")
    assert sorted(heads.values_list("role", "year_group")) == [(Role.HEAD_OF_YEAR, year) for year in (7, 8, 9)]
    assert not codes(again) & {"missing_year", "unknown_role"}


def test_a_role_ended_by_hand_does_not_come_back_with_the_next_file(run: Import, write: Write) -> None:
    """Until the school year is over, unless somebody gives it again by hand; what the person has besides stays."""
    says = "Forename,Surname,Email,Role\nAda,Bell,bell@northgate.example,{}\n"
    file = says.format("Head of KS3; SENCO")
    run(write("staff.csv", file))
    office, bell = person(Role.DATA_MANAGER, school=School.objects.get()), User.objects.get(last_name="Bell")
    end_role(by=office, membership=bell.memberships.get(year_group=8))
    for _import in range(2):
        again = run(write("staff.csv", file))
        told = [f.message for f in again.findings if f.code == "role_ended"]
        assert len(told) == 3, "one for each year"
        assert "Ada Bell is no longer head of year for Year 7: ended by hand, with" in told[0]
        assert [m.role for m in Membership.objects.current().filter(user=bell)] == [Role.SENCO]
    run(write("staff.csv", says.format("Head of Year 10")))
    assert bell.memberships.filter(ends_on=None, year_group=10).exists(), "of another year it is another role"
    give_role(by=office, person=bell, role=Role.HEAD_OF_YEAR, houses=[], years=[7, 8, 9], starts_on=localdate())
    assert "role_ended" not in codes(run(write("staff.csv", file)))
    bell.memberships.filter(ends_on__isnull=False).update(starts_on="2019-09-01", ends_on="2020-07-01")
    bell.memberships.filter(year_group=8, ends_on=None).delete()
    run(write("staff.csv", file))
    assert bell.memberships.filter(year_group=8, ends_on=None).exists(), "years later the file gives it again"
