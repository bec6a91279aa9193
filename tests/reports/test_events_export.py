"""The events of a term as a file: what is on screen and no more, safe in a spreadsheet, on the record (duty 71)."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from audit.models import Event
from tests import factories as make
from tests.sessions.pages import client_of, scene

pytestmark = pytest.mark.django_db


def test_the_file_holds_the_term_with_its_filters_and_no_formula() -> None:
    """Duty 71: title, days, for whom, and what came of it."""
    world, nurse = scene(), make.person(Role.NURSE)
    make.SchoolEventFactory.create(
        title="=1+1", kind="trip", came=12, outcome="Good.", told_on=localdate(), told_by=nurse
    )
    make.SchoolEventFactory.create(title="Quiz", kind="show")
    make.SchoolEventFactory.create(title="Last year", kind="trip", starts_on=world.term.starts_on - dt.timedelta(400))
    make.TermFactory.create(
        year=2020, name="SUM", starts_on=dt.date(2021, 4, 1), ends_on=dt.date(2021, 7, 1), break_starts_on=None,
        break_ends_on=None,
    )  # fmt: skip
    url = reverse("reports:events-export", args=["csv"])
    said = client_of(nurse).get(url, {"kind": "trip"}).content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in said] == ["Event", "'=1+1"]
    assert said[1].endswith(",With an outcome,12,Good.,")
    [line] = Event.objects.filter(action="export.made")
    assert (line.detail["list"], line.detail["rows"]) == ("events", 1)
    assert client_of(world.tutor).get(url).status_code == 403
