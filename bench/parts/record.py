"""What the record costs: sixteen writers, their events hashed and held fast, or put into a plain table, in turns.

Transactions last 20 ms, as the rest of a request does; a chain of hashes in a trigger, for comparison, left 7 % of the
writers' pace where the design was chosen.
"""

import statistics
import threading
import time
from typing import Any

from bench import Figure

WRITERS = 16
PLAIN, RECORD = "bench_event", "audit_event"
MAKE_PLAIN = f"""
CREATE TABLE {PLAIN} (LIKE {RECORD} INCLUDING DEFAULTS INCLUDING INDEXES);
GRANT INSERT ON {PLAIN} TO waymark_web;
"""
WORK = """
UPDATE tutor_sessions_nextstep SET text = 'Bring the planner ' || clock_timestamp() WHERE id = %s;
"""
EVENT = """
INSERT INTO {table} (id, at, action, actor_id, actor_name, object_type, object_id, detail, request_id, agent)
VALUES (gen_random_uuid(), now(), 'step.changed', %s, 'Somebody', 'tutor_sessions.NextStep', %s, '{{}}', '', '')
"""


def measure(quick: bool) -> list[Figure]:
    """Percent of the transactions a second that writers lose because events are hashed, stamped and append-only."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(MAKE_PLAIN)
    work = _work()
    rates: dict[str, list[float]] = {PLAIN: [], RECORD: []}
    for number in range(4 if quick else 12):
        for table in (PLAIN, RECORD) if number % 2 else (RECORD, PLAIN):
            rates[table].append(_run(work, table, seconds=2))
    plain, recorded = (statistics.median(rates[table][1:]) for table in (PLAIN, RECORD))  # the first one warms up
    return [
        Figure(f"{WRITERS} writers, events in a plain table", plain, "transactions a second"),
        Figure("of them lost to the record", 100 * (1 - recorded / plain), "%", most=5),
    ]


def _work() -> list[tuple[str, Any, Any]]:
    """(token, person, a step of theirs): nobody waits for another's row."""
    from core.acting import Actor, acting_as, signed_token
    from tutoring.sessions.models import NextStep

    work = []
    for step in NextStep.objects.using("owner").select_related("session").order_by("pk")[:WRITERS]:
        with acting_as(Actor(user_id=step.session.author_id)):
            work.append((signed_token(), step.session.author_id, step.pk))
    return work


def _run(work: list[tuple[str, Any, Any]], table: str, seconds: float) -> float:
    """Transactions a second."""
    done: list[int] = []
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=lambda one=one: done.append(_write(one, table, until))) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(done) < WRITERS:
        raise RuntimeError("a writer stopped early")
    return sum(done) / seconds


def _write(work: tuple[str, Any, Any], table: str, until: float) -> int:
    import psycopg
    from django.db import connection

    parameters = connection.get_connection_params()
    place = {name: parameters[name] for name in ("host", "port", "user", "dbname", "options") if name in parameters}
    (token, person, step), number = work, 0
    with psycopg.connect(**place, autocommit=True) as writer:
        while time.monotonic() < until:
            with writer.transaction():
                writer.execute("SELECT set_config('waymark.actor', %s, true), pg_sleep(0.02)", [token])
                writer.execute(WORK, [step])
                writer.execute(EVENT.format(table=table), [person, str(step)])
            number += 1
    return number
