"""Duties 10 and 118: how many are still to be seen is one number for head, clock, tutor, and the list's length."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from tests import factories as make
from tests.reports.population import TODAY
from tutoring.groups.models import TutorGroup

pytestmark = pytest.mark.django_db
# Year 11, two a term. Year 13 is exempt, and so is Dot; Cy has had both, Ben one, Ada none since the summer.
EXPECTED = {"Ada", "Ben"}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def group() -> TutorGroup:
    group = make.TutorGroupFactory.create(house=make.HouseFactory.create())
    make.TermFactory.create(school=group.school)
    make.EntitlementFactory.create(school=group.school, per_term=2, exempt_years=[13])
    ada, ben, cy, dot = (make.student_in(group, legal_forename=name) for name in ("Ada", "Ben", "Cy", "Dot"))
    make.student_in(group, legal_forename="Eve", year_group=13)
    make.ExemptionFactory.create(student=dot)
    for student, days in ((ada, (150,)), (ben, (10,)), (cy, (30, 5)), (dot, (3, 2))):
        for ago in days:
            make.TutorSessionFactory.create(student=student, held_on=TODAY - dt.timedelta(days=ago))
    return group


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_head_tutor_clock_and_lists_say_the_same(group: TutorGroup) -> None:
    head, tutor = make.person(Role.HEAD_OF_HOUSE, house=group.house), make.person(Role.TUTOR, group=group)
    client = signed_in(head)
    total = client.get(reverse("reports:house-dashboard")).context["total"]
    page = client.get(f"{reverse('reports:student-rows')}?show=unseen&group={group.pk}").context
    (clock,) = client.get(reverse("desk:term-clock")).context["groups"]
    assert {row.facts.student.preferred_forename for row in page["page"]} == EXPECTED
    assert (total.unseen, page["number"], clock.clock.left) == (2, 2, 2)
    assert (total.seen, total.entitled) == (clock.clock.seen, clock.clock.entitled) == (1, 3)
    assert {row.why for row in page["page"]} == {"Last seen 23 June 2026", "1 of 2 this term, last on 10 November"}
    for who in (head, tutor):
        listed = signed_in(who).get(f"{reverse('desk:student-list')}?show=unseen").context["rows"]
        assert {row.student.preferred_forename for row in listed} == EXPECTED
    everybody = signed_in(tutor).get(reverse("desk:student-list"))
    assert {row.student.preferred_forename for row in everybody.context["rows"] if row.promise.owed} == EXPECTED
    assert "1 of 2 this term" in everybody.content.decode()


def test_nobody_exempt_is_chased_on_today(group: TutorGroup) -> None:
    """Ben was seen ten days ago, once: he is owed another; Dot and Eve are owed none."""
    tutor = make.person(Role.TUTOR, group=group)
    needs = signed_in(tutor).get(reverse("desk:today")).context["needs"]
    chips = {student.preferred_forename: [chip.text for chip in line.chips] for student, line in needs}
    assert chips == {"Ada": ["No 1:1 this term"], "Ben": ["1 of 2 1:1s this term"]}


def test_a_house_of_which_everybody_is_exempt_says_so(group: TutorGroup) -> None:
    make.EntitlementFactory.create(school=group.school)
    rule = group.school.entitlement
    rule.exempt_years = [11, 13]
    rule.save()
    client = signed_in(make.person(Role.HEAD_OF_HOUSE, house=group.house))
    page = client.get(reverse("reports:house-dashboard"))
    assert (page.context["total"].entitled, page.context["total"].unseen) == (0, 0)
    assert "Everyone is exempt" in page.content.decode()
