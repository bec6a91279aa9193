"""Held by the database, past every view: who is written to, who holds a mail back, and that it goes once."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.enums import Role
from core.acting import Actor, acting_as, acting_as_system
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, scene
from tests.visits.test_held import tried
from tutoring.digests.letters import facts_of
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.progress.models import BehaviourEvent

pytestmark = pytest.mark.django_db
JOB = "family digests"
MONDAY = dt.date(2026, 11, 16)


@pytest.fixture
def world() -> Scene:
    return scene()


def chose(who: Any, contact: Any, **values: Any) -> str:
    row = {
        "id": uuid.uuid4(), "contact_id": contact.pk, "student_id": contact.student_id, "rhythm": "weekly",
        "language": "en", "recorded_by_id": getattr(who, "pk", None), "recorded_at": timezone.now(),
    } | values  # fmt: skip
    marks = ", ".join(["%s"] * len(row))
    return tried(who, f"INSERT INTO digests_digestchoice ({', '.join(row)}) VALUES ({marks})", *row.values())


def test_a_choice_is_of_a_contact_who_may_be_written_to_and_in_ones_own_name(world: Scene) -> None:
    head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
    officer = make.person(Role.ATTENDANCE_OFFICER, school=world.student.school)
    home = {"student": world.student, "email": "a@home.example", "parental_responsibility": True}
    contact = make.ContactFactory.create(**home)
    for number, refused in enumerate(({"court_order": True}, {"parental_responsibility": False}, {"email": ""})):
        other = make.ContactFactory.create(**home | refused, surname=f"N{number}")
        assert chose(world.tutor, other) == "refused", refused
        assert chose(world.tutor, other, rhythm="none") == "done"
    assert chose(world.tutor, contact, recorded_by_id=head.pk) == "refused", "in another's name"
    assert chose(world.tutor, contact, student_id=world.classmate.pk) == "refused", "of another student"
    assert chose(officer, contact) == "refused", "who may not write home"
    assert chose(JOB, contact, recorded_by_id=head.pk) == "refused", "the job chooses nothing"
    assert chose(world.tutor, contact) == "done"
    update = "UPDATE digests_digestchoice SET rhythm = 'none' WHERE contact_id = %s"
    assert tried(officer, update, contact.pk) == "nothing"
    assert tried(JOB, update, contact.pk) == "nothing"
    assert tried(head, update, contact.pk) == "refused", "who changes it says so"


def test_only_the_job_sends_and_never_what_is_held_or_has_gone(world: Scene) -> None:
    contact = make.ContactFactory.create(student=world.student, email="a@home.example")
    make.DigestChoiceFactory.create(contact=contact, recorded_by=world.tutor)
    digest = make.FamilyDigestFactory.create(contact=contact)
    now = timezone.now()

    def changed(who: Any, **values: Any) -> str:
        columns = ", ".join(f"{name} = %s" for name in values)
        return tried(who, f"UPDATE digests_familydigest SET {columns} WHERE id = %s", *values.values(), digest.pk)

    assert changed(world.tutor, state="sending", taken_at=now) == "refused", "that is the job's"
    assert changed(world.tutor, state="sent", taken_at=now, sent_at=now) == "refused"
    assert changed(world.tutor, held=True) == "done"
    assert changed(JOB, state="sending", taken_at=now) == "refused", "held back"
    assert changed(JOB, held=False) == "refused", "a person held it"
    assert changed(world.tutor, held=False) == "done"
    assert changed(JOB, left_out=["rewards"]) == "refused", "what is left out a person says"
    assert changed(JOB, state="sending", taken_at=now) == "done"
    assert changed(world.tutor, held=True) == "refused", "it is going"
    assert changed(JOB, state="sent", sent_at=now) == "done"
    assert changed(JOB, state="open", sent_at=None, taken_at=None) == "refused", "once"
    assert changed(JOB, week=MONDAY + dt.timedelta(days=7)) == "refused"
    columns = "id, contact_id, student_id, week, left_out, held, state, went, attempts, error"
    values = "%s, %s, %s, %s, '{}', false, 'open', '{}', 0, ''"
    again = f"INSERT INTO digests_familydigest ({columns}) VALUES ({values})"
    jamal = world.student.pk
    assert tried(JOB, again, uuid.uuid4(), contact.pk, jamal, digest.week) == "refused", "twice"
    other = make.ContactFactory.create(student=world.student, surname="Silent", email="b@home.example")
    assert tried(JOB, again, uuid.uuid4(), other.pk, jamal, MONDAY) == "refused", "did not choose"


def test_the_job_sees_no_student_and_others_get_no_facts(world: Scene) -> None:
    contact = make.ContactFactory.create(student=world.student, email="a@home.example")
    make.DigestChoiceFactory.create(contact=contact, recorded_by=world.tutor)
    make.BehaviourEventFactory.create(student=world.student, date=MONDAY)
    teacher = make.person(Role.SUBJECT_TEACHER, school=world.student.school, group=world.group)
    officer = make.person(Role.ATTENDANCE_OFFICER, school=world.student.school)
    with acting_as_system(JOB):
        assert not Student.objects.exists()
        assert not BehaviourEvent.objects.exists()
        assert DigestChoice.objects.exists()
        assert facts_of([contact.pk], MONDAY)[contact.pk].rewards == {"Kindness": 1}
    with acting_as_system("reports"):
        assert facts_of([contact.pk], MONDAY) == {}
        assert not DigestChoice.objects.exists()
        assert not FamilyDigest.objects.exists()
    for person in (teacher, officer):
        with acting_as(Actor(user_id=person.pk)):
            assert facts_of([contact.pk], MONDAY) == {}
    with acting_as(Actor(user_id=world.tutor.pk)):
        assert facts_of([contact.pk], MONDAY)


def test_with_the_contact_goes_the_choice_and_what_was_sent_stays(world: Scene) -> None:
    contact = make.ContactFactory.create(student=world.student, email="a@home.example")
    make.DigestChoiceFactory.create(contact=contact, recorded_by=world.tutor)
    make.FamilyDigestFactory.create(contact=contact)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM students_contact WHERE id = %s", [contact.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not DigestChoice.objects.exists()
    assert FamilyDigest.objects.get().contact_id is None
