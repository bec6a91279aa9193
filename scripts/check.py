"""Every check that needs no test: python -m scripts.check

Runs them all, also after one failed, and says at the end which did.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from scripts import embedded
from scripts.embedded.place import PROJECT, say

BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str | Path]] = {
    "lint": [BIN / "ruff", "check", "."],
    "format": [BIN / "ruff", "format", "--check", "--output-format", "concise", "."],
    "types": [BIN / "mypy"],
    "ladder and layers": [BIN / "lint-imports", "--no-cache"],
    "Django's own checks": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
    "migrations: none missing": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "migrations: safe on a live database": [sys.executable, "-m", "scripts.lint_migrations"],
    "templates": [BIN / "djlint", "--lint", "--quiet", "templates"],
}


def main() -> int:
    # The tests' servers: a check must not touch the demo's.
    os.environ["WAYMARK_EMBEDDED"] = "test"
    embedded.ensure_environment(env_file=False)
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    if failed:
        say(f"\nmake check: failed: {', '.join(failed)}")
        return 1
    say(f"\nmake check: all {len(CHECKS)} passed")
    return 0


def _passes(name: str, command: list[str | Path]) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=PROJECT, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    say(f"{'passed' if done.returncode == 0 else 'FAILED'}  {name} ({time.monotonic() - began:.1f} s)")
    if done.returncode:
        say(done.stdout)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
