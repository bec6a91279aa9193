"""A run of an import: kept, checked, applied, swept; a worker that dies loses nothing and doubles nothing."""

import datetime as dt
import io
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from exchange import importing, services
from exchange.enums import RunState
from exchange.folders import BadUploadError, unpack
from exchange.models import ImportRun
from students.models import Student
from tests.exchange.conftest import NORTHGATE
from tests.factories import ImportRunFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return person(Role.DATA_MANAGER)


def uploads() -> list[Any]:
    return [SimpleUploadedFile(path.name, path.read_bytes()) for path in sorted(NORTHGATE.iterdir())]


def zipped(files: dict[str, bytes]) -> Any:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return SimpleUploadedFile("export.zip", whole.getvalue())


def start(manager: User, files: list[Any] | None = None) -> ImportRun:
    assert manager.school is not None
    return services.start_run(school=manager.school, files=files or uploads(), by=manager)


def again(run: ImportRun) -> ImportRun:
    return ImportRun.objects.get(pk=run.pk)


def test_a_run_from_upload_to_result(manager: User) -> None:
    run = start(manager)
    services.work_on_run(run.pk)
    run = again(run)
    assert run.state == RunState.READY
    assert not Student.objects.exists()
    assert run.report is not None
    assert run.report["totals"]["made"] > 100
    assert services.apply_run(run=run, only_if_all_good=False, by=manager)
    services.work_on_run(run.pk)
    run = again(run)
    assert run.state == RunState.DONE
    assert Student.objects.count() == 11
    assert not services.folder_of(run.pk).exists()
    actions = set(Event.objects.filter(actor_id=manager.pk).values_list("action", flat=True))
    assert {"import.uploaded", "import.asked", "import.applied"} <= actions


def test_only_if_every_row_is_good_leaves_the_choice_open(manager: User) -> None:
    run = start(manager)
    services.work_on_run(run.pk)
    services.apply_run(run=again(run), only_if_all_good=True, by=manager)
    services.work_on_run(run.pk)
    run = again(run)
    assert run.state == RunState.READY
    assert run.report is not None
    assert run.report["stopped"]
    assert not Student.objects.exists()
    assert services.folder_of(run.pk).exists()


def test_nobody_else_takes_a_run_that_is_held_and_anybody_one_that_was_left(manager: User) -> None:
    run = start(manager)
    first = services.claim_run(run.pk)
    assert first is not None
    assert services.claim_run(run.pk) is None
    ImportRun.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    second = services.claim_run(run.pk)
    assert second is not None
    assert second.attempts == 2


def test_a_worker_that_lost_its_run_leaves_nothing_behind(manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start(manager)
    services.work_on_run(run.pk)
    services.apply_run(run=again(run), only_if_all_good=False, by=manager)
    write = importing._write

    def taken_over(*arguments: Any) -> None:
        ImportRun.objects.filter(pk=run.pk).update(attempts=99)
        write(*arguments)

    monkeypatch.setattr(importing, "_write", taken_over)
    services.work_on_run(run.pk)
    assert not Student.objects.exists()
    assert again(run).state == RunState.APPLYING
    monkeypatch.undo()
    ImportRun.objects.update(lease_until=None, attempts=3)
    services.work_on_run(run.pk)
    assert Student.objects.count() == 11


def test_after_too_many_lost_workers_the_run_says_so(manager: User) -> None:
    run = start(manager)
    ImportRun.objects.update(attempts=services.MOST_ATTEMPTS)
    services.work_on_run(run.pk)
    assert (again(run).state, again(run).error) == (RunState.FAILED, services.WORKER_LOST)


def test_the_sweeper_rings_for_what_waits(manager: User) -> None:
    run = start(manager)
    assert services.sweep_runs() == 1
    services.work_on_run(run.pk)
    assert services.sweep_runs() == 0


def test_the_sweeper_deletes_files_after_seven_days(manager: User) -> None:
    run = start(manager)
    services.work_on_run(run.pk)
    folder = services.folder_of(run.pk)
    ImportRun.objects.update(created_at=timezone.now() - dt.timedelta(days=8))
    long_ago = time.time() - 8 * 86400
    os.utime(folder, (long_ago, long_ago))
    services.sweep_runs()
    assert not folder.exists()
    assert again(run).error == services.TOO_OLD


def test_what_is_not_imported_is_deleted_at_once(manager: User, django_capture_on_commit_callbacks: Any) -> None:
    run = start(manager)
    services.work_on_run(run.pk)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.discard_run(run=again(run), by=manager)
    assert not services.folder_of(run.pk).exists()
    assert not services.apply_run(run=again(run), only_if_all_good=False, by=manager)


def test_a_run_that_is_not_ready_cannot_be_applied(manager: User) -> None:
    run = ImportRunFactory.create(school=manager.school)
    assert not services.apply_run(run=run, only_if_all_good=False, by=manager)


def test_a_zip_with_folders_is_flattened(manager: User) -> None:
    files = {f"northgate/{p.name}": p.read_bytes() for p in NORTHGATE.iterdir()}
    run = start(manager, [zipped(files | {"__MACOSX/._students.csv": b"x"})])
    assert run.files == sorted(p.name for p in NORTHGATE.iterdir())


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"../../evil.csv": b"a"}, "outside itself"),
        ({"/etc/evil.csv": b"a"}, "outside itself"),
        ({"C:\\evil.csv": b"a"}, "outside itself"),
        ({"inner.zip": b"PK"}, "zip inside the zip"),
        ({f"{n}.csv": b"a" for n in range(201)}, "201 files"),
    ],
)
def test_zips_that_are_not_opened(manager: User, files: dict[str, bytes], words: str) -> None:
    with pytest.raises(BadUploadError, match=words):
        start(manager, [zipped(files)])
    assert not ImportRun.objects.exists()


def test_a_bomb_is_counted_while_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exchange.folders.MOST_BYTES", 1000)
    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(zipped({"big.csv": b"0" * 100_000}).read())
    with pytest.raises(BadUploadError, match="larger than"):
        unpack(bomb, tmp_path)


def test_a_damaged_zip_is_refused_in_words(manager: User) -> None:
    with pytest.raises(BadUploadError, match="cannot be opened"):
        start(manager, [SimpleUploadedFile("export.zip", b"not a zip")])
