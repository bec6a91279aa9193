"""The preparation sheet (duties 1, 80, 84; journey 4.1): one click, one screen, and to each reader only theirs."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from students.models import Student
from tests import factories as make
from tutoring.attendance.models import Mark
from tutoring.groups.models import TutorGroup
from tutoring.progress.enums import BehaviourKind
from tutoring.sessions.enums import Confidentiality, Owner
from tutoring.sessions.models import NextStep

pytestmark = pytest.mark.django_db
QUERIES = 27  # two of them are the beginning and the end of the request's transaction


def days_ago(number: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=number)


@pytest.fixture
def group() -> TutorGroup:
    make.TermFactory.create(starts_on=days_ago(80), ends_on=days_ago(-28), break_starts_on=None, break_ends_on=None)
    return make.TutorGroupFactory.create(house=make.HouseFactory.create())


@pytest.fixture
def tutor(group: TutorGroup) -> User:
    return make.person(Role.TUTOR, group=group, last_name="Shah")


@pytest.fixture
def student(group: TutorGroup, tutor: User) -> Student:
    """Somebody with a line in every source."""
    student = make.student_in(group, sen_status="K", sen_need="SEMH")
    session = make.TutorSessionFactory.create(
        student=student, author=tutor, held_on=days_ago(30), student_words="I cannot be in two places."
    )
    make.NextStepFactory.create(session=session, text="Breakfast club", owner=Owner.STUDENT, done_on=days_ago(5))
    make.NextStepFactory.create(session=session, text="Ring home", owner=Owner.STAFF, due_on=days_ago(6))
    _marks(student)
    for name, working, effort in (("Physics", "6", "Excellent"), ("Art", "3", "Poor")):
        subject = make.SubjectFactory.create(name=name)
        earlier = make.DataDropFactory.create(name="2026 Summer", position=20262)
        make.AssessmentFactory.create(student=student, subject=subject, data_drop=earlier, working_at="4")
        make.AssessmentFactory.create(
            student=student, subject=subject, working_at=working, effort=effort, comment=f"Practise {name}."
        )
    make.BehaviourEventFactory.create(student=student, date=days_ago(3))
    make.BehaviourEventFactory.create(
        student=student, date=days_ago(4), kind=BehaviourKind.NEGATIVE, category="Uniform"
    )
    return student


def _marks(student: Student) -> None:
    monday = days_ago(timezone.localdate().weekday() + 14)
    days = [monday + dt.timedelta(days=day) for day in range(10) if day % 7 < 5]
    codes = ["/", "L", "O", "/", "/"]
    Mark.objects.bulk_create(
        make.MarkFactory.build(student=student, date=day, code=code) for day, code in zip(days, codes * 2, strict=False)
    )


def page(client: Client, student: Student) -> str:
    response = client.get(reverse("desk:student-preparation", args=[student.pk]))
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def test_the_tutor_reads_all_of_it_on_one_page(client: Client, tutor: User, student: Student) -> None:
    """Duty 1: what happened since, what was agreed and whether it happened, strengths, words, teachers, dates."""
    client.force_login(tutor)
    text = page(client, student)
    for expected in (
        "You did what we agreed. What helped you do it?",
        "An agreed step of their own is done",
        "possible sessions",
        "Kindness",
        "Uniform",
        "6 days late",
        "✓ Done",
        "Gone up in Physics",
        "Best effort in Physics",
        "I cannot be in two places.",
        "Practise Art.",
        "Effort <b>Poor</b>: Art",
        "school weeks left",
        "SEN support · SEMH",
    ):
        assert expected in text, expected
    assert Event.objects.filter(action="student.opened", detail__page="student-preparation").exists()


def test_what_was_planned_stands_beside_what_was_agreed(client: Client, tutor: User, student: Student) -> None:
    """Duty 1: steps of a plan, what it builds on, its habits and its review; a step that goes on there stands once."""
    plan = make.ActionPlanFactory.create(
        student=student, made_by=tutor, title="Mornings", strengths="Turns up for rugby.", review_on=days_ago(-9)
    )
    agreed = NextStep.objects.get(text="Ring home")
    make.PlanStepFactory.create(plan=plan, text="Ring home on Fridays", from_step=agreed, due_on=days_ago(3))
    make.PlanStepFactory.create(plan=plan, text="Pack the bag", outcome="done", ended_on=days_ago(2))
    make.PlanStepFactory.create(plan=plan, text="See the nurse", outcome="not_done", ended_on=days_ago(2))
    habit = make.PlanTargetFactory.create(plan=plan, text="Here by 8.40", rhythm="week")
    make.HabitCheckFactory.create(target=habit)
    client.force_login(tutor)
    text = page(client, student)
    for expected in (
        "Ring home on Fridays", "3 days late", "Pack the bag", "See the nurse", "Not done", "Here by 8.40",
        "Kept 1 of the last 1 week noted", "Turns up for rugby.", "Plan “Mornings” is reviewed on",
    ):  # fmt: skip
        assert expected in text, expected
    assert "6 days late" not in text, "the step goes on in the plan, by its day there"
    assert text.count("Did 2 agreed steps since last time") == 1
    client.force_login(make.person(Role.SUBJECT_TEACHER, student=student))
    text = page(client, student)
    for hidden in ("Ring home", "Pack the bag", "See the nurse", "8.40", "rugby", "Mornings"):
        assert hidden not in text, hidden


def test_it_is_one_click_from_the_student_from_today_and_from_the_form(
    client: Client, tutor: User, student: Student
) -> None:
    client.force_login(tutor)
    address = reverse("desk:student-preparation", args=[student.pk])
    for opened in (
        reverse("desk:today"),
        reverse("desk:student-story", args=[student.pk]),
        reverse("tutor_sessions:session-create", args=[student.pk]),
    ):
        assert f'href="{address}"' in client.get(opened).content.decode(), opened


def test_a_subject_teacher_reads_neither_team_notes_nor_their_steps_nor_that_a_talk_took_place(
    client: Client, student: Student
) -> None:
    make.TutorSessionFactory.create(
        student=student, held_on=days_ago(20), confidentiality=Confidentiality.TEACHING, student_words="Maths is fine."
    )
    client.force_login(make.person(Role.SUBJECT_TEACHER, student=student))
    text = page(client, student)
    assert "Maths is fine." in text
    for hidden in ("two places", "Breakfast club", "Ring home", "Somebody saw"):
        assert hidden not in text, hidden


def test_a_contributor_reads_a_name_and_what_may_be_known(client: Client, student: Student) -> None:
    client.force_login(make.person(Role.CONTRIBUTOR, student=student))
    text = page(client, student)
    assert "not for your role to see" in text
    assert "Nothing has been gathered from teachers yet" in text
    for hidden in ("two places", "Breakfast club", "Kindness", "Uniform", "Practise", "SEMH", "possible sessions"):
        assert hidden not in text, hidden


def test_another_tutors_student_is_not_there(client: Client, student: Student) -> None:
    other = make.TutorGroupFactory.create(name="10CUR", year_group=10)
    client.force_login(make.person(Role.TUTOR, group=other))
    assert client.get(reverse("desk:student-preparation", args=[student.pk])).status_code == 404


def test_a_later_talk_of_named_people_shows_its_day_alone(client: Client, tutor: User, student: Student) -> None:
    make.TutorSessionFactory.create(
        student=student, held_on=days_ago(7), confidentiality=Confidentiality.NAMED, student_words="Between us."
    )
    client.force_login(tutor)
    text = page(client, student)
    assert "Somebody saw Jamal that day" in text
    assert "Between us." not in text


def test_reading_what_was_kept_for_named_people_is_on_the_record(client: Client, tutor: User, student: Student) -> None:
    session = make.TutorSessionFactory.create(
        student=student, held_on=days_ago(7), confidentiality=Confidentiality.NAMED, student_words="Between us."
    )
    session.named_staff.add(tutor)
    client.force_login(tutor)
    assert "Between us." in page(client, student)
    assert Event.objects.get(action="session.read").object_id == str(session.pk)


def _plan_with_a_habit(student: Student, tutor: User) -> None:
    plan = make.ActionPlanFactory.create(student=student, made_by=tutor)
    make.PlanStepFactory.create(plan=plan)
    make.HabitCheckFactory.create(target=make.PlanTargetFactory.create(plan=plan, rhythm="week"), by=tutor)


def test_it_costs_the_same_however_much_there_is(client: Client, tutor: User, student: Student) -> None:
    client.force_login(tutor)
    address = reverse("desk:student-preparation", args=[student.pk])
    _plan_with_a_habit(student, tutor)
    for again in (1, 2):
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        assert len(found) == QUERIES
        for number in range(4):
            session = make.TutorSessionFactory.create(student=student, held_on=days_ago(10 + number))
            make.NextStepFactory.create(session=session, owner=Owner.STUDENT)
            _plan_with_a_habit(student, tutor)
            make.BehaviourEventFactory.create(
                student=student, date=days_ago(number), category=f"Kind {number}", number=again
            )


def test_a_new_student_has_a_sheet_that_teaches(client: Client, group: TutorGroup, tutor: User) -> None:
    client.force_login(tutor)
    text = page(client, make.student_in(group))
    assert "What should I know about you" in text
    assert "None on record since then" in text
    assert "No 1:1 of the last year that you know of." in text
