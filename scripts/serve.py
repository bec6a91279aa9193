"""Serves web, worker, beat and sealer under one supervisor: python -m scripts.serve [--demo] [--port 8000]

Each line they print carries its sender's name; one that dies is started again; Ctrl-C stops all of them,
and the embedded servers too if they were started for this.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from scripts import embedded
from scripts.embedded.place import PROJECT, find_place, say
from scripts.supervisor import Child, Supervisor

FIRST_PORT = 8000
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.serve", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="prepare everything, make the demo school, print sign-ins")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or FIRST_PORT))
    chosen = parser.parse_args()
    began = time.monotonic()
    supervisor = Supervisor()
    # From here on each of these is an ordinary request to stop, also while the database is still being prepared,
    # and also SIGINT where a shell that started us in the background had it ignored.
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)
    started_embedded = False
    try:
        started_embedded = embedded.ensure_environment(demo=chosen.demo)
        embedded.mark_served(_instance())
        sign_ins = _prepare_demo() if chosen.demo else ""
        port = _free_port(chosen.port)
        address = f"http://localhost:{port}/"
        web, *others = children(port)
        os.environ.pop("SEAL_KEY", None)  # the sealer has it by now; the others inherit what is left
        supervisor.start(web)
        supervisor.run_until(lambda: _answers(address), f"Waiting for {address} …")
        # Only now, so that they do not hold up the page.
        for child in others:
            supervisor.start(child)
        say(f"\n{sign_ins}\nWaymark answers at {address} after {time.monotonic() - began:.0f} s. Ctrl-C stops it.\n")
        supervisor.run()
    except KeyboardInterrupt:
        say("\nStopping …")
    except subprocess.CalledProcessError as error:
        return error.returncode
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()
        if started_embedded:
            embedded.stop(_instance())
    return 0


def children(port: int) -> list[Child]:
    """The four processes of a running Waymark, as command lines."""
    state = find_place(_instance()).run
    gunicorn: list[str | Path] = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    celery: list[str | Path] = [sys.executable, "-m", "celery", "--app", "config", "--quiet"]
    return [
        Child(
            "web",
            [
                *gunicorn,
                *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
                # A list of several hundred students takes its time as PDF.
                *("--timeout", "120", "--graceful-timeout", "3", "--no-control-socket"),
            ],
        ),
        Child(
            "worker",
            [
                *celery,
                *("worker", "--loglevel", "INFO", "--concurrency", str(os.cpu_count() or 1)),
                # One worker has nobody to talk to.
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
            _as_role("WORKER"),
        ),
        Child(
            "beat",
            [*celery, "beat", "--loglevel", "WARNING", "--pidfile", "", "--schedule", state / "beat-schedule"],
        ),
        Child("sealer", [sys.executable, "manage.py", "seal_audit", "--watch"], embedded.as_sealer()),
    ]


def _as_role(name: str) -> dict[str, str]:
    """The process's own database role, where the environment names its address."""
    url = os.environ.get(f"DATABASE_{name}_URL")
    return {"DATABASE_URL": url} if url else {}


def _instance() -> str:
    return os.environ.get("WAYMARK_EMBEDDED", "demo")


def _prepare_demo() -> str:
    """Tables, static files, the demo school; returns its sign-ins."""
    command = [sys.executable, "-m", "scripts.prepare", "--demo-school"]
    return subprocess.run(command, cwd=PROJECT, check=True, text=True, stdout=subprocess.PIPE).stdout


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + 100):
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port != wanted:
            say(f"Port {wanted} is taken; using {port}.")
        return port
    raise SystemExit(f"No port between {wanted} and {wanted + 99} is free; name another: PORT=9000 make demo")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}health/", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
