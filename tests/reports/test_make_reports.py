"""The run from the shell: the same rows, made at once, an honest exit."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from reports.enums import BatchState
from reports.models import ReportBatch
from reports.runs import making
from tests.factories import TermFactory, TutorGroupFactory, person, student_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _school(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "draw", lambda report: f"%PDF {report.name}".encode())
    TermFactory.create()
    person(Role.DATA_MANAGER, email="data@northgate.example", first_name="Dana", last_name="Lee")
    for name in ("11BEC", "11MOR"):
        group = TutorGroupFactory.create(name=name)
        for surname in ("Adeyemi", "Okafor"):
            student_in(group, legal_surname=surname)


def _run(*words: str) -> str:
    out = io.StringIO()
    call_command("make_reports", *words, stdout=out, stderr=out)
    return out.getvalue()


def test_it_makes_them_here_and_copies_them(tmp_path: Path) -> None:
    said = _run("--term", "2026 autumn", "--group", "11bec", "--wait", "--processes", "1", "--out", str(tmp_path / "x"))
    assert "2 reports, Autumn term 2026/27, with the rights of Dana Lee." in said
    assert "2 of 2 made." in said
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == [
        "11BEC Adeyemi Jamal.pdf",
        "11BEC Okafor Jamal.pdf",
    ]
    assert ReportBatch.objects.get().state == BatchState.DONE


def test_without_wait_the_worker_does_it() -> None:
    assert "The worker makes them" in _run("--all")
    assert ReportBatch.objects.get().items.count() == 4


def test_a_failure_is_named_and_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(report: Any) -> bytes:
        if "Okafor" in report.name:
            raise OSError(28, "No space left on device")
        return b"%PDF"

    monkeypatch.setattr(making, "draw", draw)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 could not be made"):
        call_command("make_reports", "--group", "11BEC", "--wait", "--processes", "1", stdout=out, stderr=out)
    assert f"11BEC Jamal Okafor: {making.DISK_FULL}" in out.getvalue()


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["--term", "next week", "--all"], "is no term"),
        (["--term", "2025 spring", "--all"], "no spring term in 2025"),
        (["--group", "7XYZ"], "no group called 7XYZ"),
        ([], "Say which"),
        (["--all", "--user", "nobody@northgate.example"], "Nobody active"),
        (["--all", "--user", "tutor@northgate.example"], "may not run reports"),
    ],
)
def test_what_it_cannot_do_it_says(words: list[str], advice: str) -> None:
    person(Role.TUTOR, email="tutor@northgate.example")
    with pytest.raises(CommandError, match=advice):
        _run(*words)
    assert not ReportBatch.objects.exists()
