"""Dashboards and lists of schools of different sizes: what stands on them adds up, and costs the same."""

import datetime as dt
import html
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import House, User
from tests.factories import HouseFactory, person
from tests.reports.population import populate

pytestmark = pytest.mark.django_db
PAGE = "reports:house-dashboard"
NUMBER = re.compile(r'<a class="count" href="([^"]*/students/\?[^"]*)">([\d.,]+)(?: to see| of \d+)?</a>')


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def number_in_heading(page: str) -> int:
    found = re.search(r'<p class="lede">.*?<b>(\d+)</b>', page, re.S)
    assert found
    return int(found[1])


@pytest.mark.parametrize(("seed", "role"), [(1, Role.HEAD_OF_HOUSE), (2, Role.HEAD_OF_YEAR), (3, Role.HEADTEACHER)])
def test_every_number_is_the_length_of_the_list_it_opens(seed: int, role: Role) -> None:
    populate(seed)
    scope = {
        Role.HEAD_OF_HOUSE: {"house": House.objects.get(name="Becket")}, Role.HEAD_OF_YEAR: {"year_group": 11},
    }.get(role, {})  # fmt: skip
    client = signed_in(person(role, **scope))
    page = text_of(client, reverse(PAGE))
    numbers = [(html.unescape(url), number) for url, number in NUMBER.findall(page) if "." not in number]
    assert len(numbers) > 10
    for url, number in numbers:
        rows = text_of(client, url)
        assert number_in_heading(rows) == int(number), url
        assert rows.count('<th scope="row">') == int(number), url


def queries_of_two_sizes(address: str, sizes: tuple[int, int], query: str = "") -> list[int]:
    counts = []
    for seed, size in zip((1, 2), sizes, strict=True):
        populate(seed, size)
        client = signed_in(person(Role.HEADTEACHER))
        client.get(reverse(address))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(address) + query)
        counts.append(len(queries))
    return counts


@pytest.mark.parametrize("address", [PAGE, "reports:student-rows"])
def test_the_queries_of_a_dashboard_stay_the_same_whatever_the_size(address: str) -> None:
    few, many = queries_of_two_sizes(address, (2, 9))
    assert few == many <= 15


@pytest.mark.parametrize("address", ["reports:needs-list", "reports:student-list"])
def test_the_queries_of_a_list_stay_the_same_whatever_the_size(address: str) -> None:
    few, many = queries_of_two_sizes(address, (2, 8), "?status=all")
    assert few == many


def test_an_empty_house_teaches() -> None:
    head = person(Role.HEAD_OF_HOUSE, house=HouseFactory.create())
    assert "No students here yet" in text_of(signed_in(head), reverse(PAGE))
