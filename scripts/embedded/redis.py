"""The embedded Redis: one private socket, nothing on disk, because PostgreSQL keeps the truth."""

import subprocess
import time

from scripts.embedded.place import EmbeddedError, Place, say
from scripts.embedded.programs import redis_program
from scripts.embedded.sockets import answers, talk


class Redis:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.socket = place.sockets / "redis.sock"

    def is_running(self) -> bool:
        return answers(self.socket)

    def start(self) -> None:
        began = time.monotonic()
        self.socket.unlink(missing_ok=True)
        log = self.place.home / "redis.log"
        log.touch()
        self.place.own(log)
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "daemonize": "yes",
            "save": "",
            "appendonly": "no",
            "dir": str(self.place.sockets),
            "logfile": str(log),
        }
        command = [str(redis_program(self.place))]
        for name, value in settings.items():
            command += [f"--{name}", value]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, **self.place.as_server_user())  # type: ignore[call-overload]
        while not self.is_running():
            if time.monotonic() - began > 10:
                raise EmbeddedError(f"Redis did not start; see {log}.")
            time.sleep(0.01)
        say(f"Started Redis ({self.place.instance}) in {time.monotonic() - began:.1f} s")

    def stop(self) -> None:
        talk(self.socket, b"SHUTDOWN NOSAVE\r\n")
        deadline = time.monotonic() + 10
        while self.is_running():
            if time.monotonic() > deadline:
                raise EmbeddedError("Redis did not stop within 10 seconds.")
            time.sleep(0.01)
        say(f"Stopped Redis ({self.place.instance})")
