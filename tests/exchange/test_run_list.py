"""Sending files, and the imports so far."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from exchange.models import ImportRun
from tests.factories import ImportRunFactory, SchoolFactory, person

pytestmark = pytest.mark.django_db
URL = "/import/"


@pytest.fixture
def manager(client: Client) -> User:
    user = person(Role.DATA_MANAGER)
    client.force_login(user)
    return user


def send(client: Client, *files: tuple[str, bytes]) -> Any:
    return client.post(URL, {"exports": [SimpleUploadedFile(name, content) for name, content in files]})


def test_an_empty_place_teaches_what_to_export(client: Client, manager: User) -> None:
    page = client.get(URL).content.decode()
    assert "Nothing imported yet" in page
    assert "Bromcom" in page
    assert "multiple" in page


def test_several_files_become_one_run(client: Client, manager: User) -> None:
    answer = send(client, ("students.csv", b"UPN,Surname,Forename\n"), ("staff.csv", b"Name,Email,Role\n"))
    run = ImportRun.objects.get()
    assert answer.headers["Location"] == reverse("exchange:run-detail", kwargs={"pk": run.pk})
    assert run.files == ["staff.csv", "students.csv"]
    assert run.requested_by == manager


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("book.xlsx", b"PK", "book.xlsx is not a CSV file"),
        ("export.zip", b"oops", "The zip cannot be opened"),
        ("students.csv", b"", "One of the files is empty"),
    ],
)
def test_what_is_refused_says_why(client: Client, manager: User, name: str, content: bytes, words: str) -> None:
    assert words in send(client, (name, content)).content.decode()
    assert not ImportRun.objects.exists()


def test_only_the_runs_of_the_own_school_are_listed(client: Client, manager: User) -> None:
    mine = ImportRunFactory.create(school=manager.school)
    theirs = ImportRunFactory.create(school=SchoolFactory.create(name="Other"))
    page = client.get(URL).content.decode()
    assert str(mine.pk) in page
    assert str(theirs.pk) not in page
    assert client.get(reverse("exchange:run-detail", kwargs={"pk": theirs.pk})).status_code == 404


def test_the_list_costs_the_same_with_many_runs(
    client: Client, manager: User, django_assert_max_num_queries: Any
) -> None:
    ImportRunFactory.create_batch(15, school=manager.school, requested_by=manager)
    with django_assert_max_num_queries(9):
        client.get(URL)
