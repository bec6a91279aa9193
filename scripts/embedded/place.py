"""Where an embedded instance keeps its things, and as which user its servers run.

PostgreSQL refuses to run as root, so root hands both servers to the existing user `nobody`; no user is made.
"""

import hashlib
import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
INSTANCES = ("demo", "test")


def say(text: str) -> None:
    """One line for whoever waits, kept out of the command's own output."""
    print(text, file=sys.stderr, flush=True)


class EmbeddedError(Exception):
    """A sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Place:
    """One instance: `run` holds locks and keys, `home` the servers' data, `sockets` has a short name."""

    instance: str
    run: Path
    home: Path
    sockets: Path
    user: pwd.struct_passwd

    @property
    def is_moved(self) -> bool:
        """True where the servers' user cannot reach the project, so that data and programs live elsewhere."""
        return self.home != self.run

    @property
    def postgres_data(self) -> Path:
        return self.home / "postgres"

    def as_server_user(self) -> dict[str, object]:
        """Keyword arguments that make `subprocess` drop root; empty where we are not root."""
        if os.geteuid() != 0:
            return {"cwd": "/"}
        return {"cwd": "/", "user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def make_private_folder(self, path: Path) -> None:
        """A folder for the servers' user alone; refuses one that a stranger has put in the way."""
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
        if path.is_symlink() or found.st_uid not in {os.geteuid(), self.user.pw_uid}:
            raise EmbeddedError(f"{path} belongs to somebody else; remove it and try again.")
        self.own(path)
        path.chmod(0o700)


def find_place(instance: str) -> Place:
    """The place of an instance, and its `run` folder made."""
    if instance not in INSTANCES:
        raise EmbeddedError(f"There is no embedded instance {instance!r}; there are {' and '.join(INSTANCES)}.")
    run = _make_run_folder(instance)
    moved = Path("/var/tmp") / f"waymark-{_digest(str(PROJECT))}-{instance}"
    home = moved if (moved / "postgres").is_dir() and not (run / "postgres").is_dir() else run
    user = _server_user(home / "postgres")
    sockets = Path("/tmp") / f"waymark-{_digest(f'{run}:{user.pw_uid}')}"
    place = Place(instance, run, home, sockets, user)
    if home == run and not place.postgres_data.is_dir() and not _can_reach(place):
        return Place(instance, run, moved, sockets, user)
    return place


def _make_run_folder(instance: str) -> Path:
    top = PROJECT / ".run"
    run = top if instance == "demo" else top / instance
    try:
        run.mkdir(parents=True, exist_ok=True)
        for folder in {top, run}:
            if folder.stat().st_uid == os.geteuid():
                folder.chmod(0o755)
        (run / "lock").touch()
    except PermissionError:
        owner = pwd.getpwuid(top.stat().st_uid).pw_name if top.exists() else "somebody else"
        raise EmbeddedError(f"{top} belongs to {owner}: run this as {owner}, or remove that folder.") from None
    return run


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _server_user(data: Path) -> pwd.struct_passwd:
    """Ourselves; for root the owner of the data that is there already, else `nobody`."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    if data.is_dir():
        return pwd.getpwuid(data.stat().st_uid)
    return pwd.getpwnam("nobody")


def _can_reach(place: Place) -> bool:
    """Asks by trying: can the servers' user see our programs and our folder?"""
    if os.geteuid() != 0:
        return True
    from scripts.embedded import programs

    for command in (["test", "-x", str(place.run)], [str(programs.packaged_postgres() / "bin/postgres"), "--version"]):
        try:
            subprocess.run(command, check=True, capture_output=True, **place.as_server_user())  # type: ignore[call-overload]
        except (PermissionError, FileNotFoundError, subprocess.CalledProcessError):
            return False
    return True
