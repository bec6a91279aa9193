"""Duty 46, for governors: how often force was used, by groups; nobody is named and no handful of pupils shown."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as
from reports.force.figures import Line, figures_between
from safeguarding.restraint.enums import What
from tests import factories as make

pytestmark = pytest.mark.django_db
PAGE, TODAY = "reports:force-figures", timezone.localdate()


@pytest.fixture
def chair() -> User:
    return make.person(Role.CHAIR)


@pytest.fixture(autouse=True)
def school() -> None:
    """Fifteen girls of whom twelve met force, one of them twice; fifteen boys of whom two did, in a term of its own."""
    make.TermFactory.create(starts_on=TODAY - dt.timedelta(days=60), ends_on=TODAY + dt.timedelta(days=30))
    group = make.TutorGroupFactory.create()
    girls, boys = [[make.student_in(group, sex=sex) for _ in range(15)] for sex in "FM"]
    for pupil in [*girls[:12], girls[0], *boys[:2]]:
        make.IncidentFactory.create(student=pupil, kinds=["force", "physical"])
    make.IncidentFactory.create(student=girls[14], started_at=timezone.now() - dt.timedelta(days=900))
    elsewhere = make.SchoolFactory.create(name="Elsewhere")
    make.IncidentFactory.create(student=make.StudentFactory.create(school=elsewhere))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lines(user: User) -> dict[str, Line]:
    with acting_as(Actor(user.pk)):
        figures = figures_between(TODAY - dt.timedelta(days=30), TODAY)
    return {"": figures.whole} | {line.label: line for table in figures.tables for line in table.lines}


def numbers(line: Line) -> tuple[Any, ...]:
    return line.records, line.pupils, line.roll, line.share


def test_the_school_is_counted_by_uses_and_by_pupils(chair: User) -> None:
    found = lines(chair)
    assert numbers(found[""]) == (15, 14, 30, 46.7)
    assert numbers(found["Female"]) == (13, 12, 15, 80.0)
    assert found[What("physical").label].records == 15


def test_a_handful_is_not_shown_nor_what_would_tell_of_it(chair: User) -> None:
    found = lines(chair)
    assert found["Male"].hidden, "two boys"
    assert found["Female"].hidden, "fourteen less twelve are two"
    page = client_of(chair).get(reverse(PAGE)).content.decode()
    main = page[page.index("<main") : page.index("</main")]
    assert "80.0" not in main
    assert "recorded <b>15</b> times, with <b>14</b> pupils of 30" in main
    assert main.count(">not shown<") == 6


def test_who_reads_no_figures_gets_noughts_from_postgresql(chair: User) -> None:
    for role in (Role.TUTOR, Role.DATA_MANAGER, Role.SENCO):
        assert numbers(lines(make.person(role))[""]) == (0, 0, 0, None), role
    assert [client_of(make.person(role)).get(reverse(PAGE)).status_code for role in (Role.TUTOR, Role.HEADTEACHER)] == [
        403,
        200,
    ]


def test_the_file_says_no_more_than_the_page_and_is_on_the_record(chair: User) -> None:
    answer = client_of(chair).get(reverse("reports:force-export", args=["csv"]))
    rows = {row[1]: row for row in csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))) if len(row) > 5}  # type: ignore[arg-type]
    assert rows["Everybody"][2:5] == ["15", "14", "30"]
    assert rows["Female"][2:] == ["not shown", "not shown", "15", "not shown"]
    assert Event.objects.filter(actor_id=chair.pk, action__startswith="export").count() == 1
