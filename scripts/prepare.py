"""Brings the database and the static files up to today's code: python -m scripts.prepare [--demo-school]

One Django start for all of it, because starts are what waiting for a demo is made of. Running it again changes nothing.
What it does goes to standard error; the demo's sign-ins alone go to standard output.
"""

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from scripts import embedded
from scripts.embedded.place import PROJECT, say


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.prepare", description=__doc__)
    parser.add_argument("--demo-school", action="store_true", help="make the demo school where there is no school yet")
    chosen = parser.parse_args()
    embedded.ensure_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    _timed("Bringing the tables up to date", _migrate)
    _collect_static_files()
    if chosen.demo_school:
        _make_demo_school()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    # Refuses a database that would show more than it should.
    call_command("check", databases=["default"])


def _collect_static_files() -> None:
    """Copies, hashes and compresses them for the web server, where they changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    if settings.DEBUG:
        return
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            entry = Path(storage.path(name)).stat()
            found.update(f"{name} {entry.st_size} {entry.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    if stamp.is_file() and stamp.read_text() == found.hexdigest():
        return
    _timed(
        "Collecting the static files", lambda: call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    )
    stamp.write_text(found.hexdigest())


def _make_demo_school() -> None:
    from django.core.management import call_command

    from accounts.models import School

    if not School.objects.exists():
        _timed("Making the demo school", lambda: call_command("make_demo_school", stdout=sys.stderr))
    call_command("demo_accounts")


def _timed(what: str, work: Callable[[], object]) -> None:
    say(f"{what} …")
    began = time.monotonic()
    work()
    say(f"  {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    main()
