"""A tutor of several groups goes from one to another, at the same place of every page that shows a group (duty 3)."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from tests import factories as make
from tutoring.groups.models import TutorGroup
from tutoring.groups.switcher import switcher

pytestmark = pytest.mark.django_db
# Page → what it shows of a student of 10BEC, or of the group itself.
PAGES = {
    "desk:today": "Ten",
    "desk:student-list": "Ten",
    "desk:term-clock": "Students of 10BEC",
    "attendance:register-list": "<b>10BEC</b>",
    "conduct:planner-list": ">10BEC</h2>",
}
OTHER = {
    "desk:today": "Eleven",
    "desk:student-list": "Eleven",
    "desk:term-clock": "Students of 11BEC",
    "attendance:register-list": "<b>11BEC</b>",
    "conduct:planner-list": ">11BEC</h2>",
}


@pytest.fixture
def groups() -> tuple[TutorGroup, TutorGroup, TutorGroup]:
    make.TermFactory.create()
    made = [make.TutorGroupFactory.create(name=name) for name in ("10BEC", "11BEC", "9CUR")]
    for group, name in zip(made, ("Ten", "Eleven", "Nine"), strict=True):
        make.student_in(group, preferred_forename=name)
    return made[0], made[1], made[2]


def tutor_of(client: Client, *groups: TutorGroup) -> User:
    tutor = make.person(Role.TUTOR, group=groups[0])
    for group in groups[1:]:
        make.TutorAssignmentFactory.create(membership=tutor.memberships.get(), group=group)
    client.force_login(tutor)
    return tutor


def main(client: Client, address: str, **query: str) -> str:
    """The page without its side bar."""
    answer = client.get(reverse(address), query)
    assert answer.status_code == 200
    return answer.content.decode().split("<main", 1)[1]


def switch(page: str) -> str:
    """The switcher, or "" where there is none."""
    found = re.search(r'<nav class="seg-nav group-switch".*?</nav>', page, re.DOTALL)
    return found.group() if found else ""


@pytest.mark.parametrize("address", PAGES)
def test_two_groups_one_switch(client: Client, address: str, groups: tuple[TutorGroup, TutorGroup, TutorGroup]) -> None:
    """Duty 3: one link a group, and one for all; the page is about the group of the address."""
    ten, eleven, nine = groups
    tutor_of(client, ten, eleven)
    both = switch(main(client, address))
    assert re.findall(r">([^<>\s][^<>]*)</a>", both) == ["All", "10BEC", "11BEC"]
    assert f"?group={ten.pk}" in both
    page = main(client, address, group=str(ten.pk))
    rest = page.replace(switch(page), "")
    if address == "desk:student-list":
        rest = rest[rest.index("<tbody") :]  # below the filter, which names every group
    assert f'?group={ten.pk}" aria-current="true">10BEC' in switch(page)
    assert PAGES[address] in rest
    assert OTHER[address] not in rest
    # Somebody else's group is no choice: the page stays with one's own.
    strange = main(client, address, group=str(nine.pk))
    assert 'aria-current="true">All' in switch(strange)
    assert "Nine" not in strange
    assert "9CUR" not in strange


@pytest.mark.parametrize("address", PAGES)
def test_one_group_no_switch(client: Client, address: str, groups: tuple[TutorGroup, TutorGroup, TutorGroup]) -> None:
    """Duty 3: also where a single student of another group is in the caseload."""
    tutor = tutor_of(client, groups[0])
    student = groups[2].memberships.get().student
    make.CaseloadEntryFactory.create(membership=tutor.memberships.get(), student=student)
    assert switch(main(client, address)) == ""


def test_the_number_on_today_leads_to_the_same_group(
    client: Client, groups: tuple[TutorGroup, TutorGroup, TutorGroup]
) -> None:
    """Duty 3: the group goes on in the address."""
    tutor_of(client, *groups[:2])
    assert f"scope=mine&amp;group={groups[0].pk}" in main(client, "desk:today", group=str(groups[0].pk))


def test_other_words_of_the_address_stay() -> None:
    doors = switcher([("b", "11BEC"), ("a", "10BEC")], "b")
    assert [(door.key, door.is_open) for door in doors] == [("", False), ("a", False), ("b", True)]
    assert switcher([("a", "10BEC"), ("a", "10BEC")], "a") == []
