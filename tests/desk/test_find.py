"""Finding a student by name: part of it, in any order, without the accents and apostrophes nobody types."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from students.names import plain
from tests import factories as make


@pytest.fixture
def tutor_client(client: Client) -> Client:
    group = make.TutorGroupFactory.create()
    for forename, surname in [
        ("Aoife", "O’Brien"),
        ("Małgorzata", "Zieliński"),
        ("Zoë", "Smith-Jones"),
        ("Ali", "Şahin"),
    ]:
        make.student_in(group, legal_forename=forename, legal_surname=surname)
    client.force_login(make.person(Role.TUTOR, group=group))
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("obrien", "Aoife O’Brien"),
        ("o'brien", "Aoife O’Brien"),
        ("malgorzata", "Małgorzata Zieliński"),
        ("zielinski mal", "Małgorzata Zieliński"),
        ("zoe", "Zoë Smith-Jones"),
        ("smithjones", "Zoë Smith-Jones"),
        ("SAHIN", "Ali Şahin"),
    ],
)
def test_names_are_found_as_people_type_them(tutor_client: Client, typed: str, found: str) -> None:
    page = tutor_client.post(reverse("desk:find"), {"q": typed}, headers={"HX-Request": "true"})
    assert [r["name"] for r in page.context["results"]] == [found]
    assert "<html" not in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "   ", "'", "nobody", "%"])
def test_nothing_is_found_for_nothing(tutor_client: Client, typed: str) -> None:
    page = tutor_client.post(reverse("desk:find"), {"q": typed})
    assert page.status_code == 200
    assert page.context["results"] == []


@pytest.mark.django_db
def test_no_more_than_eight_and_as_a_whole_page_without_htmx(client: Client) -> None:
    group = make.TutorGroupFactory.create()
    for _ in range(9):
        make.student_in(group)
    client.force_login(make.person(Role.TUTOR, group=group))
    page = client.post(reverse("desk:find"), {"q": "jamal"})
    assert len(page.context["results"]) == 8
    assert "<html" in page.content.decode()


def test_plain_names() -> None:
    assert plain("O’Brien-Şahin ŁÓDŹ") == "obriensahin lodz"
