"""Bookings that stand already come through: several at one time is an addition, and can be undone without a loss."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from tests import factories as make
from tests.diary.scenes import TODAY, TUESDAY, Scene, scene
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = ("diary", "0006_kind_by_trigger"), ("diary", "0009_none_left_standing")


def migrate(to: tuple[str, str]) -> type[models.Model]:
    """The tables as that migration leaves them, each step in a transaction of its own; and the model of then."""
    state = MigrationExecutor(connection).migrate([to])
    model: type[models.Model] = state.apps.get_model("diary", "Appointment")
    return model


@pytest.fixture
def here() -> Iterator[Scene]:
    yield scene()
    migrate(AFTER)


def test_there_and_back_with_bookings_in_it(here: Scene) -> None:
    before = migrate(BEFORE)
    rows = before._default_manager
    common = {"staff_id": here.tutor.pk, "made_by_id": here.tutor.pk, "kind": "one_to_one"}
    booked = rows.create(student_id=here.student.pk, day=TUESDAY, starts_at=dt.time(9), **common)
    noted = rows.create(
        student_id=here.student.pk, day=TODAY, starts_at=dt.time(9), state="missed", reason="Ill", **common
    )
    missed = rows.create(student_id=here.classmate.pk, day=TODAY, starts_at=dt.time(10), **common)
    rows.filter(pk=missed.pk).update(state="missed", reason="Ill")
    changes = Appointment.pgh_event_models["update"].objects
    told = changes.values("pgh_id").count()
    migrate(AFTER)
    assert Appointment.objects.get(pk=booked.pk).together is None
    unbooked = dict(Appointment.objects.values_list("pk", "unbooked"))
    assert unbooked == {booked.pk: False, noted.pk: True, missed.pk: False}
    assert changes.count() == told, "what was filled in is no change"

    key = make.uuid.uuid4()
    pair = [
        make.AppointmentFactory.create(
            student=student, staff=here.tutor, day=TUESDAY, starts_at=dt.time(11), together=key, kind="small_group"
        )
        for student in (here.student, here.classmate)
    ]
    migrate(BEFORE)
    migrate(AFTER)
    first, second = (Appointment.objects.get(pk=one.pk) for one in pair)
    assert (first.state, second.state) == (State.BOOKED, State.CANCELLED)
    assert second.reason == "Was booked together with others, which is undone"
    assert Appointment.objects.get(pk=booked.pk).state == State.BOOKED
