"""The tests' environment and database: a PostgreSQL of their own, tables made as the owner, tests run as the web role.

A suite run as a superuser proves nothing about who may see what, so the first test of all asks who we are.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from scripts import embedded

FIXED = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "for-tests-only",
    "DEBUG": "False",
    "DEMO": "False",
    "HTTPS": "False",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "DATABASE_POOL": "0",
    "LOG_LEVEL": "WARNING",
    "EMAIL_URL": "memorymail://",
    "WAYMARK_EMBEDDED": "test",
}
OWNER, WEB = "waymark_owner", "waymark_web"


def _fix_environment() -> None:
    """Before anything imports the settings; a developer's `.env` has no say in tests."""
    os.environ |= FIXED
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="waymark-tests-")
    os.environ.setdefault("DATABASE_OWNER_URL", os.environ.get("DATABASE_URL", ""))
    embedded.ensure_environment(env_file=False)
    from django.conf import settings

    # Pages are tested without collected files, and without the second that a real password hash takes.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


_fix_environment()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The test database is made and migrated as the owner; the suffix gives each xdist process its own."""
    _become(OWNER)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """From the first test to the last we are the web role, which owns nothing."""
    _become(WEB)
    yield
    _become(OWNER)


def _become(role: str) -> None:
    """Takes effect with the next connection."""
    from django.db import connections

    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["OPTIONS"]["assume_role"] = role if alias == "default" else OWNER


@contextmanager
def as_owner() -> Iterator[None]:
    """For the rare test that changes tables, on the same connection and so inside the same transaction."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {OWNER}")
        try:
            yield
        finally:
            cursor.execute(f"SET ROLE {WEB}")


@pytest.fixture(autouse=True, scope="session")
def _flush_as_owner() -> Iterator[None]:
    """Tests that commit are cleaned up by TRUNCATE, which the web role may not."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.execute_sql_flush

    def as_the_owner(self: Any, sql_list: list[str]) -> None:
        with as_owner():
            plain(self, sql_list)

    DatabaseOperations.execute_sql_flush = as_the_owner
    yield
    DatabaseOperations.execute_sql_flush = plain
