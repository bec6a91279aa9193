"""SQL injected into a tutor's own request: everything tried here is refused, finds nothing, or finds what is theirs.

The probes run as the web role with the tutor's own valid token, as injected SQL would. Where one succeeded once, its
comment says what stopped it.
"""

import time
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import Membership, User
from core.acting import Actor, acting_as, signed_token
from students.models import Student
from tests import factories as make
from tests.lock.probes import COPY_OUT, COUNT, LOGIN_PROBES, MINE, NOTHING, PROBES, REFUSED
from tutoring.sessions.enums import Confidentiality
from tutoring.sessions.models import TutorSession


@dataclass
class Scene:
    """A tutor with one student, and a headteacher, a hidden student and a hidden 1:1 that are none of theirs."""

    tutor: User
    membership: Membership
    head: User
    mine: Student
    hidden: Student
    session: TutorSession
    hidden_session: TutorSession
    names: dict[str, Any]


def build_scene() -> Scene:
    group, other = (make.TutorGroupFactory.create(name=name) for name in ("11BEC", "11CUR"))
    tutor, head = make.person(Role.TUTOR, group=group), make.person(Role.HEADTEACHER)
    mine, hidden = make.student_in(group), make.student_in(other)
    session = make.TutorSessionFactory.create(student=mine, author=tutor)
    secret = make.TutorSessionFactory.create(student=hidden, author=head, confidentiality=Confidentiality.NAMED)
    secret.named_staff.add(head)
    make.NextStepFactory.create(session=session)
    make.DraftFactory.create(user=head)
    run = make.ReportBatchFactory.create(school=tutor.school, requested_by=head)
    make.ReportItemFactory.create(batch=run, student=hidden, file="reports/secret.pdf")
    make.ContactFactory.create(student=hidden)
    make.MarkFactory.create(student=hidden)
    Client().force_login(head)
    membership = tutor.memberships.get()
    with acting_as(Actor(user_id=head.pk)):
        names = {"head_token": signed_token().rpartition("|")[0], "head_mac": "0" * 64}
    now = f"{time.time():.6f}"
    names |= {
        "tutor": tutor.pk, "head": head.pk, "mine": mine.pk, "hidden": hidden.pk, "session": session.pk,
        "secret": secret.pk, "membership": membership.pk, "group": other.pk, "school": tutor.school_id,
        "elsewhere": make.SchoolFactory.create(name="Elsewhere").pk, "run": run.pk, "now": now,
        "stale": _token(tutor, age=4000), "door": f"door|{now}|{'0' * 64}", "house": make.HouseFactory.create().pk,
    }  # fmt: skip
    return Scene(tutor, membership, head, mine, hidden, session, secret, names)


def _token(user: User, *, age: float = 0) -> str:
    """A token of ours, from so many seconds ago."""
    from core import acting

    real = acting.now
    acting.now = lambda: real() - age
    try:
        with acting_as(Actor(user_id=user.pk)):
            return signed_token()
    finally:
        acting.now = real


@pytest.mark.django_db
def test_each_attempt_is_refused_or_finds_nothing() -> None:
    scene = build_scene()
    unexpected = {}
    with acting_as(Actor(user_id=scene.tutor.pk)):
        for name, (sql, expected) in PROBES.items():
            if (came := _try(sql, scene)) != expected:
                unexpected[name] = came
    assert len(PROBES) >= 40
    assert unexpected == {}


def _rows(cursor: Any, statement: str) -> list[Any]:
    if statement == COPY_OUT:
        with cursor.copy(statement) as copy:
            return [bytes(line) for line in copy]
    cursor.execute(statement)
    return cursor.fetchall() if cursor.description else []


def _try(sql: str, scene: Scene) -> str:
    statements = [part.format(**scene.names) for part in sql.split(";;")]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                rows = _rows(cursor, statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return REFUSED if getattr(error.__cause__, "sqlstate", "") == "42501" else repr(error)
    if not rows:
        return NOTHING
    if statements[-1] == COUNT:
        return MINE if rows == [(1,)] else f"{rows[0][0]} students"
    if statements[-1] == COPY_OUT:
        return MINE if len(rows) == 1 and str(scene.mine.pk) in str(rows) else f"{len(rows)} students"
    return str(rows[0][0]).lower() if len(rows) == 1 and isinstance(rows[0][0], bool) else repr(rows[:3])


@pytest.mark.django_db
@pytest.mark.parametrize("sql", LOGIN_PROBES)
def test_the_web_login_becomes_nobody_else(sql: str) -> None:
    known = connection.get_connection_params()
    place = {name: known[name] for name in ("host", "port", "dbname") if name in known}
    web = psycopg.connect(**place, user="waymark_web", autocommit=True)
    with web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(sql)


@pytest.mark.django_db
def test_the_same_attempts_succeed_where_no_policy_binds() -> None:
    """The control: were the probes blind, they would find nothing here either."""
    scene = build_scene()
    came = [_try(sql, scene) == expected for sql, expected in PROBES.values()]
    assert came.count(False) > len(came) / 2


@pytest.mark.django_db
def test_a_row_of_the_session_table_opens_nobodys_session(client: Client) -> None:
    client.force_login(make.person(Role.TUTOR))
    cookie = client.cookies["sessionid"].value
    kept = Session.objects.get().session_key
    assert kept not in (cookie, "")
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert thief.get("/").status_code == 302
    thief.cookies["sessionid"] = cookie
    assert thief.get("/").status_code == 200
