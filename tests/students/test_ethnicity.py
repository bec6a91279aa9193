"""Duty 31, UK GDPR article 9: no page, list or file of single students shows an ethnicity, but the copy for them."""

import logging
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Permission as P
from accounts.permissions import roles_with
from audit.models import Event
from core import limits
from core.acting import Actor, acting_as
from students.enums import EthnicCode
from students.models import Ethnicity, EthnicityChange, Student
from tests import factories as make
from tests.conventions.access import TABLE
from tests.edge.crawl import Crawl, make_crawl
from tests.lock.schools import words_of
from tests.reports.scenes import made_report

pytestmark = pytest.mark.django_db
NOW, BEFORE = EthnicCode.MWBC, EthnicCode.APKN
WORDS = [str(word).lower() for code in (NOW, BEFORE) for word in (code.value, code.label)]
MEMBERS_READ = {*roles_with(P.IMPORT_DATA), *roles_with(P.EXPORT_STUDENTS), *roles_with(P.VIEW_GAPS)}


@pytest.fixture
def crawl(monkeypatch: pytest.MonkeyPatch) -> Iterator[Crawl]:
    """One person of every role, and two students whose ethnicity is on file and was another before."""
    monkeypatch.setattr(limits, "is_within", lambda *_: True)
    logging.disable(logging.CRITICAL)
    crawl = make_crawl()
    for student in Student.objects.all():
        row = make.EthnicityFactory.create(student=student, code=BEFORE)
        Ethnicity.objects.filter(pk=row.pk).update(code=NOW)
    yield crawl
    logging.disable(logging.NOTSET)


def said(client: Client, path: str, answered: Counter[int] | None = None) -> list[str]:
    """Which of the words stand in the answer to this address; of a file, in what is in it."""
    answer = client.get(path)
    if answered is not None:
        answered[answer.status_code] += 1
    text = words_of(answer)
    return [word for word in WORDS if word in text]


@pytest.mark.sweep
def test_no_page_shows_anybody_s_ethnicity(crawl: Crawl) -> None:
    """Every address, as somebody who may open all of them; what is no page for GET answers so and says nothing."""
    client, student = crawl.signed_in(raise_request_exception=False), crawl.world.student
    made_report(student, crawl.user)
    walked = [crawl.paths[name] for name, access in TABLE.items() if access.get]
    files = [reverse("reports:student-record-export", args=[student.pk, kind]) for kind in ("xlsx", "csv", "pdf")]
    files += [reverse(f"reports:{name}-export", args=["xlsx"]) for name in ("needs", "student", "gaps")]
    lists = [reverse("desk:student-list") + f"?q={student.legal_surname}"]
    answered = Counter[int]()
    told = {path: words for path in [*walked, *files, *lists] if (words := said(client, path, answered))}
    assert told == {}
    assert answered[200] > 120, answered
    control = reverse("reports:student-record-export", args=[student.pk, "csv"])
    assert said(client, f"{control}?for=own-data") == [NOW.value.lower(), NOW.label.lower()], "the words would be seen"


def test_the_copy_for_whoever_it_is_about_holds_it_and_is_on_the_record(crawl: Crawl) -> None:
    """UK GDPR, article 15: what is held of somebody is theirs to have."""
    client, student = crawl.signed_in(), crawl.world.student
    page = reverse("reports:student-record", args=[student.pk])
    assert "?for=own-data" in client.get(page).content.decode()
    for kind in ("csv", "xlsx", "pdf"):
        answer = client.get(reverse("reports:student-record-export", args=[student.pk, kind]) + "?for=own-data")
        assert str(NOW.label).lower() in words_of(answer).replace("\n", " ")
    assert {e.detail["list"] for e in Event.objects.filter(action="export.made")} == {"own-data"}


def test_nobody_finds_a_student_by_it(crawl: Crawl) -> None:
    client, name = crawl.signed_in(), crawl.world.student.legal_surname

    def finds(asked: str) -> bool:
        return crawl.world.student.name in client.post(reverse("desk:find"), {"q": asked}).content.decode()

    assert finds(name)
    assert not any(finds(word) for word in WORDS)


def rows_as(user: User) -> tuple[int, int]:
    """How many rows the database itself lets this person read, of now and of before."""
    with acting_as(Actor(user_id=user.pk)), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM students_ethnicity UNION ALL SELECT count(*) FROM students_ethnicitychange"
        )
        (now,), (before,) = cursor.fetchall()
    return now, before


@pytest.mark.parametrize("role", Role)
def test_the_database_lets_three_sorts_of_roles_at_rows(role: Role) -> None:
    """Who imports and who answers for somebody's own data: also what it was; who counts gaps: only what it is."""
    house = make.HouseFactory.create()
    group = make.TutorGroupFactory.create(house=house)
    student = make.student_in(group)
    make.EthnicityFactory.create(student=student)
    scope = {"house": house} if "house" in role.value else {}
    scope |= {"year_group": 11} if role == Role.HEAD_OF_YEAR else {}
    scope |= {"group": group} if role in (Role.TUTOR, Role.SUBJECT_TEACHER) else {}
    keeps = role in roles_with(P.IMPORT_DATA) | roles_with(P.EXPORT_STUDENTS)
    assert rows_as(make.person(role, **scope)) == (int(role in MEMBERS_READ), int(keeps))


def test_a_row_says_nothing_by_itself() -> None:
    """What stands in a log or an error by accident does not tell."""
    row = make.EthnicityFactory.create()
    assert not any(word in f"{row} {row!r}".lower() for word in WORDS)
    assert not hasattr(row.student, "ethnicity"), "there is no way to it from a student"
    assert EthnicityChange.objects.count() == 1
