"""Who sees what on the desk pages: another's student is not there, and each role reads only what is theirs to read."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from students.models import Student
from tests import factories as make
from tests.sessions.pages import new_url, opened_form
from tutoring.groups.models import TutorGroup
from tutoring.sessions.enums import Confidentiality

TABS = ["story", "attendance", "progress", "behaviour", "family", "support"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> TutorGroup:
    return make.TutorGroupFactory.create(house=make.HouseFactory.create())


@pytest.fixture
def student(group: TutorGroup) -> Student:
    return make.student_in(group, pupil_premium=True, sen_status="K", sen_need="SEMH")


def get(client: Client, name: str, student: Student) -> int:
    return client.get(reverse(f"desk:student-{name}", args=[student.pk])).status_code


def test_a_tutor_cannot_tell_another_tutors_student_from_nobody(client: Client, student: Student) -> None:
    """Duty 4: a tutor sees their own caseload only."""
    other = make.TutorGroupFactory.create(name="10CUR", year_group=10)
    client.force_login(make.person(Role.TUTOR, group=other))
    assert {get(client, name, student) for name in TABS} == {404}
    found = client.post(reverse("desk:find"), {"q": student.preferred_surname})
    assert student.name not in found.content.decode()


def test_a_tutor_without_a_group_has_the_students_held_one_by_one(client: Client, group: TutorGroup) -> None:
    """Duty 8: a 1:1 tutor's caseload is assigned student by student; classmates are not in it."""
    mine, second, classmate = (make.student_in(group) for _ in range(3))
    coach = make.person(Role.ONE_TO_ONE_TUTOR, student=mine)
    make.CaseloadEntryFactory.create(membership=coach.memberships.get(), student=second)
    client.force_login(coach)
    rows = client.get(reverse("desk:student-list")).context["rows"]
    assert {row.student.pk for row in rows} == {mine.pk, second.pk}
    url = new_url(second)
    assert client.post(url, opened_form(client, url)).status_code == 302
    assert second.tutor_sessions.get().author == coach
    assert client.get(new_url(classmate)).status_code == 404


def test_team_notes_are_not_for_subject_teachers(client: Client, student: Student) -> None:
    make.TutorSessionFactory.create(student=student, confidentiality=Confidentiality.TEAM, happened="Only the team.")
    make.TutorSessionFactory.create(student=student, confidentiality=Confidentiality.TEACHING, happened="All teach.")
    client.force_login(make.person(Role.SUBJECT_TEACHER, student=student))
    page = client.get(reverse("desk:student-story", args=[student.pk])).content.decode()
    assert "All teach." in page
    assert "Only the team." not in page
    assert get(client, "family", student) == 403


def test_a_contributor_adds_what_they_noticed_and_reads_almost_nothing(client: Client, student: Student) -> None:
    """Duty 9: the form, the name and what helps; no notes, marks or needs, and of conversations only their own."""
    make.TutorSessionFactory.create(student=student, confidentiality=Confidentiality.TEACHING, happened="All teach.")
    make.MarkFactory.create(student=student, date=timezone.localdate(), code="O")
    client.force_login(make.person(Role.CONTRIBUTOR, student=student))
    page = client.get(reverse("desk:student-story", args=[student.pk])).content.decode()
    assert student.name in page
    for hidden in ("All teach.", "Pupil premium", "SEMH", "Attendance 0.0%"):
        assert hidden not in page
    assert {name for name in TABS if get(client, name, student) == 200} == {"story"}
    url = new_url(student)
    assert client.post(url, opened_form(client, url, kind="meeting", happened="Sat alone at lunch.")).status_code == 302
    page = client.get(reverse("desk:student-story", args=[student.pk])).content.decode()
    assert "Sat alone at lunch." in page
    assert "All teach." not in page


def test_permissions_of_one_student_are_not_lent_to_another(
    client: Client, group: TutorGroup, student: Student
) -> None:
    """Somebody who tutors one student and only contributes for another reads the second as a contributor."""
    second = make.StudentFactory.create(pupil_premium=True)
    person = make.person(Role.TUTOR, group=group)
    make.CaseloadEntryFactory.create(
        membership=make.MembershipFactory.create(user=person, role=Role.CONTRIBUTOR), student=second
    )
    client.force_login(person)
    assert get(client, "family", student) == 200
    assert get(client, "family", second) == 404
    page = client.get(reverse("desk:student-story", args=[second.pk])).content.decode()
    assert "Pupil premium" not in page
    assert "Family &amp; contacts" not in page
    listed = client.get(reverse("desk:student-list")).content.decode()
    assert listed.count("Pupil premium</span>") == 1


def test_private_codes_are_masked_for_teachers(client: Client, group: TutorGroup, student: Student) -> None:
    make.TermFactory.create()
    make.MarkFactory.create(student=student, date=dt.date(2026, 9, 8), code="I")
    url = reverse("desk:student-attendance", args=[student.pk])
    client.force_login(make.person(Role.SUBJECT_TEACHER, student=student))
    assert "Illness" not in client.get(url).content.decode()
    client.force_login(make.person(Role.TUTOR, group=group))
    assert "Illness" in client.get(url).content.decode()


def test_being_looked_after_is_for_the_pastoral_team(client: Client, group: TutorGroup) -> None:
    student = make.student_in(group, looked_after=True)
    url = reverse("desk:student-support", args=[student.pk])
    client.force_login(make.person(Role.SUBJECT_TEACHER, student=student))
    assert "Looked after" not in client.get(url).content.decode()
    client.force_login(make.person(Role.TUTOR, group=group))
    assert "Looked after" in client.get(url).content.decode()


def test_filters_by_need_do_nothing_for_those_who_may_not_know(client: Client, group: TutorGroup) -> None:
    make.student_in(group, sen_status="N")
    make.student_in(group, sen_status="E")
    client.force_login(make.person(Role.ATTENDANCE_OFFICER))
    page = client.get(reverse("desk:student-list"), {"show": "sen"})
    assert len(page.context["rows"]) == 2
    assert "EHCP" not in page.content.decode()


def test_a_court_order_stands_before_the_number(client: Client, group: TutorGroup, student: Student) -> None:
    make.ContactFactory.create(student=student, court_order=True, phone="07700 900456")
    client.force_login(make.person(Role.TUTOR, group=group))
    page = client.get(reverse("desk:student-family", args=[student.pk])).content.decode()
    assert page.index("Court order") < page.index("07700 900456")
