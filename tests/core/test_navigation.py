"""What is rarely wanted folds away in a long list of lines, and never the page somebody is on."""

import re

import pytest
from django.urls import reverse

from accounts.enums import Role
from core.navigation import folded
from tests import factories as make
from tests.sessions.pages import client_of


def lines(often: int, rare: int) -> list[dict[str, object]]:
    return [{"label": str(n), "rare": n >= often} for n in range(often + rare)]


@pytest.mark.parametrize(("often", "rare", "in_sight"), [(2, 3, 5), (5, 1, 6), (4, 2, 4), (0, 6, 0)])
def test_a_short_list_stays_whole(often: int, rare: int, in_sight: int) -> None:
    found = folded(lines(often, rare), many=5)
    assert len(found["items"]) == in_sight
    assert found["items"] + found["more"] == lines(often, rare)


@pytest.mark.django_db
def test_the_section_of_this_page_is_open() -> None:
    client = client_of(make.person(Role.HEAD_OF_HOUSE))
    section = re.compile(r"<details( open)?>\s*<summary>More<span[^>]*> of (\w+)<")
    pages = ("desk:today", "groups:cover-list")
    opened = {page: section.findall(client.get(reverse(page)).content.decode()) for page in pages}
    assert opened == {
        "desk:today": [("", "Groups"), ("", "Support")],
        "groups:cover-list": [(" open", "Groups"), ("", "Support")],
    }


@pytest.mark.django_db
def test_the_tab_somebody_is_on_is_in_sight() -> None:
    head = make.person(Role.HEADTEACHER)
    student = make.StudentFactory.create(school=head.school)
    in_sight = {}
    for name in ("story", "referrals"):
        page = client_of(head).get(reverse(f"desk:student-{name}", args=[student.pk]))
        in_sight[name] = "Referrals" in [tab["label"] for tab in page.context["tabs"]["items"]]
        assert "Handover" in [tab["label"] for tab in page.context["tabs"]["more"]]
    assert in_sight == {"story": False, "referrals": True}
