"""A real worker, a real Redis, committed rows: both killed again and again, a run loses and doubles nothing."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts.enums import Role
from audit.models import Event
from core import queueing
from reports.enums import BatchState, ItemState
from reports.models import ReportBatch, ReportItem
from reports.runs import files, selectors, services
from scripts.embedded.place import find_place
from scripts.embedded.programs import redis_program
from tests.factories import TermFactory, TutorGroupFactory, person, student_in
from tests.reports.scenes import WEEKS, mark_weeks

REPORTS = 60
KILLS = 5
PATIENCE = 240.0


class Worker:
    """A Celery worker with two processes on this test's database and a corner of Redis of its own."""

    def __init__(self, folder: Path, broker: str) -> None:
        database = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
        self.environment = os.environ | {
            "DATABASE_URL": f"{database}?options=-c%20role%3Dwaymark_web",
            "REDIS_URL": broker.replace("redis+socket://", "unix://", 1),
            "DATA_DIR": str(settings.DATA_DIR),
        }
        self.log = (folder / "worker.log").open("ab")
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", "2", "-P", "prefork"]
        return subprocess.Popen(
            [*command, "--without-mingle", "--without-gossip", "--without-heartbeat", "-l", "INFO"],
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
        )

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in listed.read_text().split()] if listed.exists() else []

    def kill_a_child(self, choose: random.Random) -> None:
        for pid in choose.sample(self.children(), k=min(1, len(self.children()))):
            os.kill(pid, signal.SIGKILL)

    def kill_all_and_start_anew(self) -> None:
        self.stop()
        self.process = self._start()

    def stop(self) -> None:
        for pid in [*self.children(), self.process.pid]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()


class OwnRedis:
    """A Redis of this test's own, which may be killed; it keeps nothing on disk."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="waymark-redis-"))
        self.url = f"redis+socket://{self.folder}/redis.sock"
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [str(redis_program(find_place("test"))), "--port", "0", "--unixsocket", f"{self.folder}/redis.sock"]
        return subprocess.Popen([*command, "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL)

    def kill_and_start_anew(self) -> None:
        self.stop()
        self.process = self._start()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnRedis]:
    redis = OwnRedis()
    app = Celery(broker=redis.url)
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    monkeypatch.setattr(queueing, "current_app", app)
    yield redis
    redis.stop()
    shutil.rmtree(redis.folder)


@pytest.fixture
def worker(tmp_path: Path, broker: OwnRedis) -> Iterator[Worker]:
    started = Worker(tmp_path, broker.url)
    yield started
    started.stop()
    started.log.close()
    _wait_until_alone()


def _wait_until_alone() -> None:
    """The server notices a killed client a little later, and the clean-up needs the database to itself."""
    others = "SELECT numbackends - 1 FROM pg_stat_database WHERE datname = current_database()"
    until = time.monotonic() + 30
    with connection.cursor() as cursor:
        while time.monotonic() < until and cursor.execute(others).fetchone() != (0,):
            time.sleep(0.1)


def _batch() -> ReportBatch:
    group = TutorGroupFactory.create()
    for n in range(REPORTS):
        mark_weeks(student_in(group, legal_surname=f"Okafor{n:03d}"), WEEKS)
    return services.start_batch(term=TermFactory.create(), groups=[group], by=person(Role.HEADTEACHER))


def _wait_for(batch: ReportBatch, made: int, until: float) -> None:
    """Let the run go on, sweeping as beat would, until so many are made or the run is closed."""
    while time.monotonic() < until:
        services.sweep_batches()
        batch.refresh_from_db()
        if batch.state == BatchState.DONE or selectors.counts_by_state(batch.pk)[ItemState.DONE] >= made:
            return
        time.sleep(0.3)
    raise AssertionError(f"the run stands still: {selectors.counts_by_state(batch.pk)}")


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_killed_workers_and_a_killed_redis_lose_nothing_and_make_nothing_twice(
    worker: Worker, broker: OwnRedis
) -> None:
    choose, until = random.Random(2026), time.monotonic() + PATIENCE
    batch = _batch()
    for kill in range(KILLS):
        _wait_for(batch, (kill + 1) * REPORTS // (KILLS + 2), until)
        if kill % 3 == 1:
            broker.kill_and_start_anew()  # with every message in it
        elif kill % 3 == 2:
            worker.kill_all_and_start_anew()
        else:
            worker.kill_a_child(choose)
        # Time passes faster here: every lease runs out, those of the living too, so that late results arrive as well.
        ReportItem.objects.filter(batch=batch, state=ItemState.RUNNING).update(lease_until=timezone.now())
    _wait_for(batch, REPORTS + 1, until)

    items = list(batch.items.all())
    assert {item.state for item in items} == {ItemState.DONE}
    assert len(items) == REPORTS
    for item in items:
        content = files.path_of(item).read_bytes()
        assert content.startswith(b"%PDF-")
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (item.sha256, item.size)
    assert ReportItem.objects.filter(batch=batch, attempts__gt=1).exists(), (
        "no kill hit any work: the test proves nothing"
    )
    assert not ReportItem.objects.filter(batch=batch).exclude(failures=0).exists()
    assert not ReportItem.objects.filter(batch=batch, attempts__lt=F("losses") + 1).exists()
    assert Event.objects.filter(action="reports.finished").count() == 1
    _no_file_too_many(batch, until)


def _no_file_too_many(batch: ReportBatch, until: float) -> None:
    """A worker overtaken at the very end takes its own file away, a moment after the run was closed."""
    folder = settings.DATA_DIR / "reports" / str(batch.pk)
    while len(list(folder.iterdir())) > REPORTS and time.monotonic() < until:
        time.sleep(0.2)
    assert {f"reports/{batch.pk}/{path.name}" for path in folder.iterdir()} == selectors.file_names(batch.pk)
