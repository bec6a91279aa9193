"""A migrated database that every test database is copied from, kept until something changes that migrations read.

Migrating takes ten seconds of a processor, for each of the test processes; a copy takes a tenth of one. Whatever is
migrated still goes through every migration: `migrate` runs on the copy as well, and finds nothing left to do.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from tests import database

ROOT = Path(settings.BASE_DIR)
PREFIX = "waymark_migrated_"
IMPORTED = re.compile(r"^\s*(?:from|import) ([\w.]+)", re.MULTILINE)
# What else decides how the tables come out: rights, versions of other people's apps, the list of apps.
BESIDE = (
    "scripts/sql/roles.sql",
    "scripts/sql/tests.sql",
    "requirements/dev.txt",
    "config/settings/database.py",
    "config/settings/installed.py",
    "config/settings/sign_in.py",
    "core/management/commands/migrate.py",
)


def template(*, anew: bool = False) -> str:
    """Its name; the first process to ask makes it, the others wait."""
    name = PREFIX + digest()
    with _alone():
        known = database.names_like(PREFIX)
        if anew or name not in known:
            for old in known:
                database.drop(old)
            _migrate(name)
    return name


def digest() -> str:
    """Of every migration of ours and of what they import, to the end."""
    content = hashlib.sha256()
    for path in sorted(_read_by_migrations()):
        content.update(path.read_bytes())
    return content.hexdigest()[:16]


def _read_by_migrations() -> set[Path]:
    read = {ROOT / name for name in BESIDE}
    waiting = {*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py")}
    while waiting:
        path = waiting.pop()
        read.add(path)
        for module in IMPORTED.findall(path.read_text()):
            place = ROOT / module.replace(".", "/")
            waiting |= {file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()} - read
    return read


def _migrate(name: str) -> None:
    """Under another name until it is whole."""
    half, own = f"{PREFIX}half", connection.settings_dict["NAME"]
    database.make_anew(half)
    connection.settings_dict["NAME"] = half
    try:
        call_command("migrate", database=connection.alias, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
    database.rename(half, name)


@contextmanager
def _alone() -> Iterator[None]:
    """One process of a run, and one run on the same server, at a time."""
    with database.administration() as server:
        server.execute(sql.SQL("SELECT pg_advisory_lock(hashtext({}))").format(PREFIX))
        yield
