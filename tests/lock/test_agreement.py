"""Policies and selectors against the plain reading of the rules, over random school years."""

import os

import pytest
from django.db import connection
from hypothesis.stateful import run_state_machine_as_test

from accounts.permissions import Permission
from tests.lock.comparing import Comparison
from tests.lock.machine import FUZZ, SUITE, SchoolYear, Tally
from tests.lock.reference import Facts
from tests.lock.rules import RULES
from tests.lock.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.fuzz, pytest.mark.sweep]
IS_FUZZING = bool(os.environ.get("WAYMARK_FUZZ"))


def test_the_database_agrees_with_the_rules() -> None:
    class Run(SchoolYear):
        world, tally = build_world(), Tally()

    run_state_machine_as_test(Run, settings=FUZZ if IS_FUZZING else SUITE)
    print(f"{Run.tally.checks:,} checks, {Run.tally.decisions:,} row decisions")
    assert Run.tally.checks >= (40_000 if IS_FUZZING else 10_000)


def test_everybody_and_every_job_in_one_world() -> None:
    world = build_world()
    comparison = Comparison(Facts.load(RULES))
    for user in world.users:
        for elevated in (False, True):
            comparison.person(user, elevated=elevated)
    for job in ("reports", "exchange", "drafts", "new year", "safeguarding", "stranger"):
        comparison.job(job)
    comparison.nobody()
    assert comparison.wrong == []


def test_permissions_are_the_same_on_both_sides() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT permission FROM guard.role_permission")
        assert {name for (name,) in cursor.fetchall()} == {p.value for p in Permission}
        cursor.execute(
            "SELECT count(DISTINCT hashtext(p)) FROM unnest(%s::text[]) AS p", [[p.value for p in Permission]]
        )
        assert cursor.fetchone() == (len(Permission),), "two permissions share the code that notes know them by"
