"""The embedded PostgreSQL: made, started and stopped by its own programs, reached by a private socket only."""

import hashlib
import shlex
import shutil
import subprocess
import time
from pathlib import Path

from scripts.embedded.place import PROJECT, EmbeddedError, Place, say
from scripts.embedded.programs import postgres_folder
from scripts.embedded.sockets import answers

SQL = PROJECT / "scripts" / "sql"
SCRIPTS = {"demo": ["roles.sql"], "test": ["roles.sql", "tests.sql"]}
SETTINGS = {"listen_addresses": "", "jit": "off", "shared_buffers": "128MB", "log_min_messages": "warning"}
# A test database may be lost with the power; the demo's may not.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.socket = place.sockets / ".s.PGSQL.5432"
        self.log = place.run / "postgres.log"

    def is_running(self) -> bool:
        return answers(self.socket)

    def is_ready(self) -> bool:
        """Running, and its roles and database are those of today's scripts."""
        stamp = self._stamp()
        return self.is_running() and stamp.is_file() and stamp.read_text() == self._scripts_digest()

    def start(self) -> None:
        """Makes the cluster where there is none, starts it, and brings its roles up to date."""
        began = time.monotonic()
        if not self.place.postgres_data.is_dir():
            self._make_cluster()
        if not self.is_running():
            self._clear_remains()
            self._start_server(began)
            say(f"Started PostgreSQL ({self.place.instance}) in {time.monotonic() - began:.1f} s")
        if not self.is_ready():
            self._run_scripts()

    def stop(self) -> None:
        pid = self._pid()
        if self._run("pg_ctl", "stop", "--mode=fast", "--timeout=30").returncode:
            raise EmbeddedError(f"PostgreSQL did not stop; see {self.log}.")
        # pg_ctl waits for the pid file to go, which is a moment before the process.
        while self._is_ours(pid):
            time.sleep(0.01)
        say(f"Stopped PostgreSQL ({self.place.instance})")

    def has_process(self) -> bool:
        """Whether the process named in its pid file lives and is ours, not a stranger with a reused number."""
        return self._is_ours(self._pid())

    def _pid(self) -> str:
        try:
            return (self.place.postgres_data / "postmaster.pid").read_text().split()[0]
        except (OSError, IndexError):
            return "none"

    def _is_ours(self, pid: str) -> bool:
        try:
            return str(self.place.postgres_data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False

    def _clear_remains(self) -> None:
        """After a power cut or `kill -9` a pid file may be left, or a server whose socket somebody removed."""
        if self.has_process():
            self.stop()
        (self.place.postgres_data / "postmaster.pid").unlink(missing_ok=True)

    def _make_cluster(self) -> None:
        began = time.monotonic()
        say(f"Making the embedded PostgreSQL cluster ({self.place.instance}) in {self.place.postgres_data}")
        half = self.place.home / "postgres.half"
        shutil.rmtree(half, ignore_errors=True)
        self.place.make_private_folder(half)
        made = self._run(
            "initdb",
            *("--username=postgres", "--encoding=UTF8", "--locale=C"),
            # The package is built without ICU; the built-in provider sorts alike on every machine.
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--auth=peer", "--no-instructions"),
            *(["--no-sync"] if self.place.instance == "test" else []),
            data=half,
        )
        if made.returncode:
            raise EmbeddedError(f"PostgreSQL's initdb failed; see {self.log}.")
        # Only these two users of the machine may connect, under whatever role they name.
        (half / "pg_hba.conf").write_text("local all all peer map=embedded\n")
        names = {self.place.user.pw_name, "root"}
        (half / "pg_ident.conf").write_text("".join(f'embedded "{name}" all\n' for name in sorted(names)))
        half.rename(self.place.postgres_data)
        say(f"Made it in {time.monotonic() - began:.1f} s")

    def _start_server(self, began: float) -> None:
        settings = SETTINGS | {"unix_socket_directories": str(self.place.sockets)}
        if self.place.instance == "test":
            settings |= FORGETFUL
        options = " ".join(shlex.quote(f"--{name}={value}") for name, value in settings.items())
        # Right after `kill -9` the old server's children need a moment to let go of its memory.
        while self._run("pg_ctl", "start", "--wait", "--timeout=60", "--options", options).returncode:
            if time.monotonic() - began > 10:
                raise EmbeddedError(f"PostgreSQL did not start; see the end of {self.log}.")
            time.sleep(0.5)

    def _run_scripts(self) -> None:
        for name in SCRIPTS[self.place.instance]:
            connect = (
                f"--host={self.place.sockets}",
                "--username=postgres",
                "--dbname=postgres",
                "--no-psqlrc",
                "--quiet",
            )
            with (SQL / name).open() as script:
                done = self._run("psql", *connect, data=None, stdin=script)
            if done.returncode:
                raise EmbeddedError(f"scripts/sql/{name} failed; see the end of {self.log}.")
        stamp = self._stamp()
        stamp.write_text(self._scripts_digest())

    def _stamp(self) -> Path:
        return self.place.postgres_data / "waymark-roles"

    def _scripts_digest(self) -> str:
        return hashlib.sha256(b"".join((SQL / name).read_bytes() for name in SCRIPTS[self.place.instance])).hexdigest()

    def _run(
        self, program: str, *arguments: str, data: Path | str | None = "own", stdin: object = subprocess.DEVNULL
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs one of PostgreSQL's programs as the servers' user, its words appended to the log."""
        if data == "own":
            data = self.place.postgres_data
        where = ["--pgdata", str(data)] if data else []
        with self.log.open("ab") as log:
            self.place.own(self.log)
            return subprocess.run(  # type: ignore[call-overload, no-any-return]
                [postgres_folder(self.place) / "bin" / program, *where, *arguments],
                check=False,
                stdin=stdin,
                stdout=log,
                stderr=log,
                **self.place.as_server_user(),
            )
