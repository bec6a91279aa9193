"""Duties 5, 8: line managers in the staff file: addresses, checked at the row, and nothing of good rows lost."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.lines import end_line, people_managed_by
from accounts.models import LineManager, School, User
from audit.models import Event
from core.acting import Actor, acting_as
from exchange.findings import Report, Severity
from exchange.importing import Wish, import_folder
from tests import factories as make

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]
DAY = dt.timedelta(days=1)
HEADERS = "Surname,Forename,Email,Role,Line manager"


@pytest.fixture
def office() -> User:
    make.SchoolFactory.create()
    return make.person(Role.DATA_MANAGER, first_name="Sam", last_name="Office")


@pytest.fixture
def ada(office: User) -> User:
    return make.person(Role.SENCO, first_name="Ada", last_name="Lead", email="ada@school.example")


def bring(by: User, folder: Path, *, dry_run: bool = False) -> Report:
    """As the worker does: with the rights of whoever sent the file."""
    assert by.school is not None
    with acting_as(Actor(user_id=by.pk)):
        return import_folder(folder=folder, school=by.school, wish=Wish(dry_run=dry_run), by=by)


def rows(*lines: str) -> str:
    return "\n".join([HEADERS, *lines, ""])


def lines() -> set[tuple[str, str]]:
    return {(line.person.last_name, line.manager.last_name) for line in LineManager.objects.current()}


def said(report: Report) -> list[tuple[int, str, str]]:
    return [(f.line, f.column, f.code) for f in report.findings if f.line]


def test_several_managers_also_one_who_stands_further_down(office: User, ada: User, write: Write) -> None:
    """Named from today on, on the record by whoever sent the file; the same file again changes nothing."""
    folder = write(
        "staff.csv",
        rows(
            "Coach,Noor,noor@school.example,1:1 Tutor,ADA@school.example; bea@school.example",
            "Senior,Bea,bea@school.example,Assistant Head,",
        ),
    )
    seen = bring(office, folder, dry_run=True)
    assert seen.also["line managers"] == {"made": 2, "changed": 0}
    assert {"who": "Noor Coach", "before": "", "after": "Ada Lead, from today"}.items() <= seen.examples[0].items()
    assert lines() == set()
    first = bring(office, folder)
    assert lines() == {("Coach", "Lead"), ("Coach", "Senior")}
    assert set(LineManager.objects.values_list("starts_on", "ends_on")) == {(localdate(), None)}
    assert set(Event.objects.filter(action="line.named").values_list("actor_id", flat=True)) == {office.pk}
    assert said(first) == []
    again = bring(office, folder)
    assert (again.files[0].made, again.files[0].changed, again.files[0].left) == (0, 0, 2)
    assert LineManager.objects.count() == 2
    assert [str(one) for one in people_managed_by(ada)] == ["Noor Coach"]


def test_a_file_without_the_column_or_with_an_empty_cell_changes_nothing(office: User, ada: User, write: Write) -> None:
    noor = make.person(Role.ONE_TO_ONE_TUTOR, first_name="Noor", last_name="Coach", email="noor@school.example")
    make.LineManagerFactory.create(person=noor, manager=ada)
    bring(office, write("staff.csv", "Surname,Forename,Email,Role\nCoach,Noor,noor@school.example,1:1 Tutor\n"))
    report = bring(office, write("staff.csv", rows("Coach,Noor,noor@school.example,1:1 Tutor, ")))
    assert lines() == {("Coach", "Lead")}
    assert (report.files[0].left, said(report)) == (1, [])


def test_what_cannot_be_is_said_at_its_row_and_the_rest_comes_in(office: User, ada: User, write: Write) -> None:
    """Of one cell the good address counts; of one file the good rows; nobody loses a role by it."""
    there = School.objects.create(name="Elsewhere", dfe_number="9994000")
    make.person(Role.TUTOR, school=there, email="far@elsewhere.example")
    make.person(Role.TUTOR, first_name="Old", last_name="Gone", email="old@school.example", is_active=False)
    folder = write(
        "staff.csv",
        rows(
            "Coach,Noor,noor@school.example,1:1 Tutor,nobody@school.example;ada@school.example",
            "Second,Bo,bo@school.example,Tutor,bo@school.example",
            "Third,Cy,cy@school.example,Tutor,far@elsewhere.example",
            "Fourth,Di,di@school.example,Tutor,not an address",
            "Fifth,Ed,ed@school.example,Tutor,old@school.example",
            "Lead,Ada,ada@school.example,SENCO,fay@school.example",
            "Sixth,Fay,fay@school.example,Tutor,noor@school.example",
        ),
    )
    for dry_run in (True, False):
        report = bring(office, folder, dry_run=dry_run)
        assert said(report) == [
            (2, "Line manager", "unknown_manager"), (3, "Line manager", "own_manager"),
            (4, "Line manager", "manager_elsewhere"), (5, "Line manager", "bad_manager"),
            (6, "Line manager", "inactive_manager"), (8, "Line manager", "line_circle"),
        ]  # fmt: skip
        assert {f.severity for f in report.findings if f.line} == {Severity.WARNING}
    words = {f.code: f.message for f in report.findings}
    assert "No colleague of this school has the address nobody@school.example." in words["unknown_manager"]
    assert "Fay Sixth manages Noor Coach, perhaps through others" in words["line_circle"]
    assert lines() == {("Coach", "Lead"), ("Lead", "Sixth")}
    assert report.refused == 0
    assert User.objects.get(email="fay@school.example").memberships.filter(role=Role.TUTOR).exists()


def test_what_was_said_by_hand_stays_and_what_was_ended_does_not_come_back(
    office: User, ada: User, write: Write
) -> None:
    """A file names and never ends: who is named by hand besides is told of, and an end by hand holds this year."""
    noor = make.person(Role.ONE_TO_ONE_TUTOR, first_name="Noor", last_name="Coach", email="noor@school.example")
    bea = make.person(Role.SENIOR_LEADER, first_name="Bea", last_name="Senior", email="bea@school.example")
    by_hand = make.LineManagerFactory.create(person=noor, manager=bea, starts_on=localdate() - DAY)
    folder = write("staff.csv", rows("Coach,Noor,noor@school.example,1:1 Tutor,ada@school.example"))
    report = bring(office, folder)
    assert lines() == {("Coach", "Lead"), ("Coach", "Senior")}
    assert said(report) == [(2, "Line manager", "line_stays")]
    assert "Noor Coach is managed by Bea Senior too" in report.findings[0].message
    with acting_as(Actor(user_id=office.pk)):
        end_line(by_hand, localdate(), by=office)
    LineManager.objects.filter(pk=by_hand.pk).update(starts_on=localdate() - 5 * DAY, ends_on=localdate() - DAY)
    report = bring(office, write("staff.csv", rows("Coach,Noor,noor@school.example,1:1 Tutor,bea@school.example")))
    assert said(report) == [
        (2, "Line manager", "line_ended"),
    ]
    assert lines() == {("Coach", "Lead")}


def test_a_line_opens_nothing(office: User, ada: User, write: Write) -> None:
    """Decision 0016: whoever is named by a file sees nobody by it, and holds no role."""
    folder = write(
        "staff.csv",
        rows("Coach,Noor,noor@school.example,1:1 Tutor,vi@school.example", "View,Vi,vi@school.example,Receptionist,"),
    )
    bring(office, folder)
    assert lines() == {("Coach", "View")}
    assert not User.objects.get(email="vi@school.example").memberships.exists()
