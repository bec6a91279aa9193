"""People outside school around a student, and the key person inside (duties 67 and 2)."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from core.acting import Actor, acting_as
from tests import factories as make
from tests.referrals.test_held_by_the_database import execute, refused
from tests.sessions.pages import Scene, client_of, scene
from tutoring.referrals.around import circle_around, key_person_of
from tutoring.referrals.models import KeyPerson, PersonAround

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Scene:
    return scene()


def family(world: Scene) -> str:
    return reverse("desk:student-family", args=[world.student.pk])


def typed(**other: Any) -> dict[str, Any]:
    return {
        "name": "Dele Okoro", "role": "youth worker", "phone": "01632 960188", "may_know": "Attendance only.",
        "consent": "parent", "consent_words": "Ms Okafor, by phone.", "since": timezone.localdate().isoformat(),
    } | other  # fmt: skip


def test_somebody_outside_is_added_and_stands_on_the_family_page(world: Scene) -> None:
    """Duty 67: who outside school is concerned, how to reach them, what they may be told and on whose consent."""
    client = client_of(world.tutor)
    url = reverse("referrals:person-create", args=[world.student.pk])
    assert client.post(url, typed(), follow=True).redirect_chain[-1][0] == family(world)
    page = client.get(family(world)).content.decode()
    for words in ("Dele Okoro", "youth worker", "01632 960188", "Attendance only.", "Ms Okafor, by phone."):
        assert words in page


def test_an_agencys_contact_brings_name_and_number(world: Scene) -> None:
    """Duty 67: the agency's own named person, whose number changes in one place."""
    contact = make.AgencyContactFactory.create(agency__school=world.student.school)
    elsewhere = make.AgencyContactFactory.create(agency__school=make.SchoolFactory.create(name="Other"))
    client, url = client_of(world.tutor), reverse("referrals:person-create", args=[world.student.pk])
    assert client.post(url, typed(contact=elsewhere.pk, name="", phone="")).status_code == 200
    client.post(url, typed(contact=contact.pk, name="", phone=""))
    person = PersonAround.objects.get()
    assert (person.name, person.number, person.address) == (contact.name, contact.phone, contact.email)


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("name", {"name": ""}),
        ("may_know", {"may_know": ""}),
        ("consent_words", {"consent": "none", "consent_words": ""}),
        ("until", {"until": "2020-01-01"}),
    ],
)
def test_nobody_is_told_anything_without_a_word_on_it(world: Scene, field: str, other: dict[str, str]) -> None:
    """Duty 67: a name, what they may be told, consent or the reason, days in their order."""
    url = reverse("referrals:person-create", args=[world.student.pk])
    answer = client_of(world.tutor).post(url, typed(**other))
    assert field in answer.context["form"].errors
    assert not PersonAround.objects.exists()


def test_who_is_no_longer_concerned_stays_with_a_day_and_with_what_was_said(world: Scene) -> None:
    """Duty 67: since and until; a change keeps what stood there before, and nobody overwrites unseen."""
    person = make.PersonAroundFactory.create(student=world.student, added_by=world.tutor)
    client, url = client_of(world.tutor), reverse("referrals:person-edit", args=[person.pk])
    opened = client.get(url).context["form"].initial["opened_with"]
    PersonAround.objects.update(may_know="Nothing for now.")
    assert client.post(url, typed(opened_with=opened)).status_code == 409
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    client.post(url, typed(name="Dele Example", since=person.since.isoformat(), until=yesterday.isoformat()))
    circle = circle_around(world.student, timezone.localdate())
    assert (circle.now, [p.name for p in circle.before]) == ([], ["Dele Example"])
    history = PersonAround._meta.apps.get_model("referrals", "PersonAroundChange").objects
    assert set(history.values_list("may_know", flat=True)) >= {"Nothing for now."}


def test_whoever_teaches_sees_the_key_person_and_nobody_outside(world: Scene) -> None:
    """Duties 67 and 2: the circle is for those who may read referrals; the key person is no secret inside."""
    make.PersonAroundFactory.create(student=world.student)
    make.KeyPersonFactory.create(student=world.student, staff=world.tutor)
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    with acting_as(Actor(user_id=teacher.pk)):
        assert not PersonAround.objects.exists()
        assert KeyPerson.objects.count() == 1
    office = make.person(Role.ATTENDANCE_OFFICER)
    assert "Dele Example" not in client_of(office).get(family(world)).content.decode()


def test_one_key_person_at_a_time_and_the_tutor_where_nobody_is_named(world: Scene) -> None:
    """Duty 2: the key person is named from a day on; the one before keeps their days; empty is the tutor again."""
    client, url = client_of(world.tutor), reverse("referrals:key-person", args=[world.student.pk])
    senco, head = make.person(Role.SENCO), make.person(Role.HEADTEACHER)
    assert "the tutor" in client.get(family(world)).content.decode()
    for colleague in (senco, head):
        client.post(url, {"to": colleague.pk})
    assert str(head) in client.get(family(world)).content.decode()
    named = KeyPerson.objects.filter(student=world.student).order_by("until")
    assert [(row.staff, row.until) for row in named] == [(senco, timezone.localdate()), (head, None)]
    client.post(url, {"to": ""})
    assert key_person_of(world.student) is None


def test_the_key_person_is_somebody_who_may_read_what_there_is(world: Scene) -> None:
    """Duty 2: nobody keeps together what they may not read; the database says so too, to any view."""
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    client_of(world.tutor).post(reverse("referrals:key-person", args=[world.student.pk]), {"to": teacher.pk})
    assert not KeyPerson.objects.exists()
    named = """INSERT INTO referrals_keyperson (id, student_id, staff_id, since, set_by_id)
               VALUES (gen_random_uuid(), %s, %s, CURRENT_DATE, %s)"""
    assert refused(world.tutor, named, world.student.pk, teacher.pk, world.tutor.pk, error=IntegrityError)
    assert execute(world.tutor, named, world.student.pk, world.tutor.pk, world.tutor.pk) == 1
    assert refused(world.tutor, named, world.student.pk, world.tutor.pk, world.tutor.pk, error=IntegrityError)


def test_whose_time_ended_does_not_begin_again(world: Scene) -> None:
    """Duty 2: the days of a key person stay as they were."""
    row = make.KeyPersonFactory.create(student=world.student, staff=world.tutor, until=timezone.localdate())
    assert refused(world.tutor, "UPDATE referrals_keyperson SET until = NULL WHERE id = %s", row.pk)
    assert refused(world.tutor, "UPDATE referrals_keyperson SET staff_id = set_by_id, since = '2020-01-01'")


def test_the_circle_takes_two_questions_however_many_there_are(world: Scene) -> None:
    make.PersonAroundFactory.create_batch(9, student=world.student)
    with CaptureQueriesContext(connection) as asked:
        circle_around(world.student, timezone.localdate())
    assert len(asked) == 2
