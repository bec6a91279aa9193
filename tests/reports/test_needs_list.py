"""The SENCO's list: what the filters let through, what the columns say, and the way to a file in three clicks."""

import csv
import datetime as dt
import hashlib
import html
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.models import School
from accounts.permissions import Permission, roles_with
from audit.models import Event
from students.enums import NEEDS_OF_AREA, NEEDS_OF_NO_AREA, SenNeed
from students.models import Student
from tests.factories import TutorSessionFactory, person
from tests.reports.population import populate, populated
from tutoring.groups.models import TutorGroup
from tutoring.sessions.enums import Confidentiality

pytestmark = pytest.mark.django_db
LIST = "reports:needs-list"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[School]:
    with populated(django_db_blocker, seed=4) as school:
        yield school


@pytest.fixture
def school(made: School) -> School:
    return School.objects.get(pk=made.pk)


@pytest.fixture
def senco(school: School) -> Client:
    return signed_in(Role.SENCO)


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def number_of(page: str) -> int:
    found = re.search(r'<p class="lede">(\d+) student', page)
    assert found
    return int(found[1])


FILTERS: list[tuple[str, dict[str, object]]] = [
    ("", {"sen_status__in": ["K", "E"]}),
    ("status=E", {"sen_status": "E"}),
    ("status=K", {"sen_status": "K"}),
    ("status=all", {}),
    ("status=all&need=SEMH", {"sen_need": "SEMH"}),
    ("status=all&need=none", {"sen_need": ""}),
    ("status=all&need=area-communication", {"sen_need__in": ["SLCN", "ASD"]}),
    ("status=all&need=area-sensory", {"sen_need__in": ["HI", "VI", "MSI", "PD"]}),
    ("status=all&year=10", {"year_group": 10}),
    ("status=all&pupil_premium=on&eal=on", {"pupil_premium": True, "eal": True}),
    ("status=all&looked_after=on", {"looked_after": True}),
    ("status=all&year=77&need=nonsense&group=x", {}),
]


def test_a_filter_lets_through_exactly_those(senco: Client) -> None:
    for query, condition in FILTERS:
        page = text_of(senco, f"{reverse(LIST)}?{query}")
        assert number_of(page) == Student.objects.filter(**condition).count(), query


def test_monitoring_is_a_need_without_a_status(senco: Client) -> None:
    page = text_of(senco, f"{reverse(LIST)}?status=monitoring")
    assert number_of(page) == Student.objects.filter(sen_status="N").exclude(sen_need="").count() > 0


def test_house_and_group_narrow_too(senco: Client) -> None:
    group = TutorGroup.objects.get(name="11FRY")
    page = text_of(senco, f"{reverse(LIST)}?status=all&house={group.house_id}&group={group.pk}")
    assert number_of(page) == 6


def test_every_need_lies_in_one_area_or_in_none() -> None:
    placed = [need for needs in NEEDS_OF_AREA.values() for need in needs] + list(NEEDS_OF_NO_AREA)
    assert sorted(placed) == sorted(SenNeed)


def test_the_counts_by_need_open_lists_of_that_length(senco: Client) -> None:
    page = text_of(senco, f"{reverse(LIST)}?status=all")
    chips = re.findall(r'<a class="chip" href="([^"]+)">[^<]*<b>(\d+)</b>', page)
    assert len(chips) > 3
    for url, number in chips:
        assert number_of(text_of(senco, reverse(LIST) + html.unescape(url))) == int(number)


def test_a_heading_sorts_and_turns_round(senco: Client) -> None:
    for sort in ("attendance", "-attendance"):
        data = senco.get(f"{reverse('reports:needs-export', args=['csv'])}?status=all&sort={sort}").content
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        values = [float(row["Attendance %"]) for row in rows]
        assert values == sorted(values, reverse=sort.startswith("-"))
    assert 'aria-sort="descending"' in text_of(senco, f"{reverse(LIST)}?sort=-attendance")


def test_three_clicks_from_signing_in_to_the_file(senco: Client) -> None:
    """One: the line in the side bar. Two: Export (the browser opens it). Three: the kind of file."""
    front = text_of(senco, reverse("desk:today"))
    first = reverse(LIST)
    assert f'href="{first}"' in front
    page = text_of(senco, first)
    menu = re.search(r'<details class="drop no-print">(.*?)</details>', page, re.S)
    assert menu
    links = [html.unescape(url) for url in re.findall(r'href="([^"]+)"', menu[1])]
    assert [url.split("?")[0] for url in links] == [f"{first}{kind}/" for kind in ("xlsx", "csv", "pdf")]
    for url, start in zip(links, (b"PK", b"\xef\xbb\xbf", b"%PDF"), strict=True):
        response = senco.get(url)
        assert response.status_code == 200
        assert response.content.startswith(start)
        assert re.search(r'attachment; filename="needs-2026-11-20\.(xlsx|csv|pdf)"', response["Content-Disposition"])


def test_the_file_holds_the_filtered_rows_of_all_pages(senco: Client) -> None:
    query = "status=all&year=10"
    page = text_of(senco, f"{reverse(LIST)}?{query}")
    data = senco.get(f"{reverse('reports:needs-export', args=['xlsx'])}?{query}").content
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.max_row - 1 == number_of(page) == 12
    assert {row[2].value for row in sheet.iter_rows(min_row=2)} == {10}


def test_a_pdf_of_too_many_is_refused_with_a_way_on(senco: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.needs.views.MOST_ON_PAPER", 3)
    response = senco.get(f"{reverse('reports:needs-export', args=['pdf'])}?status=all", follow=True)
    assert response.redirect_chain == [(f"{reverse(LIST)}?status=all", 302)]
    assert "at most 3 students" in response.content.decode()
    assert not Event.objects.filter(action="export.made").exists()


def test_each_export_is_in_the_record_with_filter_count_and_format(senco: Client) -> None:
    file = senco.get(f"{reverse('reports:needs-export', args=['csv'])}?status=E&eal=on").content
    event = Event.objects.get(action="export.made")
    rows = Student.objects.filter(sen_status="E", eal=True).count()
    filters, digest = {"status": "E", "eal": "on"}, hashlib.sha256(file).hexdigest()
    assert event.detail == {"list": "needs", "format": "csv", "rows": rows, "filters": filters, "sha256": digest}
    assert event.actor_id


def test_a_name_that_looks_like_a_formula_leaves_as_text(senco: Client) -> None:
    Student.objects.filter(year_group=10).update(preferred_surname="=cmd|' /C calc'!A0")
    data = senco.get(f"{reverse('reports:needs-export', args=['csv'])}?status=all").content.decode("utf-8-sig")
    surnames = [row["Surname"] for row in csv.DictReader(io.StringIO(data))]
    assert sum(name.startswith("'=") for name in surnames) == 12
    assert not [name for name in surnames if name.startswith("=")]


def test_an_unknown_kind_of_file_is_no_page(senco: Client) -> None:
    assert senco.get(reverse("reports:needs-export", args=["docx"])).status_code == 404


OPENED = {
    Role.SENCO: (200, 200), Role.HEADTEACHER: (200, 200), Role.DATA_MANAGER: (403, 200),
    Role.HEAD_OF_YEAR: (403, 403), Role.TUTOR: (403, 403), Role.SUBJECT_TEACHER: (403, 403),
}  # fmt: skip


def test_who_opens_which_list(school: School) -> None:
    for role, (needs, everyone) in OPENED.items():
        client = signed_in(role)
        for kind in ("", "csv/"):
            assert client.get(reverse(LIST) + kind).status_code == needs, role
            assert client.get(reverse("reports:student-list") + kind).status_code == everyone, role


def test_the_list_of_the_whole_school_holds_no_conversation(school: School) -> None:
    data = signed_in(Role.DATA_MANAGER).get(reverse("reports:student-export", args=["csv"])).content.decode("utf-8-sig")
    header = data.splitlines()[0]
    assert "Admission number" in header
    assert "1:1" not in header
    assert len(data.splitlines()) == 25


def test_the_pages_check_one_permission_because_its_holders_hold_the_others() -> None:
    needs, export = roles_with(Permission.VIEW_NEEDS), roles_with(Permission.EXPORT_STUDENTS)
    assert needs <= export
    for needed in (Permission.VIEW_SUPPORT, Permission.VIEW_ATTENDANCE, Permission.VIEW_PROGRESS):
        assert export <= roles_with(needed)
    assert needs <= roles_with(Permission.VIEW_SESSION)


def record_kinds(client: Client, student: Student) -> dict[str, bytes]:
    return {
        kind: client.get(reverse("reports:student-record-export", args=[student.pk, kind])).content
        for kind in ("xlsx", "csv", "pdf")
    }


def test_a_record_holds_what_may_leave_and_nothing_said_to_named_people(senco: Client) -> None:
    student = Student.objects.filter(year_group=11)[0]
    for level in Confidentiality:
        session = TutorSessionFactory.create(
            student=student, confidentiality=level, happened=f"Words for {level.value}"
        )
        session.named_staff.add(session.author)
    page = text_of(senco, reverse("reports:student-record", args=[student.pk]))
    made = record_kinds(senco, student)
    text = made["csv"].decode("utf-8-sig")
    book = load_workbook(io.BytesIO(made["xlsx"]))
    assert book.sheetnames == [
        "Facts", "Attendance by half term", "Grades", "1 1s, calls, visits and meet", "Agreed in words", "Next steps",
    ]  # fmt: skip
    for words in (page, text):
        assert "Words for team" in words
        assert "Words for teaching" in words
        assert "Words for named" not in words
    assert made["pdf"].startswith(b"%PDF")
    assert Event.objects.filter(action="export.made", object_id=str(student.pk)).count() == 3


def test_a_record_of_the_office_has_no_conversation_at_all(school: School) -> None:
    student = Student.objects.filter(year_group=11)[0]
    TutorSessionFactory.create(student=student, happened="Words for team")
    page = text_of(signed_in(Role.DATA_MANAGER), reverse("reports:student-record", args=[student.pk]))
    assert "Words for team" not in page
    assert "Nothing on record that you may take away." in page


def test_the_record_of_a_student_one_does_not_reach_is_no_page(school: School) -> None:
    other = populate(9)
    stranger = Student.objects.first()
    assert stranger
    Student.objects.filter(pk=stranger.pk).update(school=type(other).objects.create(name="Elsewhere"), house=None)
    assert signed_in(Role.SENCO).get(reverse("reports:student-record", args=[stranger.pk])).status_code == 404


def test_the_file_name_of_a_record_names_nobody(senco: Client) -> None:
    student = Student.objects.all()[0]
    response = senco.get(reverse("reports:student-record-export", args=[student.pk, "csv"]))
    assert response["Content-Disposition"] == 'attachment; filename="record-2026-11-20.csv"'
