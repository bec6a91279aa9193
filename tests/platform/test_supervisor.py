"""The supervisor names lines, starts again what dies and leaves no process behind."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import serve
from scripts.supervisor import Child, Supervisor
from tests.platform.processes import is_alive


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop()


def _python(name: str, source: str) -> Child:
    return Child(name, [sys.executable, "-c", source])


def _within(seconds: float) -> float:
    return time.monotonic() + seconds


def test_each_line_carries_its_senders_name(supervisor: Supervisor, capsys: pytest.CaptureFixture[str]) -> None:
    supervisor.start(_python("web", "import time; print('one\\ntwo', flush=True); time.sleep(60)"))
    deadline, said = _within(10), ""

    def has_said_two() -> bool:
        nonlocal said
        said += capsys.readouterr().out
        return "two" in said or time.monotonic() > deadline

    supervisor.run_until(has_said_two, "waiting")
    assert said.splitlines() == ["web    one", "web    two"]


def test_what_dies_is_started_again_after_a_pause(supervisor: Supervisor, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    supervisor.start(_python("beat", f"open({str(starts)!r}, 'a').write('x')"))
    deadline = _within(10)
    supervisor.run_until(
        lambda: (starts.exists() and len(starts.read_text()) >= 2) or time.monotonic() > deadline, "waiting"
    )
    assert len(starts.read_text()) == 2


def test_stopping_takes_grandchildren_along(supervisor: Supervisor, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    source = f"""
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    open({str(note)!r}, 'w').write(str(child))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
time.sleep(60)
"""
    supervisor.start(_python("worker", source))
    deadline = _within(10)
    supervisor.run_until(lambda: note.exists() or time.monotonic() > deadline, "waiting")
    grandchild = int(note.read_text())
    supervisor.stop()
    until = _within(5)
    while is_alive(grandchild) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(grandchild)


def test_only_the_sealer_is_given_its_key() -> None:
    with_key = {child.name for child in serve.children(8000) if "SEAL_KEY" in child.environment}
    assert with_key == {"sealer"}
    assert len({child.environment["SEAL_KEY"] for child in serve.children(8000) if child.name == "sealer"}) == 1
