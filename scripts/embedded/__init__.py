"""A PostgreSQL and a Redis of the project's own, in the git-ignored folder `.run`: for demo, development and tests.

Where DATABASE_URL or REDIS_URL is set, that server is used and nothing is started in its place.
"""

import base64
import fcntl
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.embedded.place import PROJECT, EmbeddedError, Place, find_place
from scripts.embedded.postgres import Postgres
from scripts.embedded.redis import Redis

__all__ = [
    "EmbeddedError",
    "as_sealer",
    "ensure_environment",
    "field_keys",
    "is_served",
    "mark_served",
    "remove",
    "secret_key",
    "start",
    "status",
    "stop",
    "urls",
]

NO_SIGNING_KEY = (
    "DATABASE_URL names a server, so SECRET_KEY must be set as well, in the environment or in .env.\n"
    "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
)
NO_FIELD_KEYS = (
    "DATABASE_URL names a server, so FIELD_KEYS must be set as well, in the environment or in .env.\n"
    "Only a process that never reads what is encrypted, such as the sealer, may have it empty."
)


def ensure_environment(*, demo: bool = False, env_file: bool = True) -> bool:
    """Fills in what the environment and `.env` leave out, starting embedded servers for it; True when it started one.

    Called before Django loads. A demo is filled in further: on somebody's own server it needs no more than the address.
    """
    try:
        if env_file:
            _read_env_file()
        instance = os.environ.get("WAYMARK_EMBEDDED", "demo")
        own_database = not os.environ.get("DATABASE_URL")
        own_redis = not os.environ.get("REDIS_URL")
        if own_database or demo:
            os.environ.setdefault("SECRET_KEY", secret_key(instance))
            os.environ.setdefault("FIELD_KEYS", field_keys(instance))
            os.environ.setdefault("HTTPS", "False")
        if demo:
            os.environ.setdefault("DEMO", "True")
            # To look around without enrolling a device; the demo's banner says so.
            os.environ.setdefault("REQUIRE_SECOND_FACTOR", "False")
        if not os.environ.get("SECRET_KEY"):
            raise EmbeddedError(NO_SIGNING_KEY)
        if "FIELD_KEYS" not in os.environ:
            raise EmbeddedError(NO_FIELD_KEYS)
        if not (own_database or own_redis):
            return False
        started = start(instance, database=own_database, redis=own_redis)
        found = urls(instance)
        if own_database:
            os.environ |= {name: url for name, url in found.items() if name.startswith("DATABASE_")}
        if own_redis:
            os.environ["REDIS_URL"] = found["REDIS_URL"]
    except EmbeddedError as error:
        sys.exit(str(error))
    return started


def start(instance: str = "demo", *, database: bool = True, redis: bool = True) -> bool:
    """Starts what does not run yet; True when something had to be started."""
    place = find_place(instance)
    servers = ([Postgres(place)] if database else []) + ([Redis(place)] if redis else [])
    with _locked(place):
        asleep = [server for server in servers if not _is_ready(server)]
        if asleep:
            if place.is_moved:
                place.make_private_folder(place.home)
            place.make_private_folder(place.sockets)
        for server in asleep:
            server.start()
    return bool(asleep)


def stop(instance: str = "demo") -> None:
    """Stops both servers and returns when they are gone."""
    place = find_place(instance)
    with _locked(place):
        redis, postgres = Redis(place), Postgres(place)
        if redis.is_running():
            redis.stop()
        if postgres.is_running() or postgres.has_process():
            postgres.stop()


def mark_served(instance: str = "demo") -> None:
    """This process serves Waymark on that instance, until it ends: the kernel lets go of the lock with it."""
    fcntl.flock(os.open(_served(instance), os.O_RDWR | os.O_CREAT, 0o644), fcntl.LOCK_SH)


def is_served(instance: str = "demo") -> bool:
    """Whether a process that called `mark_served` still runs."""
    if not _served(instance).exists():
        return False
    with _served(instance).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _served(instance: str) -> Path:
    return find_place(instance).run / "served"


def remove(instance: str = "demo") -> None:
    """Stops both servers and deletes what they kept, the copies outside the project included."""
    stop(instance)
    place = find_place(instance)
    with _locked(place):
        for folder in (place.postgres_data, place.sockets, *([place.home] if place.is_moved else [])):
            shutil.rmtree(folder, ignore_errors=True)


def status(instance: str = "demo") -> dict[str, bool]:
    """Which of the two answer on their sockets."""
    place = find_place(instance)
    return {"PostgreSQL": Postgres(place).is_running(), "Redis": Redis(place).is_running()}


def urls(instance: str = "demo") -> dict[str, str]:
    """The addresses of each process, by the name of the variable. The tests' role may become any of the others."""
    sockets = find_place(instance).sockets
    roles = {
        "DATABASE_URL": "waymark_web",
        "DATABASE_OWNER_URL": "waymark_migrate",
        "DATABASE_WORKER_URL": "waymark_worker",
        "DATABASE_SEALER_URL": "waymark_sealer",
    }
    if instance == "test":
        roles = dict.fromkeys(roles, "waymark_test")
    addresses = {name: f"postgres://{role}@/{sockets}/waymark" for name, role in roles.items()}
    return addresses | {"REDIS_URL": f"unix://{sockets}/redis.sock"}


def as_sealer() -> dict[str, str]:
    """The environment of the process that seals the record, and of nobody else: its database role and its key."""
    role = os.environ.get("DATABASE_SEALER_URL")
    if not role:
        return {}  # a server of the school's own: the sealer's environment is made there
    key = os.environ.get("SEAL_KEY") or secret_key(os.environ.get("WAYMARK_EMBEDDED", "demo"), "seal_key")
    return {"DATABASE_URL": role, "SEAL_KEY": key, "FIELD_KEYS": ""}


def secret_key(instance: str = "demo", name: str = "secret_key") -> str:
    """A signing key of this checkout's own."""
    return _kept(instance, name, secrets.token_urlsafe(50))


def field_keys(instance: str = "demo") -> str:
    """A ring of one key for encrypted fields, of this checkout's own."""
    return _kept(instance, "field_keys", "1:" + base64.b64encode(secrets.token_bytes(32)).decode())


def _kept(instance: str, name: str, text: str) -> str:
    """What was put there the first time, readable by its owner alone."""
    path = find_place(instance).run / name
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    except FileExistsError:
        pass
    return path.read_text()


def _is_ready(server: Postgres | Redis) -> bool:
    return server.is_ready() if isinstance(server, Postgres) else server.is_running()


@contextmanager
def _locked(place: Place) -> Iterator[None]:
    """One command at a time; the kernel lets go of the lock when its holder dies."""
    with (place.run / "lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read_env_file() -> None:
    path = PROJECT / ".env"
    if path.is_file():
        import environ  # the parser that the settings use

        environ.Env.read_env(path)
