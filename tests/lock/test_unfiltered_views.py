"""Views that forget to filter leak nothing and hide nothing: 2,500 requests by 100 people and more, elevated or not."""

import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, YEAR_ROLES, Role
from accounts.models import Membership, User
from accounts.permissions import Permission as P
from reports.models import ReportBatch, ReportItem
from students.models import Contact, Student
from tests import database
from tests import factories as make
from tests.lock.reference import Eyes, Facts, Named
from tests.lock.rules import RULES
from tutoring.attendance.models import Mark
from tutoring.groups.models import CaseloadEntry, GroupMembership, TutorAssignment
from tutoring.sessions.enums import Confidentiality
from tutoring.sessions.models import NextStep, TutorSession, WordsForHome

pytestmark = [pytest.mark.django_db, pytest.mark.sweep, pytest.mark.urls("tests.lock.unfiltered")]
PEOPLE, GROUPS, IN_GROUP = 112, 15, 6
READ = [
    *(Student, Contact, Mark, TutorSession, NextStep, Named, WordsForHome, ReportBatch, ReportItem),
    *(Membership, TutorAssignment, CaseloadEntry, GroupMembership, User),
]


def build_two_schools() -> list[User]:
    """A school of fifteen groups with people of every role, and a small one beside it."""
    here, there = make.SchoolFactory.create(name="Here"), make.SchoolFactory.create(name="Elsewhere")
    houses = [make.HouseFactory.create(school=here, name=name) for name in ("Becket", "Curie", "Darwin")]
    groups = [
        make.TutorGroupFactory.create(school=here, name=f"G{n}", year_group=9 + n % 3, house=houses[n % 3])
        for n in range(GROUPS)
    ]
    groups.append(make.TutorGroupFactory.create(school=there, name="G0", year_group=9))
    students = [make.student_in(group) for group in groups for _ in range(IN_GROUP)]
    people = [_somebody(n, list(Role)[n % len(Role)], groups, students) for n in range(PEOPLE)]
    Contact.objects.bulk_create(Contact(student=student, surname="Okafor") for student in students)
    Mark.objects.bulk_create(Mark(student=s, date="2026-09-07", session="AM", code="/") for s in students)
    for number, student in enumerate(students):
        author = people[number % PEOPLE] if student.school == here else make.UserFactory.create(school=there)
        level = list(Confidentiality)[number % 3]
        session = make.TutorSessionFactory.create(student=student, author=author, confidentiality=level)
        session.named_staff.add(people[(number + 7) % PEOPLE])
        make.NextStepFactory.create(session=session, owner_staff=people[(number + 3) % PEOPLE])
    return people


def _somebody(number: int, role: Role, groups: list[Any], students: list[Student]) -> User:
    here, group = groups[0].school, groups[number % GROUPS]
    scope: dict[str, Any] = {}
    if role in HOUSE_ROLES:
        scope = {"house": group.house}
    if role in YEAR_ROLES:
        scope = {"year_group": group.year_group}
    user = make.person(role, school=here, **scope)
    if role in ASSIGNED_ROLES:
        held = user.memberships.get()
        make.TutorAssignmentFactory.create(membership=held, group=group)
        make.CaseloadEntryFactory.create(membership=held, student=students[number * 11 % (GROUPS * IN_GROUP)])
    if number % 4 == 0 and role is not Role.SUBJECT_TEACHER:
        make.MembershipFactory.create(user=user, role=Role.SUBJECT_TEACHER)
    return user


def expected_of(eyes: Eyes) -> dict[str, list[str]]:
    """Address → what the reference says this person may be told."""
    rows, seen = eyes.facts.rows, eyes.students(P.VIEW_STUDENT)

    def readable(model: Any) -> list[Any]:
        return [row for row in rows[model] if RULES[model].read(eyes, row)]

    sessions = readable(TutorSession)
    per_student = Counter(session.student_id for session in sessions)
    some = {*rows[TutorSession][:: len(rows[TutorSession]) // 2], *sessions[:1]}
    contacts = readable(Contact)
    answers = {
        "list/": [student.pk for student in readable(Student)],
        "raw/": [contact.pk for contact in contacts],
        "aggregate/": [len(readable(Mark))],
        "joined/": [f"{student} {per_student[student]}" for student in seen],
        "values/": [step.pk for step in readable(NextStep)],
        "streamed/": [session.pk for session in sessions],
    }
    answers |= {f"one/{row.pk}/": [row.pk] if row in sessions else [] for row in some}
    for student in rows[Student][:: len(rows[Student]) // 2]:
        both = [c.pk for c in contacts if c.student_id == student.pk and student.pk in seen]
        answers[f"contact/{student.pk}/"] = both
    return {address: sorted(map(str, found)) for address, found in answers.items()}


def ask_everybody(people: list[User]) -> tuple[int, list[str]]:
    """Number of requests, and what was wrong in their answers."""
    facts, requests, wrong = Facts.load(READ), 0, []
    known = {user.pk: user for user in facts.rows[User]}
    for user in people:
        expected, client = expected_of(Eyes(facts, known[user.pk])), Client(raise_request_exception=False)
        client.force_login(user)
        for elevated in (False, True):
            if elevated:
                client.get("/prove/")
            for place, (address, found) in enumerate(expected.items()):
                if place == 3:
                    requests += 1
                    assert client.get("/crash/").status_code == 500
                requests += 1
                answer = client.get(f"/{address}").json()["found"]
                if answer != found:
                    wrong.append(f"{user.pk} {address}: {len(set(answer) - set(found))} leaked")
    return requests, wrong


@pytest.fixture(autouse=True)
def bare(settings: Any) -> Iterator[None]:
    """Nothing between the request and the view but who asks: no gate that helps the policies; no log of crashes."""
    logging.disable(logging.CRITICAL)
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "accounts.middleware.ActorMiddleware",
    ]
    yield
    logging.disable(logging.NOTSET)


def test_nothing_leaks_and_nothing_is_wrongly_hidden() -> None:
    people = build_two_schools()
    requests, wrong = ask_everybody(people)
    print(f"{requests:,} requests by {len(people)} people")
    assert (requests >= 2500, len(people) >= 100, wrong) == (True, True, [])


def test_the_same_views_leak_where_no_policy_binds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without policies the views above show everybody everything, and this harness says so."""
    people = build_two_schools()
    monkeypatch.setattr(database, "WEB", database.OWNER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (database.OWNER,)
    _, wrong = ask_everybody(people[:15])
    assert sum("0 leaked" not in line for line in wrong) > 50
