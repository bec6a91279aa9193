"""Duty 10, escalation: whoever leads a house or year is told on Today of groups of whom somebody will not be seen.

Reckoned by hand. The term runs from Thursday 3 September to Friday 18 December 2026, half term 26 to 30 October. On
Monday 30 November 58 school days are gone (2 + 7 weeks of 5 + 4 weeks of 5 + 1), 14 are left (4 + 5 + 5).
"""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import User
from students.models import Student
from tests import factories as make
from tutoring.diary.enums import State
from tutoring.groups.models import TutorGroup

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY, AFTER = dt.date(2026, 11, 27), dt.date(2026, 11, 30), dt.date(2026, 12, 19)
# Five of ten seen: 5 × 14 / 58 is one more, so four of the five left will be missed.
FORECAST = "11BEC: at this pace 4 of 10 will be missed by 18 December"
TWICE = "did not come or want to come twice, and"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def group(clock: time_machine.Traveller) -> TutorGroup:
    """11BEC, five of ten seen; and 10BEC, nine of ten: 9 × 14 / 58 is two, which is more than are left."""
    group = make.TutorGroupFactory.create(house=make.HouseFactory.create())
    make.TermFactory.create(school=group.school)
    other = make.TutorGroupFactory.create(name="10BEC", year_group=10, house=group.house)
    for one, number in ((group, 5), (other, 9)):
        for student in [make.student_in(one) for _ in range(10)][:number]:
            make.TutorSessionFactory.create(student=student, held_on=dt.date(2026, 10, 6))
    make.person(Role.TUTOR, group=group, last_name="Quill")
    return group


@pytest.fixture
def head(group: TutorGroup) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=group.house)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told(user: User) -> list[str]:
    page = client_of(user).get("/").context
    return [due.line.text for due in [*page["due"], *page["more_due"]] if due.line.kind == "coverage"]


def unseen(group: TutorGroup, number: int) -> list[Student]:
    students = Student.objects.filter(group_memberships__group=group, session_days__isnull=True)
    return list(students.order_by("pk")[:number])


def appointment(student: Student, day: dt.date, state: State, reason: str = "Forgot") -> None:
    reason = "" if state == State.BOOKED else reason
    make.AppointmentFactory.create(student=student, day=day, state=state, reason=reason)


def test_in_the_last_three_weeks_the_forecast_stands_on_today(
    head: User, group: TutorGroup, clock: time_machine.Traveller
) -> None:
    assert told(head) == [FORECAST]
    assert told(make.person(Role.DEPUTY_HEAD_OF_HOUSE, house=group.house)) == [FORECAST]
    assert told(make.person(Role.HEAD_OF_YEAR, year_group=11)) == [FORECAST]
    assert told(make.person(Role.HEAD_OF_YEAR, year_group=10)) == []
    assert told(make.person(Role.TUTOR, group=group)) == []
    for day in (FRIDAY, AFTER):  # four weeks are left; the term is over
        clock.move_to(dt.datetime.combine(day, dt.time(9), dt.UTC))
        assert told(head) == []


def test_who_is_booked_will_be_seen(head: User, group: TutorGroup) -> None:
    for student in unseen(group, 3):
        appointment(student, dt.date(2026, 12, 3), State.BOOKED)
    assert told(head) == [FORECAST.replace("4 of", "2 of")]
    make.ExemptionFactory.create(student=unseen(group, 5)[-1])
    assert told(head) == ["11BEC: at this pace 1 of 9 will be missed by 18 December"]


def test_missed_or_refused_twice_is_told_at_any_time_of_the_term(
    head: User, group: TutorGroup, clock: time_machine.Traveller
) -> None:
    clock.move_to(dt.datetime.combine(FRIDAY, dt.time(9), dt.UTC))
    once, mixed, later, seen = (*unseen(group, 3), Student.objects.filter(session_days__isnull=False).first())
    for student in (mixed, later, seen):
        appointment(student, dt.date(2026, 11, 10), State.MISSED)
        appointment(student, dt.date(2026, 11, 17), State.REFUSED)
    appointment(once, dt.date(2026, 11, 17), State.MISSED)
    assert told(head) == [f"11BEC: 2 {TWICE} have no other time"]
    appointment(later, dt.date(2026, 12, 3), State.BOOKED)
    assert told(head) == [f"11BEC: 1 {TWICE} has no other time"]
    clock.move_to(dt.datetime.combine(MONDAY, dt.time(9), dt.UTC))
    assert told(head) == [f"{FORECAST}; 1 {TWICE} has no other time"]


def test_the_line_opens_the_group_and_names_nobody(head: User, group: TutorGroup) -> None:
    client = client_of(head)
    page = client.get("/")
    (line,) = [due for due in page.context["due"] if due.line.kind == "coverage"]
    assert (line.doer, line.late, line.line.staff_name, line.line.student_name) == ("", 0, "", "")
    assert line.when == "", "the sentence says the day"
    assert "Quill" not in page.content.decode()
    opened = client.get(line.url).context
    assert (opened["chosen"].name, opened["chosen"].clock.will_be_missed) == ("11BEC", 4)


def test_it_costs_today_no_statement(head: User, clock: time_machine.Traveller) -> None:
    client = client_of(head)
    asked = []
    for day in (FRIDAY, MONDAY):
        clock.move_to(dt.datetime.combine(day, dt.time(9), dt.UTC))
        client.get("/")
        with CaptureQueriesContext(connection) as found:
            client.get("/")
        asked.append(len(found))
    assert asked[0] == asked[1]
