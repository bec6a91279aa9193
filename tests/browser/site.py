"""A whole Waymark for the browser: its own database with the demo school, web, a real worker and beat."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from tests import database

ROOT = Path(settings.BASE_DIR)
NAME = "waymark_browser"
STUDENTS = 60


@dataclass
class Site:
    """`url` ends with a slash; everybody in the school has the same `password`."""

    url: str
    password: str
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Asks the site's database as its owner, past Django, which would refuse beside Playwright's event loop."""
        with _connect(NAME) as asking:
            asking.execute(f"SET ROLE {database.OWNER}")
            cursor = asking.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def administer(self, command: str) -> None:
        """Says something about the site's database from outside of it."""
        with _connect("postgres") as asking:
            asking.execute(command)

    def email_of(self, role: str) -> str:
        """Somebody who holds the role today: the same person in every run."""
        found = self.rows(
            """SELECT u.email FROM accounts_user u JOIN accounts_membership m ON m.user_id = u.id
               WHERE m.role = %s AND u.is_active AND m.starts_on <= current_date
                 AND (m.ends_on IS NULL OR m.ends_on >= current_date)
               ORDER BY u.email LIMIT 1""",
            [role],
        )
        assert found, f"nobody in the demo school is a {role}"
        email: str = found[0][0]
        return email

    def manage(self, *arguments: str) -> str:
        """Runs a management command against the site."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        command = [sys.executable, "-m", "scripts.serve", "--port", str(urlsplit(self.url).port)]
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < deadline, f"the site did not start:\n{self.log()}"
            assert self.process.poll() is None, f"the site stopped:\n{self.log()}"
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def log(self) -> str:
        """What web, worker and beat said."""
        return (self.folder / "serve.log").read_text()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}health/", timeout=2):
                return True
        except OSError:
            return False


def _connect(name: str) -> "psycopg.Connection[tuple[Any, ...]]":
    config = settings.DATABASES["default"]
    connect = {"host": config["HOST"], "port": config["PORT"] or None, "user": config["USER"]}
    return psycopg.connect(**connect, password=config["PASSWORD"] or None, dbname=name, autocommit=True)


def make_site() -> Site:
    """The database made, migrated and filled; not yet started."""
    database.make_anew(NAME)
    folder = Path(tempfile.mkdtemp(prefix="waymark-site-"))
    environment = os.environ | {
        "DATABASE_URL": _address(database.WEB),
        "DATABASE_OWNER_URL": _address(database.OWNER),
        "DATABASE_WORKER_URL": _address("waymark_worker"),
        "DATABASE_SEALER_URL": _address("waymark_sealer"),
        "DATABASE_POOL": "4",
        "DATA_DIR": str(folder / "data"),
        "DEMO": "True",
        "EMAIL_URL": "consolemail://",
        "LOG_LEVEL": "INFO",
    }
    site = Site(f"http://localhost:{_free_port()}/", secrets.token_urlsafe(12), folder, environment)
    subprocess.run([sys.executable, "-m", "scripts.prepare"], cwd=ROOT, env=environment, check=True)
    site.manage("make_demo_school", "--students", str(STUDENTS))
    password = Argon2PasswordHasher().encode(site.password, secrets.token_hex(8))
    site.rows("UPDATE accounts_user SET password = %s", [password])
    return site


def _address(role: str) -> str:
    """The tests' own server, another database, and the role to take on there.

    By libpq's options, not by Django's assume_role, which waits for itself as soon as there is a connection pool.
    """
    url = urlsplit(os.environ["DATABASE_URL"])
    path = f"{url.path.rpartition('/')[0]}/{NAME}"
    return urlunsplit((url.scheme, url.netloc, path, f"options=-c%20role%3D{role}", ""))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
