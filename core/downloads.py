"""Files on their way out: always attachments, under a name made by us, never shown or run by the browser."""

import re
import unicodedata
from typing import IO

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

ANYTHING = "application/octet-stream"
# Should a browser show it all the same: no script, no form, nothing fetched, in no frame.
SANDBOX = "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
# What a file name may not hold on any system a school uses, and what could break a header.
_UNSAFE = re.compile(r'[<>:"/\\|?*]+')
_LONGEST = 120


def safe_name(name: str) -> str:
    """The words of a name with its ending, without what a header or a file system could stumble over."""
    shown = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in _UNSAFE.sub(" ", name))
    words = " ".join(shown.split()).lstrip(". ")
    stem, dot, ending = words.rpartition(".")
    return f"{stem.strip()[:_LONGEST]}.{ending[:_LONGEST]}" if dot else words[:_LONGEST] or "file"


def as_attachment(content: bytes | IO[bytes], name: str, media_type: str = ANYTHING) -> HttpResponseBase:
    """The answer that carries a file; an open file is sent as it is read and closed afterwards (RFC 6266 names)."""
    answer: HttpResponseBase
    if isinstance(content, bytes):
        answer = HttpResponse(content, content_type=media_type)
        answer.headers["Content-Disposition"] = str(content_disposition_header(True, safe_name(name)))
    else:
        answer = FileResponse(content, as_attachment=True, filename=safe_name(name), content_type=media_type)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
