"""What a PDF of the file is made of, with digests, attached to it: whoever has it can tell that it is whole."""

import hashlib
import json
from typing import Any

import pikepdf
from pikepdf import AttachedFileSpec, Pdf

MANIFEST = "manifest.json"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def as_json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def pages_part(opened: Pdf) -> dict[str, Any]:
    return {"name": "pages", "pages": len(opened.pages), "sha256": pages_digest(opened)}


def pages_digest(opened: Pdf) -> str:
    """Over the drawing of each page in turn, unpacked: the same however a program packs the file again."""
    found = hashlib.sha256()
    for page in opened.pages:
        drawing = page.obj.get("/Contents", pikepdf.Array())
        parts = [drawing] if isinstance(drawing, pikepdf.Stream) else list(drawing)
        text = b"\n".join(part.read_bytes() for part in parts)
        found.update(len(text).to_bytes(8) + text)
    return found.hexdigest()


def attach(opened: Pdf, name: str, content: bytes, kind: str = "application/json") -> None:
    """Beside the pages."""
    opened.attachments[name] = AttachedFileSpec(opened, content, filename=name, mime_type=kind)
