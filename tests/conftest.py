"""The tests' environment and database: a PostgreSQL of their own, tables made as the owner, tests run as the web role.

A suite run as a superuser proves nothing about who may see what, so the first test of all asks who we are.
"""

import gc
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

if sys.dont_write_bytecode:
    # As containers like it. Each test process, and each program that a test starts, would compile its modules anew, and
    # pytest its plugins' too: seconds. So what is compiled is kept with the tests' servers, outside of the tree; this
    # stands above the imports for Hypothesis, and is in the environment for the processes to come.
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parent.parent / ".run" / "pycache")
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import pytest
from hypothesis import settings as hypothesis_settings

from scripts import embedded

FIXED = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "for-tests-only",
    "FIELD_KEYS": "2:dGhlIHNlY29uZCBrZXkgb2YgdGhlIHRlc3RzLCAzMkI=,1:dGhlIGZpcnN0IGtleSBvZiB0aGUgdGVzdHMsIDMyIGI=",
    "DEBUG": "False",
    "DEMO": "False",
    "HTTPS": "False",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "DATABASE_POOL": "0",
    "LOG_LEVEL": "WARNING",
    "REQUIRE_SECOND_FACTOR": "False",
    "EMAIL_URL": "memorymail://",
    "WAYMARK_EMBEDDED": "test",
}


def _fix_environment() -> None:
    """Before anything imports the settings; a developer's `.env` has no say in tests."""
    os.environ |= FIXED
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="waymark-tests-")
    os.environ.setdefault("DATABASE_OWNER_URL", os.environ.get("DATABASE_URL", ""))
    embedded.ensure_environment(env_file=False)
    from django.conf import settings

    # Pages are tested without collected files (each client would walk all of them first where there are some), and
    # without the second that a real password hash takes.
    settings.STATIC_ROOT = Path(os.environ["DATA_DIR"]) / "no-static"
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


_fix_environment()
# How long one example takes says nothing on a busy machine.
hypothesis_settings.register_profile("waymark", deadline=None)
hypothesis_settings.register_profile("long", deadline=None, max_examples=5000)
hypothesis_settings.load_profile("long" if os.environ.get("WAYMARK_FUZZ") else "waymark")

from core import acting, maintenance  # noqa: E402
from tests import database, migrated  # noqa: E402 (needs the settings)

# Tests travel in time; PostgreSQL does not, and refuses a token of another time.
_BEGAN = time.time() - time.monotonic()
acting.now = lambda: _BEGAN + time.monotonic()
# One connection, so that a test's transaction holds all of it; outside of `acting_as` it is the owner's anyway.
maintenance.as_owner = nullcontext  # type: ignore[assignment]


def pytest_collection_finish() -> None:
    """What was imported stays to the end, so the collector need not walk all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_createdb: bool, django_db_blocker: Any
) -> None:
    """The test database is made and migrated as the owner; the suffix gives each xdist process its own."""
    from django.db import connection

    database.become(database.OWNER)
    database.let_scaffolding_ask()
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template(anew=django_db_createdb)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """From the first test to the last, what acts is the web role, which owns nothing and is bound by policies."""
    from django.db import connection
    from django.test import TransactionTestCase

    database.close_to_public(connection.settings_dict["NAME"])
    TransactionTestCase._fixture_teardown = database.restore  # type: ignore[attr-defined]
    database.bind_roles()
    yield
    database.become(database.OWNER)
