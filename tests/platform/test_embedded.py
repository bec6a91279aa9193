"""The embedded servers survive what happens to a laptop: two commands at once, a power cut, a stale pid file."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import environ
import psycopg
import pytest
from django.conf import settings

from scripts import embedded
from tests.platform.processes import is_alive

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def project() -> Iterator[Path]:
    """A project of its own that may be killed and corrupted."""
    folder = Path("/var/tmp") / f"waymark-test-{os.getpid()}"
    folder.mkdir(mode=0o755)
    shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    yield folder
    _run(folder, "remove")
    shutil.rmtree(folder)


@pytest.fixture
def running(project: Path) -> Path:
    """The same project with its servers up."""
    started = _run(project, "start")
    assert started.returncode == 0, started.stderr
    return project


def _run(project: Path, action: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_command(action), cwd=project, capture_output=True, text=True, check=False)


def _command(action: str) -> list[str]:
    return [sys.executable, "-m", "scripts.embedded", action, "test"]


def _who(project: Path) -> str:
    """Connects by the printed address, read as the settings read it."""
    address = _run(project, "env").stdout.splitlines()[0].removeprefix("DATABASE_URL=")
    config = environ.Env.db_url_config(address)
    with psycopg.connect(host=config["HOST"], user=config["USER"], dbname=config["NAME"]) as connection:
        row = connection.execute("SELECT current_user || ' ' || current_setting('listen_addresses')").fetchone()
    assert row
    return str(row[0]).strip()


def _postmaster(project: Path) -> int:
    return int((project / ".run/test/postgres/postmaster.pid").read_text().split()[0])


def test_two_commands_at_once_start_it_once(project: Path) -> None:
    _run(project, "stop")
    both = [subprocess.Popen(_command("start"), cwd=project, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = "".join(process.communicate()[1] for process in both)
    assert [process.returncode for process in both] == [0, 0], said
    assert said.count("Started PostgreSQL") == 1
    assert _who(project) == "waymark_test"


def test_it_never_runs_as_root(running: Path) -> None:
    assert Path(f"/proc/{_postmaster(running)}").stat().st_uid != 0


def test_after_a_power_cut_it_starts_again(running: Path) -> None:
    os.kill(_postmaster(running), signal.SIGKILL)
    again = _run(running, "start")
    assert again.returncode == 0, again.stderr
    assert _who(running) == "waymark_test"


def test_stop_truly_stops(running: Path) -> None:
    pid = _postmaster(running)
    assert _run(running, "stop").returncode == 0
    assert not is_alive(pid)
    assert _run(running, "status").returncode == 3


def test_stop_says_so_where_waymark_itself_still_runs(project: Path) -> None:
    serve = "import time; from scripts import embedded; embedded.mark_served('test'); print(flush=True); time.sleep(60)"
    serving = subprocess.Popen([sys.executable, "-c", serve], cwd=project, stdout=subprocess.PIPE)
    assert serving.stdout
    serving.stdout.readline()
    assert "end it with Ctrl-C" in _run(project, "stop").stderr
    serving.kill()
    serving.wait()
    assert _run(project, "stop").stderr == ""


def test_a_pid_file_with_a_strangers_number_is_no_obstacle(running: Path) -> None:
    _run(running, "stop")
    stale = running / ".run/test/postgres/postmaster.pid"
    stale.write_text(f"{os.getpid()}\n/elsewhere\n")
    assert _run(running, "start").returncode == 0
    assert _who(running) == "waymark_test"


def test_a_second_start_is_quick(running: Path) -> None:
    began = time.monotonic()
    assert _run(running, "start").returncode == 0
    assert time.monotonic() - began < 2


def test_a_server_of_ones_own_needs_a_secret_key() -> None:
    bare = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgres://nobody@nowhere/nothing"}
    done = subprocess.run(
        [sys.executable, "manage.py", "help"], cwd=ROOT, env=bare, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "SECRET_KEY must be set" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_of_ones_own_needs_field_keys() -> None:
    bare = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgres://nobody@nowhere/nothing", "SECRET_KEY": "x"}
    done = subprocess.run(
        [sys.executable, "manage.py", "help"], cwd=ROOT, env=bare, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "FIELD_KEYS must be set" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_field_keys_are_made_once_and_private() -> None:
    assert embedded.field_keys("test") == embedded.field_keys("test")
    assert (ROOT / ".run/test/field_keys").stat().st_mode & 0o077 == 0


def test_the_signing_key_is_made_once_and_private() -> None:
    assert embedded.secret_key("test") == embedded.secret_key("test")
    assert len(embedded.secret_key("test")) >= 50
    assert (ROOT / ".run/test/secret_key").stat().st_mode & 0o077 == 0
