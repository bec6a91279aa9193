"""A run as rows: claimed once, fenced, failed with a reason, made again, finished once."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core import pdf
from reports.enums import BatchState, ItemState
from reports.models import ReportBatch, ReportItem
from reports.runs import files, making, selectors, services
from tests.factories import HouseFactory, TermFactory, TutorGroupFactory, person, student_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> User:
    return person(Role.HEADTEACHER)


@pytest.fixture
def batch(head: User) -> ReportBatch:
    group = TutorGroupFactory.create()
    for n in range(7):
        student_in(group, legal_surname=f"Okafor{n}")
    return services.start_batch(term=TermFactory.create(), groups=[group], by=head)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are tested without drawing; drawing has its own tests."""
    monkeypatch.setattr(making, "draw", lambda report: report.name.encode())


def _states(batch: ReportBatch) -> dict[str, int]:
    return dict(selectors.counts_by_state(batch.pk))


def test_it_takes_only_students_whose_reports_the_requester_may_see() -> None:
    term, becket = TermFactory.create(), HouseFactory.create(name="Becket")
    mine, other = TutorGroupFactory.create(name="11BEC", house=becket), TutorGroupFactory.create(name="11MOR")
    seen, hidden = student_in(mine), student_in(other)
    left = student_in(mine, left_on=dt.date(2026, 9, 30))
    by = person(Role.HEAD_OF_HOUSE, house=becket)
    batch = services.start_batch(term=term, groups=[mine, other], by=by)
    assert [item.student for item in batch.items.all()] == [seen]
    assert Event.objects.get(action="reports.started").detail == {"reports": 1, "groups": 2}
    for nobody in (hidden, left):
        with pytest.raises(services.NothingToMakeError):
            services.start_batch(term=term, students=[nobody], by=by)


def test_no_item_is_claimed_twice(batch: ReportBatch) -> None:
    first = services.claim_items(batch.pk)
    second = services.claim_items(batch.pk)
    assert (len(first), len(second)) == (5, 2)
    assert not {i.pk for i in first} & {i.pk for i in second}
    assert services.claim_items(batch.pk) == []
    assert {i.attempts for i in first} == {1}


def test_what_a_dead_worker_held_is_claimed_again_and_its_late_result_refused(batch: ReportBatch) -> None:
    stale = services.claim_items(batch.pk)[0]
    ReportItem.objects.filter(pk=stale.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    fresh = next(i for i in services.claim_items(batch.pk) if i.pk == stale.pk)
    assert (fresh.attempts, fresh.losses) == (2, 1)

    right = files.write_report(fresh, b"the second attempt")
    late = files.write_report(stale, b"the first attempt, late")
    assert services.finish_item(fresh, right)
    assert not services.finish_item(stale, late)
    services.fail_item(stale, "too late to count")
    item = ReportItem.objects.get(pk=stale.pk)
    assert (item.state, item.error) == (ItemState.DONE, "")
    assert hashlib.sha256(files.path_of(item).read_bytes()).hexdigest() == item.sha256
    assert not Path(settings.DATA_DIR / late.name).exists()


@pytest.mark.usefixtures("quick")
def test_a_run_ends_once_and_leaves_no_stray_file(batch: ReportBatch) -> None:
    stray = settings.DATA_DIR / "reports" / str(batch.pk) / "left-by-a-dead-worker.pdf.part"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"%PDF-")
    assert making.drain_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert _states(batch) == {ItemState.DONE: 7}
    assert not stray.exists()
    assert len(list(stray.parent.iterdir())) == 7
    assert not services.finish_batch(batch.pk)
    assert Event.objects.get(action="reports.finished").detail == {"made": 7, "failed": 0}


def test_one_report_that_cannot_be_drawn_stops_no_other_and_is_tried_three_times(
    batch: ReportBatch, head: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def draw(report: Any) -> bytes:
        drawn.append(report.name)
        if report.name == "Jamal Okafor3":
            raise pdf.ResourceRefusedError("http://elsewhere.example/x.png")
        return b"%PDF"

    monkeypatch.setattr(making, "draw", draw)
    making.drain_batch(batch.pk)
    batch.refresh_from_db()
    failed = batch.items.get(state=ItemState.FAILED)
    assert (failed.student.preferred_surname, failed.failures, failed.losses) == ("Okafor3", 3, 0)
    assert failed.error == making.REFUSED
    assert drawn.count("Jamal Okafor3") == 3
    assert (batch.state, _states(batch)) == (BatchState.DONE, {ItemState.DONE: 6, ItemState.FAILED: 1})

    monkeypatch.setattr(making, "draw", lambda report: b"%PDF mended")
    assert services.retry_failed(batch=batch, by=head) == 1
    before = dict(batch.items.exclude(pk=failed.pk).values_list("pk", "attempts"))
    making.drain_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, _states(batch)) == (BatchState.DONE, {ItemState.DONE: 7})
    assert dict(batch.items.exclude(pk=failed.pk).values_list("pk", "attempts")) == before


@pytest.mark.usefixtures("quick")
def test_broken_records_of_one_student_fail_that_report_alone(
    batch: ReportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = making.reports_of

    def gather(students: Any, frame: Any) -> Any:
        if any(s.preferred_surname == "Okafor2" for s in students):
            raise ValueError("a grade nobody expected")
        return real(students, frame)

    monkeypatch.setattr(making, "reports_of", gather)
    making.drain_batch(batch.pk)
    assert _states(batch) == {ItemState.DONE: 6, ItemState.FAILED: 1}
    assert "ValueError" in batch.items.get(state=ItemState.FAILED).error


@pytest.mark.usefixtures("quick")
def test_rights_are_asked_again_when_the_report_is_made(batch: ReportBatch, head: User) -> None:
    head.memberships.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    making.drain_batch(batch.pk)
    assert _states(batch) == {ItemState.FAILED: 7}
    assert set(batch.items.values_list("error", flat=True)) == {making.NOT_VISIBLE}


def test_an_item_that_kills_its_worker_each_time_is_given_up(batch: ReportBatch) -> None:
    for _ in range(services.MOST_LOSSES + 1):
        assert len(services.claim_items(batch.pk)) == 5
        batch.items.filter(state=ItemState.RUNNING).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    services.claim_items(batch.pk)
    given_up = batch.items.filter(state=ItemState.FAILED)
    assert len(given_up) == 5
    assert {i.error for i in given_up} == {services.WORKER_LOST}
    assert {i.failures for i in given_up} == {0}


def test_a_full_disk_leaves_no_half_file(batch: ReportBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    item = services.claim_items(batch.pk)[0]

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space") as caught:
        files.write_report(item, b"%PDF")
    assert making.reason_of(caught.value) == making.DISK_FULL
    assert list((settings.DATA_DIR / "reports" / str(batch.pk)).iterdir()) == []


def test_the_sweeper_rings_for_what_waits_and_closes_what_is_through(
    batch: ReportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[str, ...]] = []
    monkeypatch.setattr(services, "ring", lambda *message: rung.append(message))
    monkeypatch.setattr(services, "cores", lambda: 1)
    assert services.sweep_batches() == 1
    services.claim_items(batch.pk)
    assert services.sweep_batches() == 0  # somebody is at it
    batch.items.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert services.sweep_batches() == 1  # no more
    assert rung == [("reports.drain", str(batch.pk))] * 2
    batch.items.update(state=ItemState.DONE)
    assert services.sweep_batches() == 0
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
