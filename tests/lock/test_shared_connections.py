"""Few connections and many people: nobody ever sees what the actor before saw on the same connection."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor
from students.models import Student
from tests import factories as make
from tests.lock.pooling import NOBODY_BOUND, WAYS, Somebody, Traffic, bind_for_good
from tests.lock.reference import Eyes, Facts
from tests.lock.rules import RULES
from tests.lock.world import build_world
from tutoring.sessions.models import TutorSession

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sweep]
LEFTOVERS = """SELECT name, current_setting(name, true) FROM unnest(
    ARRAY['waymark.actor', 'waymark.door', 'waymark.known', 'waymark.known_mac']) AS name
    WHERE current_setting(name, true) <> ''"""


def everybody() -> list[Somebody]:
    """Tutors, heads, a DSL and the others of two schools, two of our jobs, and nobody, in a committed world."""
    world = build_world()
    make.person(Role.DSL, school=world.schools[0])
    make.person(Role.HEADTEACHER, school=world.schools[0])
    facts = Facts.load(RULES)
    eyes = [Eyes(facts, user) for user in facts.rows[User]]
    people = [Somebody(Actor(user_id=one.user.pk), _may_see(one)) for one in eyes if one.user]
    jobs = [Somebody(Actor(system=name), frozenset()) for name in ("reports", "drafts")]
    return [*people, *jobs, NOBODY_BOUND]


def _may_see(eyes: Eyes) -> frozenset[Any]:
    rows = eyes.facts.rows
    return frozenset(row.pk for model in (Student, TutorSession) for row in rows[model] if RULES[model].read(eyes, row))


def test_nobody_sees_what_the_one_before_saw() -> None:
    people = everybody()
    assert len({who.may_see for who in people}) >= 8, "too many see the same: a leak between them would not show"
    traffic = Traffic(people)
    traffic.run(threads=16, transactions=150, connections=4)
    print(f"{sum(traffic.done.values()):,} transactions, {traffic.handovers:,} handovers, {len(traffic.last)} backends")
    assert traffic.wrong == []
    assert sum(traffic.done.values()) >= 2000
    assert traffic.handovers >= 1500
    assert set(traffic.done) == {way.__name__ for way in WAYS}


def test_binding_for_the_connection_would_leak() -> None:
    """The control: bound for good and forgotten now and then, as with settings per connection, people see others'."""
    traffic = Traffic(everybody(), bind=bind_for_good)
    traffic.run(threads=8, transactions=250, connections=4)
    assert sum("rows of others" in line and ": 0 rows" not in line for line in traffic.wrong) > 10
    assert "unbound: an answer" in traffic.wrong


@pytest.fixture
def pooled() -> Iterator[None]:
    """Django's own pool for all threads but this one, with one connection in it."""
    connection.close()
    options = connection.settings_dict["OPTIONS"]
    before = dict(options)
    options.pop("assume_role", None)  # beside a pool Django waits for itself in there
    options["pool"] = {"min_size": 1, "max_size": 1, "timeout": 20}
    try:
        yield
    finally:
        connection.close_pool()
        options.clear()
        options.update(before)


def _in_thread(work: Any) -> None:
    def then_give_back() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=then_give_back)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()


def test_two_people_over_the_one_connection_of_djangos_pool(request: pytest.FixtureRequest) -> None:
    """Requests in turn, some that fail: each page shows its reader's student, and nothing stays on the connection."""
    signed_in = []
    for name in ("Adeyemi", "Brennan"):
        group = make.TutorGroupFactory.create(name=f"11{name[:3].upper()}")
        client = Client(raise_request_exception=False)
        client.force_login(make.person(Role.TUTOR, group=group))
        signed_in.append((client, make.student_in(group, legal_surname=name), name))
    request.getfixturevalue("pooled")
    shown, left, backends = [], [], set()

    def ask(client: Client, hidden: Student) -> None:
        shown.append(client.get("/students/").content.decode())
        assert client.get(f"/students/{hidden.pk}/").status_code == 404
        backends.add(connection.connection.info.backend_pid)

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute(LEFTOVERS)
            left.extend(cursor.fetchall())
            backends.add(connection.connection.info.backend_pid)

    for turn in range(10):
        (client, _, name), (_, hidden, other) = signed_in[turn % 2], signed_in[1 - turn % 2]
        _in_thread(lambda client=client, hidden=hidden: ask(client, hidden))
        assert (name in shown[-1], other in shown[-1]) == (True, False)
        _in_thread(look)
    assert (left, len(backends), len(shown)) == ([], 1, 10)
