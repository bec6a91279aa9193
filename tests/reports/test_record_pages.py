"""The pages of the record: one's own lines, the search and its file, and who has opened a student's page."""

import csv
import datetime as dt
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from reports.record.actions import ACTIONS
from reports.record.words import told
from students.models import Student
from tests import factories as make

pytestmark = pytest.mark.django_db
ROOMS = ("accounts", "students", "tutoring", "safeguarding", "exchange", "reports")


@pytest.fixture
def student() -> Student:
    return make.student_in(make.TutorGroupFactory.create(), preferred_forename="Amara", preferred_surname="Nwosu")


@pytest.fixture
def tutor(student: Student) -> User:
    return make.person(Role.TUTOR, group=make.TutorGroupFactory.create(), first_name="Tutor")


@pytest.fixture
def manager() -> User:
    return make.person(Role.DATA_MANAGER, first_name="Manager")


def _opened(client: Client, who: User, student: Student, page: str = "family") -> None:
    client.force_login(who)
    assert client.get(reverse(f"desk:student-{page}", args=[student.pk])).status_code == 200


def _page(client: Client, who: User, address: str, *args: object) -> str:
    client.force_login(who)
    response = client.get(reverse(address, args=args) if ":" in address else address)
    assert response.status_code == 200
    return str(response.content.decode())


def test_everybody_sees_what_they_did_and_nothing_of_others(
    client: Client, tutor: User, manager: User, student: Student
) -> None:
    _opened(client, manager, student)
    _opened(client, tutor, student, "story")
    page = _page(client, tutor, "record:mine")
    assert "Opened a student’s page" in page
    assert "story" in page
    assert "family" not in page.partition("<table")[2]
    assert "Manager" not in page


def test_my_record_tells_of_a_student_i_no_longer_see_without_the_name(
    client: Client, tutor: User, student: Student
) -> None:
    _opened(client, tutor, student)
    assert "Amara Nwosu" in _page(client, tutor, "record:mine")
    student.group_memberships.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    page = _page(client, tutor, "record:mine")
    assert "Amara Nwosu" not in page
    assert "out of your sight today" in page


def test_the_search_finds_by_person_kind_student_and_day(
    client: Client, tutor: User, manager: User, student: Student
) -> None:
    other = make.student_in(make.TutorGroupFactory.create(), preferred_forename="Else", preferred_surname="Where")
    _opened(client, tutor, student)
    _opened(client, tutor, other, "support")
    search = reverse("record:search")
    today = timezone.localdate()

    def lines(query: str) -> str:
        return _page(client, manager, f"{search}?{query}").partition("<tbody>")[2]

    assert "Tutor Shah" in lines("")
    assert "support" not in lines(f"student={student.pk}")
    assert "family" in lines(f"student={student.pk}")
    assert "Tutor" not in lines(f"person={manager.pk}")
    assert "Opened a student" not in lines("kind=sign_in")
    assert "Tutor Shah" in lines(f"kind=opened&start={today}&end={today}")
    assert "Tutor Shah" not in lines(f"end={today - dt.timedelta(days=1)}")
    assert "Tutor Shah" in lines("kind=nonsense&start=yesterday&person=1&student=x")


def test_a_student_is_found_by_name_without_the_name_in_an_address(
    client: Client, manager: User, student: Student
) -> None:
    client.force_login(manager)
    page = client.post(reverse("record:search"), {"name": "nwosu"}).content.decode()
    assert f"student={student.pk}" in page
    assert "nwosu" not in " ".join(re.findall(r'href="([^"]*)"', page)).lower()
    assert "No student of that name" in client.post(reverse("record:search"), {"name": "zzz"}).content.decode()


def test_searching_is_on_the_record(client: Client, manager: User, student: Student) -> None:
    _page(client, manager, f"{reverse('record:search')}?student={student.pk}&kind=opened")
    event = Event.objects.get(action="record.searched")
    assert (event.actor_id, event.student_id) == (manager.pk, student.pk)
    assert event.detail == {"filters": {"student": str(student.pk), "kind": "opened"}}


def test_the_file_holds_what_the_search_shows_and_is_on_the_record(
    client: Client, tutor: User, manager: User, student: Student
) -> None:
    _opened(client, tutor, student)
    client.force_login(manager)
    response = client.get(f"{reverse('record:export')}?person={tutor.pk}&kind=opened")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["When", "Who", "Did", "Particulars", "Student", "Where from"]
    assert rows[1][1:5] == ["Tutor Shah", "opened a student’s page", "family", "Amara Nwosu"]
    assert len(rows) == 2
    event = Event.objects.get(action="export.made")
    assert event.detail["filters"] == {"person": str(tutor.pk), "kind": "opened"}


def test_who_has_opened_a_students_page(client: Client, tutor: User, manager: User, student: Student) -> None:
    _opened(client, tutor, student)
    page = _page(client, manager, "record:student-readers", student.pk)
    assert "Tutor Shah" in page
    assert "Opened by" in page
    client.force_login(tutor)
    assert "Opened by" not in client.get(reverse("desk:student-family", args=[student.pk])).content.decode()


def test_the_search_costs_the_same_for_few_lines_and_for_a_full_page(
    client: Client, tutor: User, manager: User
) -> None:
    counts = []
    for number in (2, 60):
        for _ in range(number):
            make.EventFactory.create(
                action="student.opened",
                school_id=manager.school_id,
                student_id=make.StudentFactory.create().pk,
                actor_id=tutor.pk,
                actor_name="Tutor",
            )
        client.force_login(manager)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("record:search"))
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("action", "detail", "words"),
    [
        ("session.logged", {"kind": "one_to_one", "steps": 1}, "1:1, 1 step"),
        ("session.logged", {"kind": "call_home", "steps": 0}, "Call home, no steps"),
        ("factor.added", {"kind": "totp"}, "app"),
        ("factor.renewed", {"kind": "recovery_codes"}, "recovery codes"),
        ("export.made", {"list": "record", "format": "pdf", "rows": 14}, "student’s record as PDF, 14 rows"),
        ("reports.downloaded", {"kind": "zip", "reports": 27, "sha256": "0a"}, "as ZIP, 27 reports"),
        ("reports.finished", {"made": 26, "failed": 1}, "26 made, 1 failed"),
        ("school.changed", {"fields": ["house_label"]}, "a house is called"),
        ("session.ended", {"reason": "idle"}, "unused for too long"),
        ("closure.added", {"reason": "Snow"}, "Snow"),
        ("student.opened", {"page": "desk:student-support"}, "support"),
        ("something.new", {}, ""),
    ],
)
def test_particulars_are_words_not_codes(action: str, detail: dict[str, object], words: str) -> None:
    assert told(action, detail) == words


@pytest.mark.parametrize("name", ["needs", "students", "record", "record-of-actions"])
def test_every_list_that_is_exported_has_words(name: str) -> None:
    assert not told("export.made", {"list": name, "format": "csv"}).startswith(f"{name} ")


def test_until_before_from_is_said_at_the_field(client: Client, manager: User) -> None:
    page = _page(client, manager, f"{reverse('record:search')}?start=2026-11-22&end=2026-11-01")
    assert "This day lies before From" in page.partition('id="div_id_end"')[2].partition('id="show"')[0]


def test_a_student_is_not_asked_for_where_no_name_was_given(client: Client, manager: User, student: Student) -> None:
    client.force_login(manager)
    page = client.post(reverse("record:search"), {"name": " "}).content.decode()
    assert "asteriskField" not in page
    assert f"student={student.pk}" not in page
    assert "No student of that name" not in page


def test_every_action_in_the_code_has_words() -> None:
    used: set[str] = set()
    for room in ROOMS:
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            used |= set(re.findall(r'\brecord(?:_each)?\(\s*"([\w.]+)"', path.read_text()))
    assert len(used) > 20
    assert used - set(ACTIONS) == set()
