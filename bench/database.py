"""A database for the bench alone, on the tests' server: made, filled with an invented school, dropped at the end."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from scripts import embedded

NAME = "waymark_bench"
OWNER, WEB = "waymark_owner", "waymark_web"


@contextmanager
def bench_school(students: int) -> Iterator[None]:
    """Django set up on a fresh database with a school of so many; all of it gone afterwards."""
    embedded.start("test")
    urls = embedded.urls("test")
    server = urls["DATABASE_URL"]
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "for-the-bench-only"}
    os.environ |= {"DEBUG": "False", "DEMO": "False", "HTTPS": "False", "LOG_LEVEL": "WARNING"}
    os.environ |= {"REDIS_URL": urls["REDIS_URL"], "DATABASE_POOL": "0"}
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        os.environ["DATABASE_URL"] = _address(server, WEB)
        os.environ["DATABASE_OWNER_URL"] = _address(server, OWNER)
        _administer(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")
        try:
            _fill(students)
            yield
        finally:
            _hang_up(server)
            _administer(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)")


def _fill(students: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("make_demo_school", students=students, seed=1)


def _hang_up(server: str) -> None:
    """A database with somebody in it cannot be dropped, and the server notices a little later that a process ended."""
    from django.db import connections

    connections.close_all()
    until = time.monotonic() + 10
    with _administration(server) as connection:
        guests = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        while connection.execute(guests, [NAME]).fetchone() != (0,) and time.monotonic() < until:
            time.sleep(0.1)


def _address(server: str, role: str) -> str:
    """The same server, our database, as that role."""
    folder = urlsplit(server).path.rpartition("/")[0]
    return urlunsplit(urlsplit(server)._replace(path=f"{folder}/{NAME}", query=f"options=-c%20role%3D{role}"))


def _administration(server: str) -> psycopg.Connection[tuple[object, ...]]:
    parts = urlsplit(server)
    folder = parts.path.rpartition("/")[0]  # of the server's socket
    return psycopg.connect(host=folder, user=parts.username, dbname="postgres", autocommit=True)


def _administer(server: str, *commands: str) -> None:
    with _administration(server) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
        for command in commands:
            _patiently(connection, sql.SQL(command).format(sql.Identifier(NAME)))


def _patiently(connection: psycopg.Connection[tuple[object, ...]], command: sql.Composed) -> None:
    """The server's own vacuum worker cannot be sent away from a database, so that is waited for."""
    for attempt in range(50):
        try:
            connection.execute(command)
        except psycopg.errors.InsufficientPrivilege:
            if attempt == 49:
                raise
            time.sleep(0.1)
        else:
            return
