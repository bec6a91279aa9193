"""A booking carries the school's own kind: its name in the week, the story and the feed, and into the form."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from core.acting import Actor, acting_as
from tests import factories as make
from tests.diary.scenes import TODAY, TUESDAY, Scene, at, give_slots, scene
from tests.sessions.pages import client_of, opened_form
from tutoring.diary import services
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind, TutorSession

pytestmark = pytest.mark.django_db
WEEK = "/diary/?week=2026-W48"


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(8), dt.UTC), tick=False):
        yield


@pytest.fixture
def here() -> Scene:
    return scene()


def own_kind(here: Scene, **fields: object) -> SessionKind:
    named = {"name": "Progress meeting", "kind": Kind.REVIEW, "position": 90} | fields
    return SessionKind.objects.create(school=here.group.school, **named)


def booking(here: Scene) -> str:
    return reverse("diary:appointment-book", args=[here.student.pk])


def in_feed(here: Scene) -> str:
    token = make.calendar_token(here.tutor)
    return Client().get(reverse("diary:calendar-feed", args=[token])).content.decode()


def test_a_kind_of_the_schools_own_is_booked_shown_by_its_name_and_held(here: Scene) -> None:
    kind = own_kind(here)
    give_slots(here.tutor)
    client = client_of(here.tutor)
    assert "Progress meeting" in client.get(booking(here)).content.decode()
    assert client.post(booking(here), {"kind": str(kind.pk), "free": "2026-11-24T08:40"}).status_code == 302
    appointment = Appointment.objects.get()
    assert (appointment.school_kind, appointment.kind) == (kind, Kind.REVIEW)
    assert "Progress meeting, 15 min" in client.get(WEEK).content.decode()
    assert "SUMMARY:Progress meeting\\, Room 4" in in_feed(here)
    with time_machine.travel(dt.datetime.combine(TUESDAY, dt.time(9), dt.UTC), tick=False):
        client = client_of(here.tutor)  # signed in anew, a day later
        form = client.get(appointment.log_url).content.decode()
        assert re.search(rf'<input[^>]* name="kind"[^>]* value="{kind.pk}"[^>]* checked', re.sub(r"\s+", " ", form))
        sent = opened_form(client, appointment.log_url, kind=str(kind.pk))
        assert client.post(appointment.log_url, sent).status_code == 302
    appointment.refresh_from_db()
    assert appointment.state == State.HELD
    assert TutorSession.objects.get().school_kind == kind


def test_the_link_to_the_form_opens_it_with_that_kind_or_with_one_still_in_use(here: Scene) -> None:
    kind = own_kind(here)
    with acting_as(Actor(here.tutor.pk)):
        appointment = services.book_appointment(
            by=here.tutor, staff=here.tutor, student=here.student, slot=at(TUESDAY), kind=kind
        )
    assert f"kind={kind.pk}" in appointment.log_url
    kind.is_active = False
    kind.save()
    appointment.refresh_from_db()
    assert "kind=review" in appointment.log_url


def test_a_renamed_kind_has_its_new_name_wherever_an_appointment_stands(here: Scene) -> None:
    missed = make.AppointmentFactory.create(
        student=here.student, staff=here.tutor, day=TODAY - dt.timedelta(days=4), state=State.MISSED, reason="Ill"
    )
    make.AppointmentFactory.create(student=here.student, staff=here.tutor, day=TUESDAY)
    SessionKind.objects.filter(kind=Kind.ONE_TO_ONE).update(name="Mentoring hour")
    client = client_of(here.tutor)
    assert "Mentoring hour, 15 min" in client.get(WEEK).content.decode()
    assert "SUMMARY:Mentoring hour" in in_feed(here)
    assert "Missed: Mentoring hour with you" in client.get(f"/students/{here.student.pk}/").content.decode()
    missed.refresh_from_db()
    assert missed.kind_name == "Mentoring hour"


def test_a_kind_out_of_use_cannot_be_booked(here: Scene) -> None:
    kind = own_kind(here, is_active=False)
    client = client_of(here.tutor)
    assert "Progress meeting" not in client.get(booking(here)).content.decode()
    typed = {"kind": str(kind.pk), "free": "another", "day": "2026-11-25", "starts_at": "10:00"}
    assert client.post(booking(here), typed).status_code == 200
    assert not Appointment.objects.exists()


def test_of_two_on_one_day_the_one_of_that_very_kind_is_held(here: Scene) -> None:
    kind = own_kind(here)
    usual, own = (
        make.AppointmentFactory.create(
            student=here.student, staff=here.tutor, kind=Kind.REVIEW, school_kind=named, day=TODAY
        )
        for named in (None, kind)
    )
    make.TutorSessionFactory.create(student=here.student, author=here.tutor, school_kind=kind, held_on=TODAY)
    assert [Appointment.objects.get(pk=one.pk).state for one in (usual, own)] == [State.BOOKED, State.HELD]


def test_a_kind_of_another_school_is_refused_by_the_database(here: Scene) -> None:
    other = make.SchoolFactory.create(name="Elsewhere")
    kind = SessionKind.objects.filter(school=other).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.AppointmentFactory.create(student=here.student, staff=here.tutor, school_kind=kind)
