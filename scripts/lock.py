"""Compiles requirements/*.txt anew from pyproject.toml, with hashes and without any registry's address: make lock"""

import subprocess
import sys
from pathlib import Path

from scripts.embedded.place import PROJECT

UV = Path(sys.executable).parent / "uv"
FILES: dict[str, list[str]] = {"base": [], "demo": ["--group", "embedded"], "dev": ["--group", "dev"]}
OPTIONS = [
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--no-header",
    *("--python-version", "3.11", "--universal"),
    # The three files must agree, and a lock changes only what it must: `make lock UPGRADE=1` takes what is new.
    "--quiet",
]


def main() -> int:
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    # The largest first: the two others follow its versions.
    for name in ("dev", "demo", "base"):
        target = PROJECT / "requirements" / f"{name}.txt"
        constraint = [] if name == "dev" else ["--constraints", "requirements/dev.txt"]
        command: list[str | Path] = [
            UV,
            "pip",
            "compile",
            "pyproject.toml",
            *FILES[name],
            *OPTIONS,
            *constraint,
            *upgrade,
        ]
        print(f"Compiling {target.relative_to(PROJECT)} …", flush=True)
        subprocess.run([*command, "--output-file", target], cwd=PROJECT, check=True)
        _refuse_addresses(target)
    return 0


def _refuse_addresses(target: Path) -> None:
    """A registry's address or a path of this machine has no business in the repository."""
    for number, line in enumerate(target.read_text().splitlines(), 1):
        if "://" in line or line.startswith(("-", "/")):
            raise SystemExit(f"{target}:{number} names a place: {line}")


if __name__ == "__main__":
    sys.exit(main())
