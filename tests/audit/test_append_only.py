"""What is on the record stays as it was written."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from accounts.enums import Role
from audit.models import Event
from audit.services import record
from tests.factories import StudentFactory, person

pytestmark = pytest.mark.django_db


def test_an_event_says_who_did_what_to_whom() -> None:
    tutor, student = person(Role.TUTOR), StudentFactory.create()
    event = record("session.logged", by=tutor, obj=student, steps=2)
    event.refresh_from_db()
    assert (event.actor_id, event.actor_name, event.school_id) == (tutor.pk, str(tutor), tutor.school_id)
    assert (event.object_type, event.object_id, event.detail) == ("students.Student", str(student.pk), {"steps": 2})


def test_the_system_acts_under_its_own_name() -> None:
    assert record("reports.swept", by=None).actor_name == "system"


@pytest.mark.parametrize(
    "change", [lambda: Event.objects.update(action="nothing"), lambda: Event.objects.all().delete()]
)
def test_nobody_changes_or_removes_an_event(change: Callable[[], object]) -> None:
    record("session.logged", by=None)
    with transaction.atomic(), pytest.raises(DatabaseError, match="append-only"):
        change()
