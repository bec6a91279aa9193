"""Threads that share few connections and bind as the product does, on top of everything that goes wrong on the way."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection
from psycopg_pool import ConnectionPool

from core.acting import Actor, acting_as, door_token, signed_token
from core.postgresql.base import BIND

Connection = psycopg.Connection[Any]
# As one statement: whatever the policies of either table let through.
SEEN = "SELECT id FROM students_student UNION ALL SELECT id FROM tutor_sessions_tutorsession"
LEAVE_BEHIND = "SELECT set_config('waymark.actor', %s, false), set_config('waymark.door', %s, false)"
# What a transaction has worked out, kept for those after it: notes of their own, as injected SQL might leave them.
LEAVE_NOTES = """SELECT set_config(name, current_setting(name, true), false)
                   FROM unnest(ARRAY['waymark.known', 'waymark.known_mac']) AS name
                  WHERE current_setting(name, true) <> ''"""


class Undone(Exception):
    """Raised in the middle of a transaction to have it taken back."""


@dataclass(frozen=True)
class Somebody:
    """An actor, and the keys of the students and 1:1s they may see; None where the answer must be an error."""

    actor: Actor
    may_see: frozenset[Any] | None


def bind(conn: Connection, who: Somebody) -> None:
    """As core.postgresql binds at the beginning of each transaction."""
    conn.execute(BIND, _tokens(who))


def bind_for_good(conn: Connection, who: Somebody) -> None:
    """As many programs do: for the connection, and only when they have somebody to bind."""
    if who.actor.name:
        conn.execute(LEAVE_BEHIND, _tokens(who))


def _tokens(who: Somebody) -> list[str]:
    with acting_as(who.actor):
        return [signed_token(), door_token()]


@dataclass
class Traffic:
    """Many transactions over one pool. `handovers` counts those that followed somebody else's on their connection."""

    people: list[Somebody]
    bind: Callable[[Connection, Somebody], None] = bind
    done: Counter[str] = field(default_factory=Counter)
    handovers: int = 0
    wrong: list[str] = field(default_factory=list)
    # backend → who was bound last, and whether something of theirs was left on the connection on purpose
    last: dict[int, str] = field(default_factory=dict)
    littered: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, *, threads: int, transactions: int, connections: int) -> None:
        """Each thread that many transactions, each on whatever connection is free."""
        known = connection.get_connection_params()
        place = {name: known[name] for name in ("host", "port", "dbname") if name in known}
        pool = ConnectionPool(
            kwargs=place | {"user": "waymark_web"}, min_size=connections, max_size=connections, timeout=30
        )
        with pool:
            at_work = [threading.Thread(target=self._work, args=(pool, n, transactions)) for n in range(threads)]
            for thread in at_work:
                thread.start()
            for thread in at_work:
                thread.join()

    def _work(self, pool: ConnectionPool[Connection], number: int, transactions: int) -> None:
        chance = random.Random(number)  # the same course in every run
        for _ in range(transactions):
            who, way = chance.choice(self.people), chance.choice(WAYS)
            try:
                with pool.connection() as conn:
                    self._note(conn, who, way)
                    way(self, conn, who, chance.choice(self.people))
            except Undone:
                pass
            except Exception as error:  # a thread that dies silently would prove nothing
                self.wrong.append(f"{way.__name__}: {error!r}")

    def _note(self, conn: Connection, who: Somebody, way: Any) -> None:
        with self.lock:
            backend = conn.info.backend_pid
            self.done[way.__name__] += 1
            self.handovers += self.last.get(backend, who.actor.name) != who.actor.name
            self.last[backend] = who.actor.name

    def look(self, conn: Connection, who: Somebody) -> None:
        """What is seen is neither more nor less than theirs."""
        try:
            with conn.transaction():
                seen = frozenset(key for (key,) in conn.execute(SEEN))
        except psycopg.errors.InsufficientPrivilege:
            seen = None
        if seen != who.may_see:
            much = len((seen or frozenset()) - (who.may_see or frozenset()))
            self.wrong.append(f"{who.actor.name or 'nobody'}: {much} rows of others")


NOBODY_BOUND = Somebody(Actor(), None)


def reads(traffic: Traffic, conn: Connection, who: Somebody, other: Somebody) -> None:
    with conn.transaction():
        traffic.bind(conn, who)
        traffic.look(conn, who)


def stumbles(traffic: Traffic, conn: Connection, who: Somebody, other: Somebody) -> None:
    """An error in the middle; PostgreSQL takes the transaction back, and the pool the connection."""
    with conn.transaction():
        traffic.bind(conn, who)
        traffic.look(conn, who)
        try:
            conn.execute("SELECT 1 / 0")
        except psycopg.errors.DivisionByZero as error:
            raise Undone from error


def changes_mind(traffic: Traffic, conn: Connection, who: Somebody, other: Somebody) -> None:
    with conn.transaction():
        traffic.bind(conn, who)
        traffic.look(conn, who)
        raise psycopg.Rollback


def is_interrupted(traffic: Traffic, conn: Connection, who: Somebody, other: Somebody) -> None:
    """Never ended: the pool gets the connection back in an open transaction."""
    conn.execute("BEGIN")
    traffic.bind(conn, who)
    traffic.look(conn, who)
    raise Undone


def nests(traffic: Traffic, conn: Connection, who: Somebody, other: Somebody) -> None:
    """Somebody else acts in a savepoint; taken back, the transaction is the first one's again."""
    with conn.transaction():
        traffic.bind(conn, who)
        traffic.look(conn, who)
        with conn.transaction():
            traffic.bind(conn, other)
            traffic.look(conn, other)
            raise psycopg.Rollback
        traffic.look(conn, who)


def changes_hands(traffic: Traffic, conn: Connection, who: Somebody, other: Somebody) -> None:
    """A job that goes on as the person who asked."""
    with conn.transaction():
        traffic.bind(conn, who)
        traffic.look(conn, who)
        traffic.bind(conn, other)
        traffic.look(conn, other)


def leaves_things_behind(traffic: Traffic, conn: Connection, who: Somebody, other: Somebody) -> None:
    """Token and notes set for the connection: whoever comes next binds, and sees what is theirs."""
    with conn.transaction():
        traffic.bind(conn, who)
        traffic.look(conn, who)
        conn.execute(LEAVE_NOTES)
        bind_for_good(conn, who)
    traffic.littered.add(conn.info.backend_pid)
    with conn.transaction():
        traffic.bind(conn, other)
        traffic.look(conn, other)


def forgets_to_bind(traffic: Traffic, conn: Connection, who: Somebody, other: Somebody) -> None:
    """On a connection on which nobody left a token on purpose, nobody acts."""
    if conn.info.backend_pid in traffic.littered:
        conn.execute(LEAVE_BEHIND, ["", ""])
        conn.commit()
        traffic.littered.discard(conn.info.backend_pid)
    try:
        conn.execute(SEEN)
        traffic.wrong.append("unbound: an answer")
    except psycopg.errors.InsufficientPrivilege as error:  # SQLSTATE 42501
        raise Undone from error


WAYS = [reads, stumbles, changes_mind, is_interrupted, nests, changes_hands, leaves_things_behind, forgets_to_bind]
