"""The software bill of materials as CycloneDX JSON, from the locked files alone, without a network: make sbom

Python packages come from requirements/base.txt, what the browser is sent from package-lock.json. The same locks make
the same file, so a release's list can be compared with the one before.
"""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from scripts.embedded.place import PROJECT, say

TARGET = PROJECT / "sbom.json"


def write(target: Path) -> int:
    """Make the file; returns how many components it names."""
    tool = Path(sys.executable).parent / "cyclonedx-py"
    options = ["requirements", "requirements/base.txt", "--pyproject", "pyproject.toml", "--output-reproducible"]
    made = subprocess.run([tool, *options], cwd=PROJECT, check=True, capture_output=True, text=True)
    bill: dict[str, Any] = json.loads(made.stdout)
    bill["components"] += browser_components(json.loads((PROJECT / "package-lock.json").read_text()))
    target.write_text(json.dumps(bill, indent=2, sort_keys=True) + "\n")
    return len(bill["components"])


def browser_components(lock: dict[str, Any]) -> list[dict[str, Any]]:
    """The locked npm packages that reach a browser: name, version, digest."""
    found = []
    for place, entry in lock["packages"].items():
        if place and not entry.get("dev"):
            name = place.removeprefix("node_modules/")
            algorithm, _, digest = entry["integrity"].partition("-")
            content = base64.b64decode(digest).hex()
            purl = f"pkg:npm/{name.replace('@', '%40')}@{entry['version']}"
            hashes = [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": content}]
            found.append({"type": "library", "name": name, "version": entry["version"], "purl": purl, "hashes": hashes})
            found[-1]["bom-ref"] = purl
    return found


if __name__ == "__main__":
    say(f"{TARGET.name}: {write(TARGET)} components")
