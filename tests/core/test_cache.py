"""The cache counts guesses and requests: what is in it holds until its time is over, however full it gets."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tasks import purge_sessions

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def test_a_value_is_replaced_by_set_and_kept_by_add() -> None:
    assert cache.add("key", 1, 60)
    assert not cache.add("key", 2, 60)
    assert cache.get("key") == 1
    cache.set("key", 3, 60)
    assert cache.get("key") == 3
    assert cache.delete("key")
    assert cache.add("key", 4, None), "for ever"
    assert cache.get("key") == 4


def test_what_has_run_out_is_gone_and_its_place_free() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        cache.set("key", 1, 60)
        clock.shift(61)
        assert cache.get("key") is None
        cache.set("key", 1, 60)
        clock.shift(61)
        assert cache.add("key", 2, 60)
        assert cache.get("key") == 2
        assert cache.touch("key", 300)
        clock.shift(299)
        assert cache.get("key") == 2


def test_a_write_is_one_statement() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        cache.set("key", 1, 60)
        cache.add("key", 1, 60)
    assert len(asked) == 2


def test_however_many_come_in_nothing_that_holds_is_forgotten() -> None:
    cache.set("a-guess", 1, 60)
    for number in range(400):
        cache.set(f"z{number}", number, 60)
    assert cache.get("a-guess") == 1


def test_what_has_run_out_is_swept_away() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        cache.set("short", 1, 60)
        cache.set("long", 1, 600)
        clock.shift(61)
        purge_sessions()
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key FROM cache")
            assert [key for (key,) in cursor.fetchall()] == [":1:long"]
