"""Two people move one small group at once, and one cancels it: whoever is late is told, and it stays together."""

import datetime as dt
import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.diary.scenes import scene
from tutoring.diary import services
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.diary.selectors import FreeSlot, kept_together, mark_of_these
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind

EDITS = 15
DAY = dt.date(2030, 1, 8)


def booked(by: User, students: list[Student], slot: FreeSlot) -> list[Appointment]:
    kind = SessionKind.objects.get(kind=Kind.SMALL_GROUP)
    with acting_as(Actor(by.pk)):
        return services.book_together(by=by, students=students, slot=slot, kind=kind)


@pytest.mark.django_db(transaction=True)
def test_nobody_moves_what_they_have_not_seen() -> None:
    """Each move counts one on in the room's name: were one written over unseen, the count would fall short."""
    here = scene()
    people = [make.person(Role.SENCO, school=here.group.school) for _ in range(2)]
    first, _ = booked(people[0], [here.student, here.classmate], FreeSlot(DAY, dt.time(9), 15, "0"))

    def edit(by: int) -> bool:
        with acting_as(Actor(people[by].pk)):
            shown = list(kept_together(people[by], first))
            room = str(int(shown[0].room) + 1)
            slot = FreeSlot(DAY, dt.time(9 + by, int(room) % 60), 15, room)
            try:
                services.move_appointment(by=people[by], appointment=shown[by], slot=slot, seen=mark_of_these(shown))
            except services.ChangedError:
                return False
            return True

    def write(by: int) -> int:
        late, chance = 0, random.Random(by)
        try:
            for _ in range(EDITS):
                while not edit(by):
                    late += 1
                    time.sleep(chance.random() / 20)
        finally:
            connection.close()
        return late

    with ThreadPoolExecutor(2) as pool:
        late = sum(pool.map(write, range(2)))
    [(room, _, _)] = set(Appointment.objects.values_list("room", "day", "starts_at"))
    assert room == str(2 * EDITS)
    assert late > 0, "nobody was ever late: this proves nothing"


def _at_once(people: list[User], pair: list[Appointment], slot: FreeSlot) -> list[str]:
    """The first cancels it and the second moves it, both from the same page; what each was told."""
    seen = mark_of_these(kept_together(people[0], pair[0]))

    def tried(place: int) -> str:
        by, one = people[place], pair[place]
        try:
            with acting_as(Actor(by.pk)):
                if place:
                    services.move_appointment(by=by, appointment=one, slot=slot, seen=seen)
                else:
                    services.cancel_together(by=by, appointment=one, reason="Ill", seen=seen)
        except (services.ChangedError, services.SettledError):
            return "late"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(tried, range(2)))


@pytest.mark.django_db(transaction=True)
def test_of_a_move_and_a_cancellation_at_once_the_second_is_told() -> None:
    here = scene()
    people = [make.person(Role.SENCO, school=here.group.school) for _ in range(2)]
    for number in range(8):
        day = DAY + dt.timedelta(days=number)
        slot, students = FreeSlot(day, dt.time(9), 15), [here.student, here.classmate]
        pair = booked(people[0], students, slot)
        assert _at_once(people, pair, FreeSlot(day, dt.time(11), 15)) == ["done", "late"]
        left = set(Appointment.objects.filter(together=pair[0].together).values_list("state", "starts_at"))
        assert left in ({(State.CANCELLED, dt.time(9))}, {(State.BOOKED, dt.time(11))})
