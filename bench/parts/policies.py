"""What the policies cost: statements with them and, on the same connection, as the owner without.

The two take turns within one run, each in a transaction with the actor bound, so that whatever else the machine does
falls on both. What is added is given as a share of counting ROWS bare rows on the same machine, because milliseconds
of one machine say nothing about another: where the bars were set (0.5, 2 and 0.3 ms), that took 1.05 ms.

A bar is against the view that a school would have without policies, one that filters for itself and finds the same
rows (bench.filters); beside it stands what policies add to one that filters nothing.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import psycopg

from bench import Figure
from bench.filters import ByHand

ROWS = 20_000
WEB, OWNER = "waymark_web", "waymark_owner"
MANY_SESSIONS = """
INSERT INTO tutor_sessions_tutorsession (id, student_id, author_id, submission, kind, topics, held_on, place, happened,
  student_words, confidentiality, for_report, created_at, updated_at, version)
SELECT gen_random_uuid(), s.id, (SELECT user_id FROM accounts_membership WHERE role = 'dsl' LIMIT 1), gen_random_uuid(),
       'one_to_one', '{}', current_date - n, '', 'Talked.', '', (ARRAY['teaching', 'team', 'named'])[1 + n % 3], false,
       now(), now(), 1
  FROM (SELECT id, row_number() OVER () AS at FROM students_student) s, generate_series(1, 1000) AS n
 WHERE (s.at * 1000 + n) % ((SELECT count(*) FROM students_student) * 1000 / %s) = 0
"""
COUNT = "SELECT count(*) FROM tutor_sessions_tutorsession"
SHOWN = 25
# As lists do: of the students that the page is about.
NEWEST = """
SELECT * FROM tutor_sessions_tutorsession WHERE student_id IN ({students}) ORDER BY held_on DESC, id LIMIT {shown}
"""
PAGES = (("tutor", "/"), ("tutor", "/students/"), ("head_of_house", "/students/"))
DUE = "AS line (kind"
THERE = 1.05  # milliseconds of COUNT, bare, where the bars were set


@dataclass(frozen=True)
class Work:
    """What one actor asks in one transaction, and the views that their filters written out make (bench.filters)."""

    token: str
    statements: list[str]
    by_hand: ByHand
    name: str
    most: float
    prepared: bool = False  # what is due, alike in all ways, as where connections are kept (0010)


def measure(quick: bool) -> list[Figure]:
    """What policies add to a list, to the worst question and to whole pages, and what binding an actor costs."""
    from accounts.enums import Role

    pairs = 40 if quick else 150
    people = {role: person_with(role) for role in (Role.TUTOR, Role.HEAD_OF_HOUSE, Role.DSL)}
    pages = {(Role(who), address): _statements_of(people[Role(who)], address) for who, address in PAGES}
    add_sessions()
    filters = {role: _filters_of(person, role) for role, person in people.items()}
    works = [work for role, person in people.items() for work in _questions(person, role, filters[role])]
    for (role, address), statements in pages.items():
        name = f"{address}, {role.label}, {len(statements)} statements"
        works.append(Work(_token(people[role]), statements, filters[role], name, 0.5))
        if any(DUE in statement for statement in statements):
            works.append(Work(_token(people[role]), statements, filters[role], f"{name}, one prepared", 0.5, True))
    least = bare(pairs)
    figures = [Figure(f"counting {ROWS:,} bare rows, the measure of the rest", least, "ms")]
    for work in works:
        with_policies, itself, nothing = _compare(work, pairs)
        added, most = (with_policies - itself) / least, round(work.most / THERE, 2)
        figures.append(Figure(f"{work.name}: added to views that filter themselves", added, most=most))
        figures.append(Figure(f"{work.name}: added to views that filter nothing", (with_policies - nothing) / least))
    binding = _binding(people[Role.TUTOR], pairs) / least
    figures.append(Figure("binding the actor", binding, most=round(0.3 / THERE, 2)))
    return figures


def _questions(person: Any, role: Any, by_hand: ByHand) -> Iterator[Work]:
    newest = NEWEST.format(students=_keys(person), shown=SHOWN)
    yield Work(_token(person), [newest], by_hand, f"newest {SHOWN} of a list, {role.label}", 0.5)
    yield Work(_token(person), [COUNT], by_hand, f"all {ROWS:,} rows, {role.label}", 2.0)


def _filters_of(person: Any, role: Any) -> ByHand:
    from django.db import connections

    by_hand = ByHand(person, f"by_hand_{role.value}")
    with connections["owner"].cursor() as cursor:
        by_hand.make(cursor)
    return by_hand


def person_with(role: Any) -> Any:
    """Somebody who holds that role themselves, the same in every run."""
    from accounts.models import User

    return User.objects.filter(memberships__role=role, memberships__stands_in_for=None).order_by("pk")[0]


def _keys(person: Any) -> str:
    """Up to a tutor group's worth of the students this person sees."""
    from core.acting import Actor, acting_as
    from students.models import Student

    with acting_as(Actor(user_id=person.pk)):
        seen = list(Student.objects.order_by("pk")[:28])
    return ", ".join(f"'{student.pk}'" for student in seen)


def _token(user: Any) -> str:
    from core.acting import Actor, acting_as, signed_token

    with acting_as(Actor(user_id=user.pk)):
        return signed_token()


def _statements_of(user: Any, address: str) -> list[str]:
    """What a page asks the database while its actor is bound, in the page's own words."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from core.maintenance import as_owner

    client = Client(headers={"host": "localhost"})
    with as_owner():
        client.force_login(user)
    with (
        mock.patch("accounts.second_factor.is_missing", return_value=False),
        mock.patch("django.templatetags.static.StaticNode.handle_simple", return_value=""),  # files are not collected
        CaptureQueriesContext(connection) as said,
    ):
        status = client.get(address).status_code
    if status != 200:
        raise RuntimeError(f"{address} answered {status}")
    texts = [query["sql"] for query in said.captured_queries]
    begins = next(place for place, text in enumerate(texts) if text == "BEGIN")
    return [text for text in texts[begins:] if text.lstrip("(\n ").startswith("SELECT ")]


def _compare(work: Work, pairs: int) -> tuple[float, float, float]:
    """Median milliseconds with policies, with filters written out and with none, taken in turns."""
    by_hand = work.by_hand
    written_out = [*by_hand.lookup, *(by_hand.written_out(statement) for statement in work.statements)]
    ways = [
        (WEB, "public", work.statements), (OWNER, f"{by_hand.schema}, public", written_out),
        (OWNER, "public", work.statements),
    ]  # fmt: skip
    times: list[list[float]] = [[], [], []]
    with raw_connection() as connection:
        connection.prepare_threshold = 5 if work.prepared else None
        found = [in_one_transaction(connection, work.token, *way) for way in ways]
        for statement, ours, theirs in zip(work.statements, found[0], found[1][len(by_hand.lookup) :], strict=True):
            if ours != theirs:
                raise RuntimeError(f"{work.name}: policies and filters written out find different rows: {statement}")
        for number in range(pairs + 10):
            for way in (0, 1, 2) if number % 2 else (2, 1, 0):
                # Whatever comes right after another role and other tables pays for their leaving the caches: a tenth of
                # a page, which would fall on whichever way stands after which. So each is timed after itself.
                in_one_transaction(connection, work.token, *ways[way])
                taken = timed(lambda way=way: in_one_transaction(connection, work.token, *ways[way]))  # type: ignore[misc]
                if number >= 10:  # plans and caches are warm from here
                    times[way].append(taken)
    first, second, third = (statistics.median(taken) for taken in times)
    return first, second, third


def in_one_transaction(connection: Any, token: str, role: str, path: str, statements: list[str]) -> list[Any]:
    """As that role, with the actor bound: the rows of each statement, sorted."""
    with connection.transaction():
        connection.execute(f"SET LOCAL ROLE {role}")
        connection.execute(f"SET LOCAL search_path = {path}")
        connection.execute("SELECT set_config('waymark.actor', %s, true)", [token])
        return [sorted(_ask(connection, statement).fetchall(), key=str) for statement in statements]


def _ask(connection: Any, statement: str) -> Any:
    return (
        psycopg.Cursor(connection).execute(statement, prepare=True)
        if DUE in statement
        else connection.execute(statement)
    )


def bare(pairs: int) -> float:
    """Median milliseconds of counting the rows without policies."""
    with raw_connection() as connection:
        return statistics.median(
            timed(lambda: in_one_transaction(connection, "", OWNER, "public", [COUNT])) for _ in range(pairs)
        )


def _binding(user: Any, pairs: int) -> float:
    """Median milliseconds of a transaction that binds and does nothing else, less those of an empty one."""
    token = _token(user)
    bound, empty = [], []
    with raw_connection() as connection:
        for _ in range(pairs * 4):
            empty.append(timed(lambda: _do_nothing(connection)))
            bound.append(timed(lambda: _do_nothing(connection, token)))
    return statistics.median(bound) - statistics.median(empty)


def _do_nothing(connection: Any, token: str = "") -> None:
    with connection.transaction():
        if token:
            connection.execute("SELECT set_config('waymark.actor', %s, true)", [token])


def add_sessions() -> None:
    """So many that there are ROWS, over a thousand days."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT greatest(%s - count(*), 0) FROM tutor_sessions_tutorsession", [ROWS])
        cursor.execute(MANY_SESSIONS.replace("%s", str(cursor.fetchone()[0])))
        cursor.execute("ANALYZE")


@contextmanager
def raw_connection() -> Iterator[Any]:
    """A connection of our own, as the product's pool keeps them: one session for many transactions."""
    from django.db import connection

    connection.close()
    connection.ensure_connection()
    yield connection.connection
    connection.close()


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)
