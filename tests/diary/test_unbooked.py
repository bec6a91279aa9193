"""Missed by the student, or refused, without a booking before it: it counts and stands in the story all the same."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from audit.models import Event
from core.acting import Actor, acting_as
from tests import factories as make
from tests.diary.scenes import TODAY, Scene, scene
from tests.sessions.pages import client_of
from tutoring.diary import services
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import states_by_student
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(8), dt.UTC), tick=False):
        yield


@pytest.fixture
def here() -> Scene:
    return scene()


def kind_of(kind: Kind) -> SessionKind:
    return SessionKind.objects.get(kind=kind)


def page_of(here: Scene) -> str:
    return reverse("diary:appointment-book", args=[here.student.pk])


@pytest.mark.parametrize(
    ("state", "kind", "said"),
    [(State.MISSED, Kind.SMALL_GROUP, "Missed: Small group"), (State.REFUSED, Kind.ONE_TO_ONE, "Refused: 1:1")],
)
def test_it_is_noted_in_one_go(here: Scene, state: State, kind: Kind, said: str) -> None:
    client = client_of(here.tutor)
    yesterday = (TODAY - dt.timedelta(days=3)).isoformat()
    typed = {"not_held_kind": str(kind_of(kind).pk), "not_held_day": yesterday, "state": state, "reason": "Went home"}
    assert client.post(page_of(here), typed).status_code == 302
    noted = Appointment.objects.get()
    assert (noted.state, noted.kind, noted.staff, noted.day.isoformat()) == (state, kind, here.tutor, yesterday)
    assert states_by_student([here.student], TODAY - dt.timedelta(days=9), TODAY)[here.student.pk].count(state) == 1
    story = client.get(reverse("desk:student-story", args=[here.student.pk])).content.decode()
    assert f"{said} with you" in story
    assert "Went home" in story
    assert Event.objects.get(action=f"appointment.{state.value}").student_id == here.student.pk


def test_it_says_why_and_on_a_day_that_is_over(here: Scene) -> None:
    tomorrow = (TODAY + dt.timedelta(days=1)).isoformat()
    typed = {
        "not_held_kind": str(kind_of(Kind.ONE_TO_ONE).pk),
        "not_held_day": tomorrow,
        "state": "missed",
        "reason": "",
    }
    page = client_of(here.tutor).post(page_of(here), typed).content.decode()
    assert "Choose today or a day of the past year." in page
    assert "This field is required." in page
    assert not Appointment.objects.exists()


def test_a_note_is_never_missed_and_a_group_is_not_booked_here(here: Scene) -> None:
    page = client_of(here.tutor).get(page_of(here)).content.decode()
    booking, _, missed = page.partition('id="not-held-title"')
    note, group = (str(kind_of(kind).pk) for kind in (Kind.NOTE, Kind.SMALL_GROUP))
    assert note not in page
    assert group in missed
    assert group not in booking


def noted(here: Scene) -> Appointment:
    with acting_as(Actor(here.tutor.pk)):
        return services.note_not_held(
            by=here.tutor, student=here.student, kind=kind_of(Kind.ONE_TO_ONE), at=timezone.now(), state=State.MISSED,
            reason="Went home",
        )  # fmt: skip


def test_taken_back_it_is_gone_for_nothing_was_booked_and_its_history_stays(here: Scene) -> None:
    one = noted(here)
    client = client_of(here.tutor)
    assert "Take the note away" in client.get("/diary/").content.decode()
    answer = client.post(reverse("diary:appointment-outcome", args=[one.pk]), {"reopen": "1"}, follow=True)
    assert "It was noted without a booking, so nothing is booked." in answer.content.decode()
    assert not Appointment.objects.exists()
    [kept] = Appointment.pgh_event_models["delete"].objects.filter(pgh_label="delete")
    assert (kept.id, kept.state, kept.reason) == (one.pk, State.MISSED, "Went home")
    assert Event.objects.get(action="appointment.removed").student_id == here.student.pk


def test_a_colleague_leaves_it_to_whoever_noted_it(here: Scene) -> None:
    one = noted(here)
    head = make.person(Role.HEAD_OF_HOUSE, house=here.group.house)
    client = client_of(head)
    assert "Take the note away" not in client.get(f"/diary/?staff={here.tutor.pk}").content.decode()
    assert client.post(reverse("diary:appointment-outcome", args=[one.pk]), {"reopen": "1"}).status_code == 403
    with acting_as(Actor(head.pk)):
        assert Appointment.objects.filter(pk=one.pk).delete()[0] == 0, "the database refuses it too"
    assert Appointment.objects.get().state == State.MISSED


def test_what_was_booked_is_never_deleted(here: Scene) -> None:
    booked = make.AppointmentFactory.create(student=here.student, staff=here.tutor, day=TODAY)
    with acting_as(Actor(here.tutor.pk)):
        assert Appointment.objects.filter(pk=booked.pk).delete()[0] == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Appointment.objects.filter(pk=booked.pk).update(unbooked=True, state=State.MISSED, reason="No")
    with pytest.raises(IntegrityError, match="appointment_unbooked_was_not_held"), transaction.atomic():
        make.AppointmentFactory.create(unbooked=True)


def test_not_of_a_student_with_whom_one_logs_nothing(here: Scene) -> None:
    stranger = make.student_in(make.TutorGroupFactory.create(name="10FRY", house=make.HouseFactory.create()))
    with pytest.raises(PermissionDenied):
        services.note_not_held(
            by=here.tutor, student=stranger, kind=kind_of(Kind.ONE_TO_ONE), at=timezone.now(), state=State.MISSED,
            reason="No",
        )  # fmt: skip
