"""Makes the virtual environment and fetches what it needs: python3 -m scripts.setup demo|dev

Standard library only, and quick when nothing changed. As root it installs missing Debian packages itself and says so;
otherwise it names the one command that does.
"""

import argparse
import ctypes
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".waymark-requirements"


@dataclass(frozen=True)
class SystemPart:
    """Debian packages that pip cannot bring; `needed` where the set-up stops without them."""

    packages: tuple[str, ...]
    purpose: str
    is_there: Callable[[], bool]
    wanted: frozenset[str]
    needed: frozenset[str]


def _can_load(*libraries: str) -> bool:
    try:
        return all(ctypes.CDLL(library) for library in libraries)
    except OSError:
        return False


BOTH, DEV = frozenset({"demo", "dev"}), frozenset({"dev"})
PARTS = (
    SystemPart(
        ("python3-venv",),
        "the virtual environment",
        lambda: (VENV / "bin/pip").exists() or importlib.util.find_spec("ensurepip") is not None,
        wanted=BOTH,
        needed=BOTH,
    ),
    SystemPart(
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
        "report PDFs",
        lambda: _can_load("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"),
        wanted=BOTH,
        needed=DEV,
    ),
    SystemPart(
        ("chromium",),
        "the browser tests",
        lambda: shutil.which("chromium") is not None,
        wanted=DEV,
        needed=DEV,
    ),
    SystemPart(
        ("poppler-utils",),
        "looking into PDFs in tests",
        lambda: shutil.which("pdftotext") is not None and shutil.which("pdftoppm") is not None,
        wanted=DEV,
        needed=DEV,
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m scripts.setup", description=__doc__)
    parser.add_argument("kind", choices=["demo", "dev"])
    kind: str = parser.parse_args().kind
    steps: tuple[Callable[[str], bool], ...] = (_system_parts, _virtual_environment, _requirements, _assets)
    return 0 if all(step(kind) for step in steps) else 1


def _system_parts(kind: str) -> bool:
    missing = [part for part in PARTS if kind in part.wanted and not part.is_there()]
    if not missing:
        return True
    packages = [package for part in missing for package in part.packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install_packages(packages, ", ".join(part.purpose for part in missing))
        missing = [part for part in missing if not part.is_there()]
    needed = [part for part in missing if kind in part.needed]
    for part in missing:
        say(f"Missing for {part.purpose}: {' '.join(part.packages)}")
    if missing:
        packages = [package for part in missing for package in part.packages]
        say(f"One command installs it:\n\n    sudo apt-get install -y {' '.join(packages)}\n")
    if needed:
        return not _fail("Run it, then try again.")
    if missing:
        say("Going on without: everything works but report PDFs, which cannot be made until then.")
    return True


def _install_packages(packages: list[str], purpose: str) -> None:
    say(f"Installing Debian packages for {purpose}: {' '.join(packages)} …")
    began = time.monotonic()
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _quiet(["apt-get", "update"], env=quietly)
    if _quiet(["apt-get", "install", "-y", "--no-install-recommends", *packages], env=quietly):
        say(f"Installed them in {_since(began)}")


def _virtual_environment(kind: str) -> bool:
    if (VENV / "bin/pip").exists():
        return True
    say("Making the virtual environment in .venv …")
    began = time.monotonic()
    # What an interrupted attempt left is cleared; pip comes last, so its presence means the rest is there.
    if not _quiet([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        return not _fail("The virtual environment could not be made.")
    say(f"Made it in {_since(began)}")
    return True


def _requirements(kind: str) -> bool:
    """Installs the locked set; the larger `dev` set serves the demo as well."""
    digests = {name: _digest(ROOT / "requirements" / f"{name}.txt") for name in ("demo", "dev")}
    fitting = {digests["dev"]} | ({digests["demo"]} if kind == "demo" else set())
    if STAMP.is_file() and STAMP.read_text() in fitting:
        return True
    locked = ROOT / "requirements" / f"{kind}.txt"
    count = len(re.findall(r"^[a-z0-9].*==", locked.read_text(), re.MULTILINE))
    say(f"Installing {count} Python packages from {locked.relative_to(ROOT)} …")
    began = time.monotonic()
    pip = [str(VENV / "bin/python"), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    if not _quiet([*pip, "install", "--require-hashes", "--requirement", str(locked)]):
        return not _fail("The Python packages could not be installed; check the network and try again.")
    STAMP.write_text(digests[kind])
    say(f"Installed them in {_since(began)}")
    return True


def _assets(kind: str) -> bool:
    return subprocess.run([VENV / "bin/python", "-m", "scripts.assets"], cwd=ROOT, check=False).returncode == 0


def say(text: str) -> None:
    print(text, flush=True)


def _quiet(command: list[str], env: dict[str, str] | None = None) -> bool:
    """Runs it silently; shows what it said only when it failed."""
    done = subprocess.run(command, check=False, text=True, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        say("\n".join(done.stdout.strip().splitlines()[-15:]))
    return done.returncode == 0


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() + sys.version.encode()).hexdigest()


def _since(began: float) -> str:
    return f"{time.monotonic() - began:.0f} s"


def _fail(text: str) -> int:
    print(text, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
