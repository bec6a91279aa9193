"""The test database's roles, and the copy that a committing test is cleaned up from.

Django would clean up by TRUNCATE, which the web role may not, the audit record refuses, and which would take the
attendance codes away that a migration put there. A fresh copy of the migrated database has none of these troubles.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections
from psycopg import sql

OWNER, WEB = "waymark_owner", "waymark_web"


def become(role: str) -> None:
    """Takes effect with the next connection."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["OPTIONS"]["assume_role"] = role if alias == "default" else OWNER


@contextmanager
def as_owner() -> Iterator[None]:
    """For the rare test that changes tables, on the same connection and so inside the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {OWNER}")
        try:
            yield
        finally:
            cursor.execute(f"SET ROLE {WEB}")


def keep_copy() -> None:
    name = connection.settings_dict["NAME"]
    make_anew(_copy_of(name), template=name)


def restore_copy(*_: Any) -> None:
    name = connection.settings_dict["NAME"]
    make_anew(name, template=_copy_of(name))


def drop_copy() -> None:
    drop(_copy_of(connection.settings_dict["NAME"]))


def make_anew(name: str, *, template: str = "template1") -> None:
    """Drops a database and copies it from another, as the owner; it takes about a tenth of a second."""
    drop(name)
    _administer(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def drop(name: str) -> None:
    """Sends away whoever is connected."""
    connections.close_all()
    _administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _copy_of(name: str) -> str:
    return f"{name}_copy"


def _administer(command: sql.Composed) -> None:
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    for django_only in ("cursor_factory", "context", "assume_role"):
        parameters.pop(django_only, None)
    with psycopg.connect(**parameters, autocommit=True) as administration:
        administration.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
        administration.execute(command)
