"""Keeps a few processes running: names their output, starts again what dies, stops all of them together.

One thread, waiting on their pipes; children get their own process groups, so that a terminal's Ctrl-C reaches only us.
"""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scripts.embedded.place import PROJECT, say

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
COLOURS = {"web": "36", "worker": "33", "beat": "35", "sealer": "32"}
PATIENCE = 8.0  # seconds a child may take to finish what it is doing
LONGEST_PAUSE = 30.0  # seconds between attempts to start a child that keeps dying
STEADY = 60.0  # seconds after which a child's earlier deaths are forgotten


@dataclass
class Child:
    """A command and, once started, its process."""

    name: str
    command: list[str | Path]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    start_again_at: float | None = None
    unfinished: bytes = field(default=b"", repr=False)


class Supervisor:
    def __init__(self) -> None:
        self.children: list[Child] = []
        self.selector = selectors.DefaultSelector()
        self.colourful = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.command,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_supervisor,
            # In a container root is all there is; Celery need not say so in seven lines at every start.
            env=os.environ
            | {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker"}
            | child.environment,
        )
        child.started_at, child.start_again_at, child.unfinished = time.monotonic(), None, b""
        assert child.process.stdout
        os.set_blocking(child.process.stdout.fileno(), False)
        self.selector.register(child.process.stdout, selectors.EVENT_READ, child)
        if child not in self.children:
            self.children.append(child)

    def run(self) -> None:
        """Until somebody raises KeyboardInterrupt."""
        while True:
            self._turn(1.0)

    def run_until(self, is_done: Callable[[], bool], waiting_for: str) -> None:
        """The same, until `is_done` says so."""
        say(waiting_for)
        while not is_done():
            self._turn(0.1)

    def stop(self) -> None:
        """Asks all, waits, then insists; afterwards nothing of ours runs."""
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while any(child.process and child.process.poll() is None for child in self.children):
            if time.monotonic() > deadline:
                break
            self._pass_on_output(0.1)
        self._signal_all(signal.SIGKILL, whole_group=True)
        for child in self.children:
            if child.process:
                child.process.wait()
        self._pass_on_output(0)

    def _turn(self, patience: float) -> None:
        self._pass_on_output(patience)
        now = time.monotonic()
        for child in self.children:
            if child.start_again_at is not None:
                if now >= child.start_again_at:
                    self.start(child)
            elif child.process and child.process.poll() is not None:
                self._plan_restart(child, now)

    def _plan_restart(self, child: Child, now: float) -> None:
        assert child.process
        self._close(child)
        _signal_group(child, signal.SIGKILL)  # what it left behind
        child.deaths = 1 if now - child.started_at > STEADY else child.deaths + 1
        pause = min(2.0 ** (child.deaths - 1), LONGEST_PAUSE)
        child.start_again_at = now + pause
        self._print(child, f"ended with {child.process.returncode}; starting again in {pause:.0f} s")

    def _pass_on_output(self, patience: float) -> None:
        if not self.selector.get_map():
            time.sleep(patience)
            return
        for key, _ in self.selector.select(patience):
            child: Child = key.data
            try:
                found = os.read(key.fd, 65536)
            except BlockingIOError:
                continue
            if not found:
                self._close(child)
                continue
            *lines, child.unfinished = (child.unfinished + found).split(b"\n")
            for line in lines:
                self._print(child, line.decode(errors="replace"))

    def _close(self, child: Child) -> None:
        assert child.process
        assert child.process.stdout
        if not child.process.stdout.closed:
            self.selector.unregister(child.process.stdout)
            child.process.stdout.close()

    def _print(self, child: Child, line: str) -> None:
        name = f"{child.name:<6}"
        if self.colourful:
            name = f"\033[{COLOURS.get(child.name, '37')}m{name}\033[0m"
        print(f"{name} {line}", flush=True)

    def _signal_all(self, number: signal.Signals, *, whole_group: bool = False) -> None:
        for child in self.children:
            if whole_group:
                _signal_group(child, number)
            elif child.process and child.process.poll() is None:
                child.process.send_signal(number)


def _end_with_supervisor() -> None:
    """Between fork and exec, with one thread only: even after `kill -9` of the supervisor nothing of it stays."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_group(child: Child, number: signal.Signals) -> None:
    try:
        if child.process:
            os.killpg(child.process.pid, number)
    except ProcessLookupError:
        return
