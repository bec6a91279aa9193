"""Duties 5, 8: what a colleague has not answered in time reaches who manages them: once, and without a student."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from accounts.enums import Mails, Role
from accounts.models import LineManager, User
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.desk.today import Due
from tutoring.followup.models import Alert
from tutoring.groups.selectors import students_visible_to
from tutoring.handover.models import Handover
from tutoring.notices import outbox

pytestmark = pytest.mark.django_db
LATE = {"alert_late", "handover_late"}
TODAY = dt.date(2026, 11, 17)
DAY = dt.timedelta(days=1)
PATIENCE = 14  # days to acknowledge a handover


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """A Tuesday of term."""
    with time_machine.travel(dt.datetime(2026, 11, 17, 9, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def world() -> Scene:
    return scene()


@pytest.fixture
def head(world: Scene) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=world.group.house, first_name="Ada", last_name="Bright")


def manager_of(person: User, role: Role, **fields: Any) -> User:
    """Somebody who manages this person and whose role is for this."""
    manager = make.person(role, **fields)
    make.LineManagerFactory.create(person=person, manager=manager)
    return manager


def alert(world: Scene, head: User, days_late: int = 1, **values: Any) -> Alert:
    return make.AlertFactory.create(
        student=world.student, raised_by=world.tutor, to=head, answer_by=TODAY - days_late * DAY, **values
    )


def handover(world: Scene, to: User | None, days_late: int = 0, **values: Any) -> Handover:
    handed = TODAY - (PATIENCE + days_late) * DAY
    return make.HandoverFactory.create(
        student=world.student, from_tutor=make.person(Role.TUTOR), to=to, handed_on=handed, **values
    )


def page(user: User) -> Any:
    return client_of(user).get(reverse("desk:today"))


def told(user: User) -> list[Due]:
    found = page(user).context
    return [due for due in [*found["due"], *found["more_due"]] if due.line.kind in LATE]


def overdue(user: User) -> list[tuple[str, int]]:
    team = client_of(user).get(reverse("desk:team")).context["team"]
    return [(str(one.person), one.overdue) for one in team]


def test_an_alert_that_is_not_answered_in_time_reaches_the_line_manager(world: Scene, head: User) -> None:
    """Duty 8: from the day after its day until it is answered; who manages nobody of it is told nothing."""
    leader, other = manager_of(head, Role.SENIOR_LEADER), manager_of(world.tutor, Role.SENIOR_LEADER)
    late = alert(world, head, days_late=0)
    assert told(leader) == []
    Alert.objects.update(answer_by=TODAY - 5 * DAY)
    [due] = told(leader)
    assert (due.line.text, due.late, due.line.student_id) == ("Ada Bright, due by 12 November", 5, world.student.pk)
    assert due.url == reverse("followup:alert-detail", args=[late.pk])
    assert overdue(leader) == [("Ada Bright", 1)]
    assert told(other) == told(head) == told(world.tutor) == []
    Alert.objects.update(answer="I ring them.", answered_on=TODAY, answered_by=head)
    assert told(leader) == []
    assert overdue(leader) == [("Ada Bright", 0)]


def test_who_may_not_see_the_student_reads_a_name_and_a_day(world: Scene, head: User) -> None:
    """Decision 0016: a manager gains no student, no word, no page, and nothing to count them by."""
    teacher = manager_of(head, Role.SUBJECT_TEACHER)
    late = alert(world, head)
    given = handover(world, head)
    lines = {due.line.kind: due for due in told(teacher)}
    assert lines.keys() == LATE
    assert {(due.line.student_id, due.line.student_name, due.url) for due in lines.values()} == {(None, "", "")}
    body = page(teacher).content.decode()
    assert "No answer yet to an alert: Ada Bright, due by 16 November" in body
    for hidden in (world.student.preferred_surname, str(world.student.pk), str(late.pk), str(given.pk), late.what):
        assert hidden not in body, hidden
    assert client_of(teacher).get(reverse("followup:alert-detail", args=[late.pk])).status_code == 404
    assert not students_visible_to(teacher).exists()
    with acting_as(Actor(user_id=teacher.pk)):
        assert not Alert.objects.exists()
        assert not Student.objects.exists()


def test_a_handover_nobody_acknowledged_in_time_reaches_who_manages_the_next_tutor(world: Scene) -> None:
    """Duty 5: on the fourteenth day; named, or tutor of the group where nobody is named; acknowledged it is gone."""
    senco, teacher = manager_of(world.tutor, Role.SENCO), manager_of(world.tutor, Role.SUBJECT_TEACHER)
    other = manager_of(make.person(Role.TUTOR), Role.SENIOR_LEADER)
    given = handover(world, world.tutor, days_late=-1)
    assert told(senco) == []
    Handover.objects.update(handed_on=TODAY - PATIENCE * DAY)
    assert [(d.line.kind, d.line.due_on, d.line.student_id) for d in told(senco)] == [
        ("handover_late", TODAY, world.student.pk)
    ]
    assert told(other) == []
    assert told(senco)[0].url == reverse("handover:handover-detail", args=[given.pk])
    assert [(d.line.text, d.line.student_id, d.url) for d in told(teacher)] == [
        (f"{world.tutor}, due by 17 November", None, "")
    ]
    Handover.objects.update(to=None)
    assert [d.line.pk for d in told(senco)] == [given.pk]
    assert overdue(senco) == [(str(world.tutor), 1)]
    Handover.objects.update(from_tutor=world.tutor)
    assert told(senco) == []
    Handover.objects.update(
        from_tutor=make.person(Role.TUTOR), to=world.tutor, acknowledged_on=TODAY, acknowledged_by=world.tutor
    )
    assert told(senco) == []


def test_a_head_who_manages_the_tutor_is_told_once(world: Scene, head: User) -> None:
    make.LineManagerFactory.create(person=world.tutor, manager=head)
    handover(world, world.tutor)
    lines = page(head).context["due"]
    assert [due.line.kind for due in lines if due.line.kind.startswith("handover")] == ["handover_unread"]


def test_only_lines_of_today_count_and_deputies_have_the_same(world: Scene, head: User) -> None:
    leader = manager_of(head, Role.SENIOR_LEADER)
    alert(world, head)
    deputy = make.cover_of(leader).user
    assert [due.line.text for due in told(deputy)] == ["Ada Bright, due by 16 November"]
    in_for_head = make.cover_of(head).user
    make.LineManagerFactory.create(person=head, manager=in_for_head)
    assert told(in_for_head) == [], "who answers for them has the alert itself"
    for dates in ({"ends_on": TODAY - DAY}, {"ends_on": None, "starts_on": TODAY + DAY}):
        LineManager.objects.update(**dates)
        assert told(leader) == []


def test_nobody_is_asked_for_an_answer_they_cannot_give(world: Scene, head: User) -> None:
    """Who leads another house by now, was switched off, or whose student has left."""
    leader = manager_of(head, Role.SENIOR_LEADER)
    alert(world, head)
    assert len(told(leader)) == 1
    head.memberships.update(house=make.HouseFactory.create(name="Curie"))
    assert told(leader) == []
    head.memberships.update(house=world.group.house)
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert told(leader) == []
    User.objects.filter(pk=head.pk).update(is_active=True)
    Student.objects.update(left_on=TODAY - DAY)
    assert told(leader) == []


def test_the_daily_job_tells_it_once_and_names_nobody(world: Scene, head: User, clock: time_machine.Traveller) -> None:
    """Run twice, and the next day, it is one mail; the mail says neither who nor about whom."""
    teacher = manager_of(head, Role.SUBJECT_TEACHER)
    User.objects.exclude(pk=teacher.pk).update(mails=Mails.NEVER)
    alert(world, head)
    assert [outbox.send_notices(), outbox.send_notices()] == [1, 0]
    clock.shift(DAY)
    assert outbox.send_notices() == 0
    [letter] = mail.outbox
    assert "1 alert that somebody you manage has not answered in time" in str(letter.body)
    whole = f"{letter.subject} {letter.message()}"
    for private in ("Bright", world.student.preferred_surname, world.student.preferred_forename, world.tutor.last_name):
        assert private not in whole
    alert(world, head)
    clock.shift(DAY)
    assert outbox.send_notices() == 1


def test_the_count_is_of_duties_and_the_functions_answer_about_ones_own_people_alone(world: Scene, head: User) -> None:
    """What is overdue of theirs counts whole for whoever manages them, and not at all for whoever does not."""
    senco = manager_of(head, Role.SENCO)
    alert(world, head)
    alert(world, head)
    handover(world, world.tutor)
    make.LineManagerFactory.create(person=world.tutor, manager=senco)
    assert dict(overdue(senco)) == {"Ada Bright": 2, str(world.tutor): 1}
    for stranger in (world.tutor, head, make.person(Role.HEADTEACHER)):
        with acting_as(Actor(user_id=stranger.pk)), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM guard.alerts_late()")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT count(*) FROM guard.handovers_late()")
            assert cursor.fetchone() == (0,)
    with acting_as(Actor(user_id=senco.pk)), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("SELECT guard.people_managed()")
