"""An appeal that waits stands on Today, and in the mail, of those who may decide it, until somebody has (duty 41)."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from students.selectors import school_days
from tests import factories as make
from tests.followup.test_warnings import opened, warning_of
from tests.sessions.pages import Scene, client_of, scene
from tutoring.desk.today import Due
from tutoring.followup.enums import Appeal
from tutoring.followup.models import Warning
from tutoring.notices.selectors import counted, things_for

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def appealed(world: Scene, **fields: Any) -> Warning:
    return warning_of(world, **{"appeal": Appeal.ASKED, "appealed_on": localdate(), "appeal_words": "Ill."} | fields)


def on_today(person: User) -> list[Due]:
    page = client_of(person).get(reverse("desk:today")).context
    return [due for due in (*page["due"], *page["more_due"]) if due.line.kind == "appeal"]


def head_of(world: Scene) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=world.group.house)


def test_it_waits_for_those_who_may_decide_and_for_nobody_else() -> None:
    """Only a chip on the student's own warnings said so; nobody was told."""
    world = scene()
    head, issuer = head_of(world), head_of(world)
    warning = appealed(world, issued_by=issuer)
    for person in (head, make.person(Role.HEADTEACHER)):
        [due] = on_today(person)
        assert due.url == reverse("followup:warning-decide", args=[warning.pk])
        assert due.doer == f"issued by {issuer}"
        assert client_of(person).get(due.url).status_code == 200
        with acting_as(Actor(user_id=person.pk)):
            mail = counted(things_for(User.objects.get(pk=person.pk), timezone.now(), localdate()))
        assert mail == ["1 appeal against a warning to decide"], "before its day: somebody waits"
    elsewhere = make.person(Role.HEAD_OF_HOUSE, house=make.HouseFactory.create(name="Curie"))
    for person in (issuer, world.tutor, elsewhere, make.person(Role.SENCO), make.person(Role.DSL)):
        assert on_today(person) == []


def test_it_goes_once_it_is_decided() -> None:
    world = scene()
    warning, head = appealed(world), head_of(world)
    form = {"outcome": "stands", "words": "Both of you were heard."}
    client = client_of(head)
    answer = client.post(on_today(head)[0].url, opened(client, "warning-decide", warning.pk, **form))
    assert answer.status_code == 302
    assert on_today(head) == []


@pytest.mark.parametrize("ago", [0, 3, 20])
def test_it_is_due_on_the_fifth_school_day_and_then_overdue(ago: int) -> None:
    """Weekends and closures are no school days, as everywhere."""
    world = scene()
    came_in = localdate() - ago * DAY
    make.ClosureFactory.create(school=world.student.school, date=came_in + (2 if came_in.weekday() < 3 else 4) * DAY)
    appealed(world, appealed_on=came_in, issued_on=came_in - DAY, expires_on=localdate() + 60 * DAY)
    [due] = on_today(head_of(world))
    assert due.line.due_on == school_days(world.student.school, came_in + DAY, came_in + 21 * DAY)[4]
    assert due.late == max(0, (localdate() - due.line.due_on).days)


def test_a_warning_that_ends_earlier_and_a_school_without_a_calendar() -> None:
    world = scene()
    soon = appealed(world, expires_on=localdate() + DAY)
    [due] = on_today(head_of(world))
    assert due.line.due_on == soon.expires_on
    world.term.delete()
    Warning.objects.filter(pk=soon.pk).update(expires_on=localdate() + 60 * DAY)
    [due] = on_today(head_of(world))
    assert due.line.due_on == localdate() + 7 * DAY
