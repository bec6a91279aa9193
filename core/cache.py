"""The database's cache, of plain values only: unpickling a row that SQL can write would run what it says."""

import json
from typing import Any

from django.core.cache.backends import db


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
