"""The one door for pictures and documents that people upload: known kinds only, by name and by content alike.

Pictures are drawn anew, so that nothing rides along in them: no place, no camera, no second file behind the first.
Documents stay as they are and leave only as attachments (core.downloads). Imports have a door of their own
(exchange.folders).
"""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree
import pikepdf
from defusedxml.common import DefusedXmlException
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from core.downloads import safe_name

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 24_000_000
# A Word document is a zip: so many parts, so many bytes unpacked.
MOST_PARTS = 1000
MOST_UNPACKED = 60 * 1024 * 1024
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_AFTER_PDF = 64  # bytes of line ends that programs leave behind the end mark


class Kind(StrEnum):
    """What may come in; the value is the ending under which it is kept."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    WORD = "docx"


PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})
_ENDINGS = {kind.value: kind for kind in Kind} | {"jpeg": Kind.JPEG}


class RefusedUploadError(ValueError):
    """A file that is not taken in; the message says why, in words for the person."""


@dataclass(frozen=True)
class Accepted:
    """A file as it may be kept; `shown_name` is theirs, cleaned, for downloads."""

    kind: Kind
    content: bytes
    shown_name: str
    sha256: str


def accept(file: "UploadedFile[Any]", kinds: Collection[Kind] = frozenset(Kind)) -> Accepted:
    """Read and check an uploaded file. Raises RefusedUploadError."""
    shown = safe_name(Path(str(file.name).replace("\\", "/")).name)
    kind = _ENDINGS.get(Path(shown).suffix.removeprefix(".").lower())
    if kind is None or kind not in kinds:
        raise RefusedUploadError(f"Only {_list_of(kinds)} files are taken.")
    if (file.size or 0) > MOST_BYTES:
        raise RefusedUploadError(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.")
    content = _CHECKS[kind](file.read(MOST_BYTES + 1), kind)
    return Accepted(kind, content, shown, hashlib.sha256(content).hexdigest())


def _list_of(kinds: Collection[Kind]) -> str:
    names = sorted(kind.value for kind in kinds)
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _not_what_it_says(kind: Kind) -> RefusedUploadError:
    return RefusedUploadError(f"The file is damaged, or is no {kind.value} file although its name says so.")


def _picture(content: bytes, kind: Kind) -> bytes:
    """The same picture drawn anew: turned as it was meant, without anything but its pixels."""
    try:
        with Image.open(io.BytesIO(content), formats=[kind.name]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise RefusedUploadError(f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels.")
            opened.load()
            drawn = ImageOps.exif_transpose(opened).convert("RGBA" if opened.has_transparency_data else "RGB")
    except RefusedUploadError:
        raise
    except _BROKEN_PICTURE as error:
        raise _not_what_it_says(kind) from error
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    out = io.BytesIO()
    # JPEG knows no transparency: what is clear becomes white by being drawn so.
    (_on_white(bare) if kind is Kind.JPEG else bare).save(out, kind.name, quality=90)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _pdf(content: bytes, kind: Kind) -> bytes:
    """From its first byte to its last a PDF that opens without a password."""
    end = content.rfind(b"%%EOF")
    if not content.startswith(b"%PDF-") or end < 0 or len(content) - end - 5 > _AFTER_PDF:
        raise _not_what_it_says(kind)
    try:
        with pikepdf.open(io.BytesIO(content)) as opened:
            if not len(opened.pages):
                raise _not_what_it_says(kind)
    except pikepdf.PasswordError as error:
        raise RefusedUploadError("The PDF is protected by a password. Save it without one.") from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise _not_what_it_says(kind) from error
    return content


def _word(content: bytes, kind: Kind) -> bytes:
    """A Word document without macros, of a reasonable size when unpacked, that fetches nothing from elsewhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            _check_parts(opened, content, kind)
            types = defusedxml.ElementTree.fromstring(opened.read("[Content_Types].xml"))
            main = {e.get("ContentType") for e in types if e.get("PartName") == "/word/document.xml"}
            if main != {_WORD}:
                raise _not_what_it_says(kind)
    except (zipfile.BadZipFile, KeyError, ParseError, DefusedXmlException, *_BROKEN_ZIP) as error:
        raise _not_what_it_says(kind) from error
    return content


_BROKEN_PICTURE = (
    OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip
_BROKEN_ZIP = (NotImplementedError, RuntimeError, OSError, EOFError, zlib.error, struct.error, UnicodeDecodeError)


def _check_parts(opened: zipfile.ZipFile, content: bytes, kind: Kind) -> None:
    parts = opened.infolist()
    # Nothing before the first part and nothing behind the last: no second file in the same bytes.
    if not content.startswith(b"PK\x03\x04") or opened.comment or content.rfind(b"PK\x05\x06") != len(content) - 22:
        raise _not_what_it_says(kind)
    if len(parts) > MOST_PARTS:
        raise RefusedUploadError("The document has too many parts.")
    room = MOST_UNPACKED
    for part in parts:
        if part.filename.startswith("/") or ".." in part.filename.split("/") or "\\" in part.filename:
            raise _not_what_it_says(kind)
        if part.filename.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs", ".html", ".svg")):
            raise RefusedUploadError("The document holds macros or programs. Save it without them.")
        room -= _size_of(opened, part, room)
        if part.filename.endswith(".rels") and b"attachedTemplate" in opened.read(part):
            raise RefusedUploadError("The document loads a template from elsewhere. Save it as a new document.")


def _size_of(opened: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> int:
    """Its bytes as they come, for what the zip says of them may be a lie."""
    size = 0
    with opened.open(part) as source:
        while chunk := source.read(1 << 16):
            size += len(chunk)
            if size > room:
                raise RefusedUploadError(f"Unpacked, the document is larger than {MOST_UNPACKED // 1024 // 1024} MB.")
    return size


_CHECKS = {Kind.JPEG: _picture, Kind.PNG: _picture, Kind.WEBP: _picture, Kind.PDF: _pdf, Kind.WORD: _word}
