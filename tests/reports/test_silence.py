"""Delight 3: who is in trouble and was not spoken to since. Golden data: exactly these students, for these reasons."""

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from safeguarding.enums import Store
from safeguarding.models import Concern
from safeguarding.services import Facts, Words, raise_concern
from students.models import Student
from tests import factories as make
from tests.reports.population import TODAY
from tutoring.attendance.models import Mark
from tutoring.groups.models import TutorGroup
from tutoring.sessions.enums import Kind, Outcome
from tutoring.sessions.models import SessionKind

pytestmark = pytest.mark.django_db
# The fortnight began on Monday 9 November; the data drop came in on the 13th.
DROP = dt.date(2026, 11, 13)
GOLDEN = {
    "Absent": "Missed 4 of 4 sessions; no conversation on record",
    "Sanctioned": "2 sanctions in four weeks; last conversation 11 November",
    "Late": "A step overdue since 16 November; last conversation 16 November",
    "Later": "A step overdue since 17 November; last conversation 16 November",
    "Planned": "A step of a plan overdue since 18 November; no conversation on record",
    "Unreviewed": "A review overdue since 19 November; no conversation on record",
    "Falling": "Grades lower in 2 subjects at the data drop of 13 November; last conversation 12 November",
    "Unanswered": "Grades lower in 2 subjects at the data drop of 13 November; no conversation on record",
    "Noted": "Missed 4 of 4 sessions; no conversation on record",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def group() -> TutorGroup:
    group = make.TutorGroupFactory.create(house=make.HouseFactory.create())
    make.TermFactory.create(school=group.school)
    return group


def nov(day: int) -> dt.date:
    return dt.date(2026, 11, day)


def named(group: TutorGroup, name: str) -> Student:
    return make.student_in(group, legal_forename=name)


def missed(student: Student, sessions: int) -> Student:
    half_days = [(nov(day), session) for day in (10, 11) for session in ("AM", "PM")]
    Mark.objects.bulk_create(Mark(student=student, date=d, session=s, code="O") for d, s in half_days[:sessions])
    return student


def sanctioned(student: Student, *days: dt.date) -> Student:
    for number, day in enumerate(days):
        make.BehaviourEventFactory.create(student=student, date=day, kind="negative", number=number)
    return student


def spoken(student: Student, day: dt.date, kind: str = Kind.ONE_TO_ONE, due: dt.date | None = None) -> Student:
    session = make.TutorSessionFactory.create(student=student, held_on=day, kind=kind)
    if due:
        make.NextStepFactory.create(session=session, due_on=due)
    return student


def rang(student: Student, day: dt.date, outcome: str) -> None:
    session = make.TutorSessionFactory.create(student=student, held_on=day, kind=Kind.CALL_HOME)
    make.HomeContactFactory.create(session=session, student=student, outcome=outcome, tone="")


def fell(student: Student, subjects: int) -> Student:
    old = make.DataDropFactory.create(name="2026 Summer", position=20262, collected_on=dt.date(2026, 6, 12))
    new = make.DataDropFactory.create(name="2026 Autumn", position=20263, collected_on=DROP)
    for number, name in enumerate(("Art", "French", "History")):
        subject = make.SubjectFactory.create(name=name)
        make.AssessmentFactory.create(student=student, subject=subject, data_drop=old, working_at="6")
        grade = "5" if number < subjects else "7"
        make.AssessmentFactory.create(student=student, subject=subject, data_drop=new, working_at=grade)
    return student


@pytest.fixture
def golden(group: TutorGroup) -> None:
    """Those of GOLDEN, and beside each somebody who almost stands there."""
    missed(named(group, "Absent"), 4)
    missed(named(group, "Away once"), 3)
    spoken(missed(named(group, "Absent, spoken to"), 4), nov(12))
    spoken(sanctioned(named(group, "Sanctioned"), nov(10), nov(12)), nov(11))
    spoken(sanctioned(named(group, "Sanctioned, spoken to"), nov(10), nov(12)), nov(13))
    sanctioned(named(group, "Sanctioned long ago"), nov(2), nov(3))
    spoken(named(group, "Late"), nov(16), due=nov(16))
    spoken(spoken(named(group, "Late, spoken to"), nov(9), due=nov(16)), nov(17))
    spoken(spoken(named(group, "Later"), nov(9), due=nov(12)), nov(16), due=nov(17))
    plan = make.ActionPlanFactory.create(student=named(group, "Planned"))
    make.PlanStepFactory.create(plan=plan, due_on=nov(18))
    make.ActionPlanFactory.create(student=named(group, "Unreviewed"), review_on=nov(19))
    spoken(fell(named(group, "Falling"), 2), nov(12))
    fell(named(group, "Lower in one"), 1)
    rang(fell(named(group, "Falling, home reached"), 2), nov(14), Outcome.REACHED)
    rang(fell(named(group, "Unanswered"), 2), nov(14), Outcome.NO_ANSWER)
    noted = missed(named(group, "Noted"), 4)
    for kind in (Kind.NOTE, Kind.MEETING, Kind.AGENCY, Kind.GROUP, Kind.SMALL_GROUP):
        spoken(noted, nov(19), kind)
    named(group, "Well")


@pytest.fixture
def head(group: TutorGroup) -> User:
    return make.person(Role.HEAD_OF_HOUSE, house=group.house)


def silence(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    page = client.get(f"{reverse('reports:student-rows')}?show=silence").context
    return {row.facts.student.preferred_forename: row.why for row in page["page"]}


def test_exactly_these_students_stand_there(golden: None, head: User) -> None:
    assert silence(head) == GOLDEN


def test_most_signs_stand_first_then_whoever_was_spoken_to_longest_ago(
    golden: None, group: TutorGroup, head: User
) -> None:
    spoken(sanctioned(missed(named(group, "Both"), 4), nov(10), nov(12)), nov(2))
    first, *_, one, other = silence(head)
    assert (first, {one, other}) == ("Both", {"Late", "Later"})


def test_a_one_to_one_takes_somebody_off_at_once_and_a_note_does_not(golden: None, head: User) -> None:
    for name in GOLDEN:
        student = Student.objects.get(preferred_forename=name)
        spoken(student, TODAY, Kind.NOTE)
        assert name in silence(head)
        spoken(student, TODAY)
        assert name not in silence(head)
    assert silence(head) == {}


def test_what_the_school_counts_as_seen_is_a_conversation(golden: None, head: User) -> None:
    SessionKind.objects.filter(kind=Kind.SMALL_GROUP).update(counts=True)
    assert GOLDEN.keys() - silence(head).keys() == {"Noted"}


def test_no_day_of_the_data_drop_no_fall(golden: None, group: TutorGroup, head: User) -> None:
    """Of data drops from before their day was kept nobody can say what came after."""
    group.school.data_drops.update(collected_on=None)
    assert GOLDEN.keys() - silence(head).keys() == {"Falling", "Unanswered"}


def test_a_safeguarding_concern_changes_nothing_for_the_head(golden: None, group: TutorGroup, head: User) -> None:
    """Of somebody who stands there, and of somebody who does not."""
    tutor = make.person(Role.TUTOR, group=group)
    for name in ("Absent", "Well"):
        student = Student.objects.get(preferred_forename=name)
        words = Words(names=[student.name], seen="She said that she is afraid to go home.", where="In the corridor")
        raise_concern(by=tutor, token=uuid.uuid4(), students=[student], words=words, facts=Facts(Store.CHILDREN))
    assert Concern.objects.count() == 2
    assert silence(head) == GOLDEN
