"""Totals and trends of rewards and sanctions, on screen and as a file that never runs (duty 43)."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from audit.models import Event
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.conduct.totals import Sums, spans_of, totals_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PAGE = reverse("reports:conduct-totals")
QUERIES = 13


def event(world: Scene, ago: int, points: int, student: Any = None) -> None:
    kind = "positive" if points > 0 else "negative"
    make.BehaviourEventFactory.create(
        student=student or world.student,
        date=localdate() - ago * DAY,
        points=points,
        kind=kind,
        category=f"{ago} {points}",
    )


def test_both_terms_and_each_week_are_added_up() -> None:
    """Duty 43: rewards, sanctions, points and balance, this term and last; withdrawn entries are not there to count."""
    world = scene()
    begins = world.term.starts_on
    make.TermFactory.create(
        name="SUM", year=world.term.year - 1, starts_on=begins - 80 * DAY, ends_on=begins - 20 * DAY,
        break_starts_on=None, break_ends_on=None,
    )  # fmt: skip
    for ago, points in ((1, 2), (1, 3), (8, -4), (90, 5), (75, 7)):
        event(world, ago, points)
    now, before = spans_of(world.group.school, localdate())
    jamal, zofia = totals_of([world.student, world.classmate], now, before)
    assert jamal.now == Sums(rewards=2, sanctions=1, gained=5, lost=-4)
    assert jamal.now.balance == 1
    assert jamal.before == Sums(rewards=1, gained=5)
    assert zofia.now == Sums()
    assert sum(gained for _, gained, _ in jamal.weeks) == 5
    assert sum(lost for _, _, lost in jamal.weeks) == -4
    assert len(jamal.weeks) == len(zofia.weeks) == 9 + (localdate().weekday() < (begins.weekday()))


def test_a_tutor_opens_on_the_own_group_and_takes_it_away_on_the_record() -> None:
    world = scene()
    world.student.preferred_surname = "=HYPERLINK(1)"
    world.student.save()
    event(world, 1, 3)
    client = client_of(world.tutor)
    page = client.get(PAGE)
    assert page.context["title"].endswith(world.group.name)
    assert "conduct-weeks" in page.content.decode()
    answer = client.get(reverse("reports:conduct-export", args=["csv"]), {"of": page.context["of"], "sort": "-balance"})
    text = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][:3] == ["'=HYPERLINK(1)", "Jamal", "1"]
    assert len(rows) == 3
    found = Event.objects.get(action="export.made")
    assert (found.detail["list"], found.detail["rows"]) == ("conduct", 2)
    assert client.get(reverse("reports:conduct-export", args=["xlsx"])).status_code == 200
    assert client.get(reverse("reports:conduct-export", args=["pdf"])).status_code == 404


def test_a_head_adds_up_the_house_and_nobody_sees_another() -> None:
    world = scene()
    head = client_of(make.person(Role.HEAD_OF_HOUSE, house=world.group.house))
    event(world, 1, 3)
    event(world, 1, 2, world.classmate)
    page = head.get(PAGE, {"of": f"house-{world.group.house_id}"})
    assert page.context["together"].gained == 5
    other = make.TutorGroupFactory.create(name="10CUR")
    make.student_in(other)
    assert head.get(PAGE, {"of": f"group-{other.pk}"}).status_code == 404
    teacher = client_of(make.person(Role.SUBJECT_TEACHER, student=world.student))
    assert [row.student for row, _, _ in teacher.get(PAGE).context["lines"]] == [world.student]
    assert teacher.get(reverse("reports:conduct-export", args=["csv"])).status_code == 403


def test_no_member_of_staff_is_named_or_ordered() -> None:
    world = scene()
    make.ConductEntryFactory.create(student=world.student, author=make.person(Role.SENCO, last_name="Quillfeather"))
    page = client_of(world.tutor).get(PAGE).content.decode()
    assert "Quillfeather" not in page


def test_the_page_costs_the_same_however_many_there_are() -> None:
    world = scene()
    client, found = client_of(world.tutor), []
    for number in (1, 6):
        for _ in range(number):
            student = make.student_in(world.group)
            event(world, 3, 2, student)
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        found.append(len(asked))
    assert found == [QUERIES] * 2
