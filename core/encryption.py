"""What the database itself must not be able to read: AES-256-GCM with a ring of keys from FIELD_KEYS.

A value is version (1 byte), number of the key (2), nonce (12), then ciphertext with its tag (16). What is authenticated
beside the text: version and key number, table, primary key and column. So a value changed by one bit, or moved to
another row or column, is refused. Why and how: docs/decisions/0009-field-encryption.md.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import models

VERSION = 1
HEADER, NONCE, TAG, KEY_BYTES = 3, 12, 16, 32


class EncryptionError(Exception):
    """A key is missing or wrong, or a value is not what was written here; the message says which."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by number; the first encrypts, all decrypt."""

    keys: Mapping[int, bytes]

    @classmethod
    def from_text(cls, text: str) -> "KeyRing":
        """Read "2:base64,1:base64". Raises EncryptionError with a sentence that holds no key."""
        keys: dict[int, bytes] = {}
        for place, entry in enumerate(filter(None, (part.strip() for part in text.split(","))), start=1):
            number, _, encoded = entry.partition(":")
            if not number.isdecimal() or not 0 < int(number) < 2**16 or int(number) in keys:
                raise EncryptionError(f"FIELD_KEYS: entry {place} needs a number of its own, 1 to 65535.")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                key = b""
            if len(key) != KEY_BYTES:
                raise EncryptionError(f"FIELD_KEYS: key {number} is not {KEY_BYTES} bytes in base64.")
            keys[int(number)] = key
        if not keys:
            raise EncryptionError("FIELD_KEYS is empty: nothing can be encrypted or read (docs/how-to/keys.md).")
        return cls(keys)

    @property
    def header(self) -> bytes:
        """How everything begins that is written now."""
        return _header(next(iter(self.keys)))

    def encrypt(self, plain: bytes, place: str) -> bytes:
        """Seal bytes for one place (see `place_of`)."""
        nonce = secrets.token_bytes(NONCE)
        return self.header + nonce + self._cipher(self.header).encrypt(nonce, plain, self.header + place.encode())

    def decrypt(self, value: bytes, place: str) -> bytes:
        """Open bytes sealed for that place. Raises EncryptionError."""
        value = bytes(value)
        if len(value) < HEADER + NONCE + TAG:
            raise EncryptionError("The value is too short to be one of ours.")
        header, nonce, sealed = value[:HEADER], value[HEADER : HEADER + NONCE], value[HEADER + NONCE :]
        if header[0] != VERSION:
            raise EncryptionError(f"The value has format {header[0]}; this Waymark reads format {VERSION}.")
        try:
            return self._cipher(header).decrypt(nonce, sealed, header + place.encode())
        except InvalidTag as error:
            raise EncryptionError("The value was changed, or belongs to another row or field.") from error

    def _cipher(self, header: bytes) -> AESGCM:
        number = int.from_bytes(header[1:])
        if number not in self.keys:
            raise EncryptionError(f"The value needs key {number}, which is not in FIELD_KEYS.")
        return AESGCM(self.keys[number])


def _header(number: int) -> bytes:
    return bytes([VERSION]) + number.to_bytes(2)


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """A column of `seal_json`'s values; `manage.py rotate_field_keys` finds and renews them."""

    description = "JSON, encrypted for its row and column"


def seal_json(row: models.Model, column: str, value: Any) -> bytes:
    """The value encrypted for this column of this row, whose primary key must be there already."""
    return ring().encrypt(json.dumps(value, ensure_ascii=False).encode(), place_of(row._meta.db_table, row.pk, column))


def open_json(row: models.Model, column: str) -> Any:
    """What `seal_json` was given. Raises EncryptionError."""
    sealed = getattr(row, column)
    return json.loads(ring().decrypt(sealed, place_of(row._meta.db_table, row.pk, column)))


def place_of(table: str, pk: object, column: str) -> str:
    """What ties a value to where it stands."""
    return f"{table}|{pk}|{column}"


def ring() -> KeyRing:
    """The ring of FIELD_KEYS. Raises EncryptionError."""
    return _ring_from(settings.FIELD_KEYS)


@lru_cache(maxsize=4)
def _ring_from(text: str) -> KeyRing:
    return KeyRing.from_text(text)


@register(Tags.security)
def check_field_keys(**_: Any) -> list[CheckMessage]:
    """A process may do without keys, such as the sealer's; keys that are there must be right."""
    if not settings.FIELD_KEYS:
        return []
    try:
        ring()
    except EncryptionError as error:
        return [Error(str(error), id="core.E010")]
    return []
