"""The test database's roles, and how it is put back after a test that commits.

Django would clean up by TRUNCATE, which the web role may not, the audit record refuses, and which would take the
attendance codes away that a migration put there. A fresh copy of the migrated database has none of these troubles.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections
from django.db.backends.signals import connection_created
from psycopg import sql

from core import acting
from core.postgresql.base import DatabaseWrapper

OWNER, WEB = "waymark_owner", "waymark_web"


def become(role: str) -> None:
    """Takes effect with the next connection."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["OPTIONS"]["assume_role"] = role


def let_scaffolding_ask() -> None:
    """Where nobody began to act it is a test's own hands, and before the first test the migrations'."""
    refuse = DatabaseWrapper._refuse_nobody
    DatabaseWrapper._refuse_nobody = lambda self, sql: None if _is_scaffolding() else refuse(self, sql)


def bind_roles() -> None:
    """From now on: the web role, bound by policies, wherever somebody acts; the owner in between.

    A test's own hands (factories, looking afterwards) are the owner's. Whatever the product does begins with
    `acting_as`: each request by its middleware, jobs and commands by themselves.
    """
    rebind = acting._rebind

    def rebind_and_change_role() -> None:
        for one in connections.all(initialized_only=True):
            if one.connection is not None:
                _take_role(one)
        rebind()

    acting._rebind = rebind_and_change_role
    connection_created.connect(lambda connection, **_: _take_role(connection), weak=False)


def _is_scaffolding() -> bool:
    return acting.current_actor() is acting.OUTSIDE


def _take_role(connection: Any) -> None:
    role = OWNER if _is_scaffolding() else WEB
    psycopg.Cursor(connection.connection).execute(f"SET ROLE {role}")


@contextmanager
def as_owner() -> Iterator[None]:
    """For a test that does the owner's work in the middle of somebody's acting, on the same connection."""
    _set_role(OWNER)
    try:
        yield
    finally:
        _set_role(WEB)


def _set_role(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")


def restore(*_: Any) -> None:
    """As the first test of all found it, whatever a committing test left there."""
    settings = connection.settings_dict
    make_anew(settings["NAME"], template=settings["TEST"]["TEMPLATE"])


def make_anew(name: str, *, template: str = "template1") -> None:
    """Drops a database and copies it from another, as the owner; it takes about a tenth of a second."""
    drop(name)
    _administer(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    close_to_public(name)


def close_to_public(name: str) -> None:
    """As a migration does; rights on the database itself do not come along with a copy."""
    _administer(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))


def drop(name: str) -> None:
    """Sends away whoever is connected; the server's own vacuum worker cannot be sent, so that is waited for."""
    connections.close_all()
    for attempt in range(50):
        try:
            _administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            if attempt == 49:
                raise
            time.sleep(0.1)
        else:
            return


def rename(name: str, new: str) -> None:
    _administer(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)))


def names_like(prefix: str) -> set[str]:
    with administration() as server:
        rows = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]).fetchall()
    return {name for (name,) in rows}


@contextmanager
def administration() -> Iterator["psycopg.Connection[Any]"]:
    """A connection of its own to the server, outside of any test database, as the owner."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    for django_only in ("cursor_factory", "context", "assume_role"):
        parameters.pop(django_only, None)
    with psycopg.connect(**parameters, autocommit=True) as server:
        server.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
        yield server


def _administer(command: sql.Composed) -> None:
    with administration() as server:
        server.execute(command)
