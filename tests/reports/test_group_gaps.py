"""Duty 31: the page of gaps between groups: its figures, whom they count, what is not said, and the way to a file."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import House, School, User
from accounts.permissions import Permission, roles_with
from audit.models import Event
from reports.gaps.lines import Comparison, Line
from students.models import Student
from tests import factories as make
from tests.reports.population import populate
from tutoring.progress.enums import BehaviourKind

pytestmark = pytest.mark.django_db
PAGE = reverse("reports:group-gaps")
QUERIES = 14


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False):
        yield


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of_group(group: Any, number: int, **facts: Any) -> list[Student]:
    return [make.student_in(group, **facts) for _ in range(number)]


def school_of(poor: int, others: int) -> tuple[list[Student], list[Student]]:
    """A group of a house with so many students with pupil premium and so many without, and the term before."""
    make.TermFactory.create()
    make.TermFactory.create(
        name="SUM", year=2025, starts_on=dt.date(2026, 4, 13), ends_on=dt.date(2026, 7, 17),
        break_starts_on=None, break_ends_on=None,
    )  # fmt: skip
    group = make.TutorGroupFactory.create(house=make.HouseFactory.create())
    return of_group(group, poor, pupil_premium=True), of_group(group, others)


def lines_of(client: Client, trait: str, query: str = "") -> list[Line]:
    tables = {table.trait.key: table for table in client.get(PAGE + query).context["tables"]}
    return list(tables[trait].lines)


def compared(line: Line, key: str) -> Comparison:
    return next(c for c in line.comparisons if c.measure.key == key)


def sanction(student: Student, day: dt.date) -> None:
    make.BehaviourEventFactory.create(student=student, date=day, kind=BehaviourKind.NEGATIVE)


def test_a_group_stands_beside_everybody_not_in_it_with_the_change_since_last_term() -> None:
    """Duty 31: sums over sums, the difference, and what it was the term before."""
    poor, others = school_of(10, 20)
    for student in poor[:5] + others[:2]:
        sanction(student, dt.date(2026, 10, 2))
    for student in poor:
        sanction(student, dt.date(2026, 5, 12))
    make.MarkFactory.create(student=poor[0], date=dt.date(2026, 10, 2), session="AM", code="O")
    make.ActionPlanFactory.create(student=poor[0], started_on=dt.date(2026, 9, 9), review_on=dt.date(2026, 12, 1))
    make.TutorSessionFactory.create(student=poor[1], held_on=dt.date(2026, 10, 1))
    subject, drop = make.SubjectFactory.create(), make.DataDropFactory.create()
    for student in poor + others:
        reached = "6" if student in others or student is poor[0] else "5"
        make.AssessmentFactory.create(student=student, subject=subject, data_drop=drop, target="6", working_at=reached)
    client = client_of(make.person(Role.HEADTEACHER))
    (line,) = lines_of(client, "pupil-premium")
    assert (line.students, line.others) == (10, 20)
    sanctions = compared(line, "sanctions")
    assert (sanctions.figure, sanctions.others, sanctions.difference) == (0.5, 0.1, 0.4)
    assert (sanctions.before, sanctions.change) == (1.0, -0.6)
    assert sanctions.words == "0.40 higher"
    assert sanctions.words_before == "last term 1.00 higher"
    grades = compared(line, "grades")
    assert (grades.figure, grades.others, grades.words) == (10, 100, "90 points lower")
    assert compared(line, "plans").figure == compared(line, "seen").figure == 10
    assert compared(line, "attendance").hidden, "one student with a mark is no figure of a group"


def test_a_rule_that_leaves_somebody_out_leaves_them_out_of_the_1_to_1s() -> None:
    """Duty 31: who is promised nothing is missing from both sides of the sum."""
    poor, _ = school_of(11, 20)
    make.ExemptionFactory.create(student=poor[0])
    for student in poor[1:6]:
        make.TutorSessionFactory.create(student=student, held_on=dt.date(2026, 10, 1))
    (line,) = lines_of(client_of(make.person(Role.SENCO)), "pupil-premium")
    assert compared(line, "seen").figure == 50


def test_a_small_group_is_not_said_on_the_page_nor_in_the_file() -> None:
    """Duty 31: nine of thirty; neither their number nor that of the others, nor anything counted of either."""
    school_of(9, 21)
    client = client_of(make.person(Role.HEADTEACHER))
    page = client.get(PAGE)
    table = next(t for t in page.context["tables"] if t.trait.key == "pupil-premium")
    assert (table.lines, table.hidden) == ([], ["Pupil premium"])
    assert "Not shown, so that no small group can be worked out: Pupil premium" in page.content.decode()
    rows = file_of(client)
    (row,) = [row for row in rows if row[1] == "Pupil premium"]
    assert row == ["Pupil premium", "Pupil premium", "not shown", "not shown", *[""] * 6]
    assert not any(cell in ("9", "21") for row in rows[1:] for cell in row)


def test_ethnicity_is_told_by_main_group_and_who_did_not_say_is_not_known() -> None:
    """Duty 31: codes of one main group count together; refused, not obtained and nothing on file are not known."""
    _, everybody = school_of(0, 50)
    codes = ["WBRI"] * 12 + ["BCRB"] * 6 + ["BAFR"] * 5 + ["CHNE"] * 3 + ["REFU"] * 6 + ["NOBT"] * 4
    for student, code in zip(everybody, codes, strict=False):
        make.EthnicityFactory.create(student=student, code=code)
    client = client_of(make.person(Role.HEADTEACHER))
    table = next(t for t in client.get(PAGE).context["tables"] if t.trait.key == "ethnicity")
    assert [(line.label, line.students, line.others) for line in table.lines] == [
        ("White", 12, 38), ("Ethnicity not known", 24, 26),
    ]  # fmt: skip
    assert table.hidden == ["Black", "Chinese"], "of three Chinese students nothing, and not by what is left over"
    rows = [row for row in file_of(client) if row[0] == "Ethnicity" and row[2] == "not shown"]
    assert [row[1] for row in rows] == ["Black", "Chinese"]


def test_a_head_counts_the_ethnicity_of_the_own_house_alone() -> None:
    """Duty 31: the database lets a head at the rows of whom they lead, and the figure is that of all of those."""
    _, ours = school_of(0, 24)
    away = make.TutorGroupFactory.create(name="10FRY", house=make.HouseFactory.create(name="Fry"), year_group=10)
    for student in [*ours[:12], *of_group(away, 15, year_group=10)]:
        make.EthnicityFactory.create(student=student, code="ABAN")
    head = client_of(make.person(Role.HEAD_OF_HOUSE, house=ours[0].house))
    assert [(line.label, line.students) for line in lines_of(head, "ethnicity")] == [
        ("Asian", 12), ("Ethnicity not known", 12),
    ]  # fmt: skip
    whole = lines_of(client_of(make.person(Role.SENCO)), "ethnicity")
    assert [(line.label, line.students) for line in whole] == [("Asian", 27), ("Ethnicity not known", 12)]


def file_of(client: Client, query: str = "") -> list[list[str]]:
    answer = client.get(reverse("reports:gaps-export", args=["csv"]) + query)
    assert answer.status_code == 200
    text = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type, unused-ignore]
    return list(csv.reader(io.StringIO(text)))


def test_the_file_says_what_the_page_says_and_is_on_the_record() -> None:
    """Duty 31: with the year as asked for; no name of any student in it."""
    poor, _ = school_of(12, 20)
    client = client_of(make.person(Role.HEADTEACHER))
    of_group(poor[0].group_memberships.get().group, 30, year_group=10)
    rows = file_of(client, "?year=11")
    found = [row for row in rows if row[1] == "Pupil premium" and row[4] == "Sanctions a student"]
    assert found == [["Pupil premium", "Pupil premium", "12", "20", "Sanctions a student", *["0.0"] * 5]]
    assert not any(poor[0].legal_surname in cell for row in rows for cell in row)
    event = Event.objects.get(action="export.made")
    assert (event.detail["list"], event.detail["filters"]) == ("gaps", {"year": "11"})
    assert client.get(reverse("reports:gaps-export", args=["pdf"])).status_code == 404


def test_a_head_counts_the_own_house_a_head_of_year_the_year_and_a_tutor_nobody() -> None:
    """Duty 31: reach is that of the dashboards."""
    poor, _ = school_of(10, 20)
    group = poor[0].group_memberships.get().group
    away = make.TutorGroupFactory.create(name="10FRY", house=make.HouseFactory.create(name="Fry"), year_group=10)
    of_group(away, 15, pupil_premium=True, year_group=10)
    head = client_of(make.person(Role.HEAD_OF_HOUSE, house=group.house))
    assert head.get(PAGE).context["number"] == 30
    year = client_of(make.person(Role.HEAD_OF_YEAR, year_group=10))
    assert year.get(PAGE).context["number"] == 15
    whole = client_of(make.person(Role.SENIOR_LEADER))
    assert whole.get(PAGE).context["number"] == 45
    assert lines_of(whole, "pupil-premium")[0].students == 25
    assert whole.get(PAGE, {"year": "10"}).context["number"] == 15
    assert whole.get(PAGE, {"year": "13"}).context["number"] == 45, "a year that nobody is in is no filter"
    assert client_of(make.person(Role.TUTOR, group=group)).get(PAGE).status_code == 403


def test_whoever_opens_the_page_may_read_all_it_counts() -> None:
    """Duty 31: else a figure would be that of the rows the database happens to show."""
    readers = roles_with(Permission.VIEW_GAPS)
    for needed in (
        Permission.VIEW_ATTENDANCE, Permission.VIEW_PROGRESS, Permission.VIEW_PLAN, Permission.VIEW_SUPPORT,
        Permission.VIEW_DASHBOARD,
    ):  # fmt: skip
        assert readers <= roles_with(needed)


def test_the_page_costs_the_same_however_many_there_are() -> None:
    """Duty 31."""
    found = []
    for seed, size in ((1, 3), (2, 9)):
        populate(seed, size)
        client = client_of(make.person(Role.HEADTEACHER))
        client.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).context["number"] > 0
        found.append(len(asked))
    assert found == [QUERIES] * 2


def test_a_school_without_terms_or_students_says_so() -> None:
    """Duty 31: nothing to count is no error."""
    assert School.objects.count() == House.objects.count() == 0
    page = client_of(make.person(Role.HEADTEACHER)).get(PAGE)
    assert page.context["number"] == 0
