"""The database's cache, of plain values only: unpickling a row that SQL can write would run what it says."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends import db
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.db import connections, router
from django.utils import timezone

# `cache` is the table's name in the settings. `add` takes the place only of what has run out; `set` of anything.
_WRITE = """
INSERT INTO cache (cache_key, value, expires) VALUES (%s, %s, %s)
    ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires
 WHERE %s OR cache.expires < %s
"""
_DROP = "DELETE FROM cache WHERE expires < %s"


class _Plain:
    """In place of `pickle`: the same two calls, for what JSON can say."""

    HIGHEST_PROTOCOL = 0

    @staticmethod
    def dumps(value: Any, protocol: int) -> bytes:
        return json.dumps(value).encode()

    @staticmethod
    def loads(data: bytes) -> Any:
        return json.loads(data)


db.pickle = _Plain  # type: ignore[attr-defined]


class PlainDatabaseCache(db.DatabaseCache):
    """Numbers, texts, lists and mappings; anything else is a TypeError when it is put in."""

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Whether it was written, in one statement.

        Django needs five, one of which counts the whole table; and it makes room by dropping entries that still hold,
        so that a stranger who fills the table would have all guesses at passwords forgotten. Ours go when they run out.
        """
        if mode == "touch":
            return bool(super()._base_set(mode, key, value, timeout))  # type: ignore[misc] # not in the stubs
        ends = self.get_backend_timeout(timeout)
        expires = datetime.max.replace(tzinfo=UTC) if ends is None else datetime.fromtimestamp(ends, UTC)
        text = b64encode(_Plain.dumps(value, _Plain.HIGHEST_PROTOCOL)).decode()
        return self._write(_WRITE, key, text, expires, mode == "set", timezone.now()) > 0

    def drop_expired(self) -> int:
        """Take away what has run out, which nobody reads any more; returns how many entries that was."""
        return self._write(_DROP, timezone.now())

    def _write(self, sql: str, *values: str | bool | datetime) -> int:
        with connections[router.db_for_write(self.cache_model_class)].cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.rowcount)
