"""The database itself says who acted, and who may read it."""

import pytest
from django.db import DatabaseError, transaction

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from audit.services import record
from core.acting import NOBODY, Actor, acting_as, acting_as_system
from students.models import Student
from tests import factories as make
from tests.factories import person

pytestmark = pytest.mark.django_db


def _as(user: User) -> Actor:
    return Actor(user_id=user.pk)


def test_a_forged_actor_is_recorded_as_the_real_one() -> None:
    real, other = person(Role.TUTOR, first_name="Real"), person(Role.HEADTEACHER, first_name="Other")
    with acting_as(_as(real)):
        record("export.made", by=other)
    event = Event.objects.get()
    assert (event.actor_id, event.actor_name) == (real.pk, "Real Shah")


def test_no_line_is_planted_in_another_school_s_record() -> None:
    real, stranger = person(Role.TUTOR), person(Role.TUTOR, school=make.SchoolFactory.create(name="Elsewhere"))
    with acting_as(_as(real)):
        record("export.made", by=stranger)
    assert Event.objects.get().school_id == real.school_id


def test_the_request_is_the_signed_ones() -> None:
    actor = _as(person(Role.TUTOR))
    with acting_as(actor):
        record("export.made", by=None)
    assert Event.objects.get().request_id == str(actor.request_id)


def test_a_job_acts_as_itself_and_tells_whom_it_names() -> None:
    asker = person(Role.HEADTEACHER)
    with acting_as_system("exchange"):
        record("import.failed", by=asker)
    event = Event.objects.get()
    assert (event.actor_id, event.actor_name) == (None, "system: exchange")
    assert event.detail == {"asked_by": str(asker.pk)}


@pytest.mark.parametrize("action", ["sign_in.failed", "session.ended", "factor.used", "password.reset"])
def test_at_the_door_nobody_is_bound_yet(action: str) -> None:
    user = person(Role.TUTOR)
    with acting_as(NOBODY):
        record(action, by=user)
    assert Event.objects.get().actor_id == user.pk


@pytest.mark.parametrize("action", ["export.made", "session.opened", "xsign_in.failed"])
def test_without_an_actor_nothing_else_is_written(action: str) -> None:
    user = person(Role.TUTOR)
    with acting_as(NOBODY), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        record(action, by=user)


def _lines(user: User) -> set[str]:
    with acting_as(_as(user)):
        return set(Event.objects.values_list("action", flat=True))


def _noted(user: User, action: str, student: Student | None = None) -> None:
    with acting_as(_as(user)):
        record(action, by=user, obj=student)


@pytest.mark.parametrize(
    ("role", "sees_others"),
    [(role, role in {Role.DATA_MANAGER, Role.HEADTEACHER, Role.DSL, Role.DEPUTY_DSL}) for role in Role],
)
def test_everybody_reads_their_own_lines_and_few_read_others(role: Role, sees_others: bool) -> None:
    reader, other = person(role), person(Role.TUTOR, first_name="Other")
    _noted(reader, "mine")
    _noted(other, "others", make.StudentFactory.create())
    assert _lines(reader) == ({"mine", "others"} if sees_others else {"mine"})


def test_a_search_reaches_no_further_than_the_students_and_the_school_of_the_searcher() -> None:
    becket, curie = make.HouseFactory.create(name="Becket"), make.HouseFactory.create(name="Curie")
    ours, theirs = make.StudentFactory.create(house=becket), make.StudentFactory.create(house=curie)
    elsewhere = make.SchoolFactory.create(name="Elsewhere")
    tutor, stranger = person(Role.TUTOR), person(Role.TUTOR, school=elsewhere)
    _noted(tutor, "ours", ours)
    _noted(tutor, "theirs", theirs)
    _noted(tutor, "nobodys")
    _noted(stranger, "elsewhere")
    assert _lines(person(Role.DSL, house=becket)) == {"ours", "nobodys"}
    assert _lines(person(Role.DATA_MANAGER)) == {"ours", "theirs", "nobodys"}
    assert _lines(person(Role.DATA_MANAGER, school=elsewhere)) == {"elsewhere"}
