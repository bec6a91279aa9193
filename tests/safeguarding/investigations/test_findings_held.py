"""What PostgreSQL holds of findings and follow-ups, past every view."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.acting import Actor, acting_as
from safeguarding.investigations import services, statements
from safeguarding.investigations.enums import Entry, Status
from safeguarding.investigations.models import FollowUp, Investigation, InvestigationEntry
from students.enums import TermName
from tests import factories as make
from tests.safeguarding.investigations.pages import opened
from tests.safeguarding.investigations.test_statements_held import asked, party, taken
from tests.safeguarding.pages import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def write(by: User, one: Investigation, kind: Entry, follow_up: FollowUp | None = None) -> InvestigationEntry:
    with acting_as(Actor(by.pk, elevated=True)):
        return services.add_entry(by=by, investigation=one, kind=kind, words={"text": "x"}, follow_up=follow_up)


def refused(by: User, one: Investigation, kind: Entry, follow_up: FollowUp | None = None) -> bool:
    try:
        with transaction.atomic():
            write(by, one, kind, follow_up)
    except services.NotNowError:
        return True
    return False


def test_a_finding_waits_for_statements_and_makes_its_follow_ups(here: World) -> None:
    one = opened(here.dsl, here)
    statement = asked(here.dsl, one, party(one))
    assert refused(here.dsl, one, Entry.FINDING)
    taken(here.dsl, statement)
    assert not refused(here.dsl, one, Entry.FINDING)
    one.refresh_from_db()
    assert one.status == Status.FOUND
    assert one.found_at is not None
    assert [row.weeks for row in one.follow_ups.all()] == [2, 6]
    assert refused(here.dsl, one, Entry.FINDING)


def test_no_statement_is_asked_for_once_there_is_a_finding(here: World) -> None:
    one = opened(here.dsl, here)
    write(here.dsl, one, Entry.FINDING)
    with pytest.raises(statements.NotOpenError):
        asked(here.dsl, one, party(one))
    write(here.dsl, one, Entry.REOPENED)
    asked(here.dsl, one, party(one))


@pytest.mark.parametrize(
    ("found", "due"),
    [
        # A Wednesday; the sixth week later falls into the holidays.
        (dt.date(2026, 11, 11), [dt.date(2026, 11, 25), dt.date(2027, 1, 4)]),
        # A Friday; two weeks later the school is closed.
        (dt.date(2026, 11, 13), [dt.date(2026, 11, 30), dt.date(2027, 1, 4)]),
    ],
)
def test_follow_ups_fall_on_the_next_school_day(here: World, found: dt.date, due: list[dt.date]) -> None:
    school = here.dsl.school
    assert school is not None
    make.TermFactory.create(school=school, starts_on=dt.date(2026, 9, 1), ends_on=dt.date(2026, 12, 18))
    make.TermFactory.create(
        school=school, name=TermName.SPRING, starts_on=dt.date(2027, 1, 4), ends_on=dt.date(2027, 3, 25),
        break_starts_on=None, break_ends_on=None,
    )  # fmt: skip
    make.ClosureFactory.create(school=school, date=dt.date(2026, 11, 27))
    one = opened(here.dsl, here)
    # The database has its own clock: written as of that day, as an import would.
    InvestigationEntry.objects.create(
        investigation=one, kind=Entry.FINDING, author=here.dsl, words=b"x",
        written_at=timezone.make_aware(dt.datetime.combine(found, dt.time(16))),
    )  # fmt: skip
    assert [row.due_on for row in one.follow_ups.all()] == due


def test_without_terms_it_is_the_next_weekday(here: World) -> None:
    one = opened(here.dsl, here)
    saturday = timezone.make_aware(dt.datetime(2026, 11, 14, 16))
    InvestigationEntry.objects.create(
        investigation=one, kind=Entry.FINDING, author=here.dsl, words=b"x", written_at=saturday
    )
    assert [row.due_on for row in one.follow_ups.all()] == [dt.date(2026, 11, 30), dt.date(2026, 12, 28)]


def test_it_closes_when_both_are_answered_or_left_out(here: World) -> None:
    one = opened(here.dsl, here)
    assert refused(here.dsl, one, Entry.CLOSED)
    write(here.dsl, one, Entry.FINDING)
    first, second = one.follow_ups.all()
    assert not refused(here.dsl, one, Entry.FOLLOWED, first)
    assert refused(here.dsl, one, Entry.FOLLOWED, first)
    assert refused(here.dsl, one, Entry.CLOSED)
    assert not refused(here.deputy, one, Entry.DROPPED, second)
    assert not refused(here.dsl, one, Entry.CLOSED)
    one.refresh_from_db()
    assert (one.status, one.closed_at is None) == (Status.CLOSED, False)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.left_out_at, second.answered_at) == (None, None)
    assert first.answered_at
    assert second.left_out_at


def test_opened_again_it_waits_for_another_finding(here: World) -> None:
    one = opened(here.dsl, here)
    assert refused(here.dsl, one, Entry.REOPENED)
    write(here.dsl, one, Entry.FINDING)
    write(here.dsl, one, Entry.REOPENED)
    one.refresh_from_db()
    assert (one.status, one.found_at) == (Status.OPEN, None)
    assert not one.follow_ups.filter(left_out_at=None).exists()
    write(here.dsl, one, Entry.FINDING)
    assert one.follow_ups.filter(left_out_at=None).count() == 2


def test_a_follow_up_of_another_answers_nothing_here(here: World) -> None:
    one, other = opened(here.dsl, here), opened(here.dsl, here, account="Another.")
    for each in (one, other):
        write(here.dsl, each, Entry.FINDING)
    assert refused(here.dsl, one, Entry.FOLLOWED, other.follow_ups.first())
    assert refused(here.dsl, one, Entry.FOLLOWED)
