"""One message, one line: what people type neither forges a line of the log nor colours a terminal nor stands in it."""

import logging
import re
from typing import Any

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


# PostgreSQL shows the failing row in its errors, whole, however many lines it has.
_ROW = re.compile(r"^DETAIL:.*?(?=\n\n(?:The above|During)|\nCONTEXT:|\Z)", re.MULTILINE | re.DOTALL)


class NoTraceOfRefusals(logging.Filter):
    """A page that somebody may not open, or that is not there, is no fault of the program: one line, no traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            record.exc_info = None
        return True


class OneLineFormatter(logging.Formatter):
    """Shows control characters as escapes; a traceback keeps its own lines below."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        said = _ROW.sub("", super().formatMessage(record))
        return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), said)

    def formatException(self, ei: Any) -> str:
        return _ROW.sub("DETAIL: left out", super().formatException(ei))
