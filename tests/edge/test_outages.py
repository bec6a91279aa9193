"""Redis or PostgreSQL away: what still works, how long it takes, and how patient the database's roles are."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from config.celery import app
from core import queueing
from core.patience import take_your_time
from reports.models import ReportBatch
from tests.edge.crawl import make_crawl
from tests.factories import TermFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]
NOWHERE = "redis+socket:///nowhere/redis.sock"
# Seconds for a submit while Redis is away, on a machine that does other things as well.
AT_ONCE = 0.3


@pytest.fixture
def black_hole() -> Iterator[str]:
    """Takes every call and never answers, as behind a broken network."""
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen(16)
        yield f"redis://127.0.0.1:{hole.getsockname()[1]}/0"


@pytest.fixture(params=["gone", "silent"])
def no_redis(request: pytest.FixtureRequest, black_hole: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broker = NOWHERE if request.param == "gone" else black_hole
    monkeypatch.setattr(queueing, "current_app", Celery(broker=broker))
    monkeypatch.setattr(queueing, "_hanging", threading.BoundedSemaphore(4))


@pytest.mark.usefixtures("unrendered")
def test_no_page_needs_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one page so much as asks Celery for anything."""
    crawl, asked, failed = make_crawl(), [], {}
    monkeypatch.setattr(queueing, "_send", lambda *call: asked.append(call))
    monkeypatch.setattr(Celery, "connection_for_write", lambda *_, **__: asked.append("connection"))
    client = crawl.signed_in()
    for name, path in crawl.paths.items():
        answer = client.get(path)
        failed |= {name: answer.status_code} if answer.status_code >= 500 else {}
    assert failed == {}
    assert asked == []


@pytest.mark.usefixtures("no_redis")
def test_a_run_is_accepted_at_once_and_its_page_says_that_it_waits(django_capture_on_commit_callbacks: Any) -> None:
    crawl = make_crawl()
    client, term = crawl.signed_in(), TermFactory.create(school=crawl.user.school)
    group = crawl.world.student.group_memberships.get().group
    client.get(reverse("reports:run-start"))
    with django_capture_on_commit_callbacks() as callbacks:
        answer = client.post(reverse("reports:run-start"), {"term": str(term.pk), "groups": [str(group.pk)]})
    began = time.monotonic()
    for callback in callbacks:
        callback()
    assert time.monotonic() - began < AT_ONCE
    batch = ReportBatch.objects.exclude(state="done").get()
    assert answer.headers["Location"] == reverse("reports:run-detail", args=[batch.pk])
    assert "0 of 1" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.usefixtures("no_redis")
def test_many_bells_at_a_dead_redis_leave_few_threads() -> None:
    began, before = time.monotonic(), set(threading.enumerate())
    for _ in range(12):
        queueing._send("reports.sweep", ())
    assert time.monotonic() - began < 12 * queueing.PATIENCE
    assert len(set(threading.enumerate()) - before) <= 4


def test_celery_takes_json_alone_and_gives_work_back() -> None:
    conf = app.conf
    assert set(conf.accept_content) == {"json"}
    assert conf.task_serializer == "json"
    assert conf.result_serializer == "json"
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_ignore_result
    assert 0 < conf.task_soft_time_limit < conf.task_time_limit < conf.broker_transport_options["visibility_timeout"]
    assert conf.broker_transport_options["unacked_restore_interval"] == 10
    assert conf.broker_transport_options["unacked_restore_throttle"] == 1
    assert conf.broker_transport_options["socket_timeout"] <= 5
    assert conf.broker_connection_max_retries is None
    assert 0 < conf.worker_max_tasks_per_child <= 1000
    assert conf.worker_max_memory_per_child > 0


def test_a_pickled_message_is_refused_unopened() -> None:
    from kombu.exceptions import ContentDisallowed
    from kombu.serialization import dumps, loads

    content_type, encoding, body = dumps({"x": os.path.join}, serializer="pickle")
    with pytest.raises(ContentDisallowed):
        loads(body, content_type, encoding, accept=app.conf.accept_content)


def test_sessions_hold_json_and_stand_in_the_database() -> None:
    assert settings.SESSION_ENGINE == "accounts.session_store"
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")


ROLES = {
    "waymark_web": {"statement_timeout": "15s", "idle_in_transaction_session_timeout": "30s"},
    "waymark_worker": {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "30s"},
    "waymark_sealer": {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "30s"},
}
SILENT = {
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def _settings_of(role: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(setconfig) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = setrole "
                       "WHERE rolname = %s AND setdatabase = 0", [role])  # fmt: skip
        return dict(row[0].split("=", 1) for row in cursor.fetchall())


@pytest.mark.parametrize("role", ROLES)
def test_no_role_waits_for_ever(role: str) -> None:
    assert ROLES[role].items() <= _settings_of(role).items()


@pytest.mark.parametrize("role", ["waymark_web", "waymark_worker", "waymark_migrate"])
def test_what_is_written_about_a_child_is_not_in_the_servers_log(role: str) -> None:
    assert SILENT.items() <= _settings_of(role).items()


def test_the_settings_do_not_wait_long_for_the_server() -> None:
    assert settings.DATABASES["default"]["OPTIONS"]["connect_timeout"] == 3
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"]


def test_a_statement_that_takes_too_long_is_ended() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        with pytest.raises(Exception, match="statement timeout"), transaction.atomic():
            cursor.execute("SELECT pg_sleep(5)")


def test_more_time_is_asked_for_in_one_transaction_alone() -> None:
    def limits() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            return [str(row[0]) for row in cursor.fetchall()]

    before = limits()
    with transaction.atomic():
        take_your_time()
        assert limits() == ["15min"]
        transaction.set_rollback(True)
    assert limits() == before
