"""Whose words a form holds: a signed stamp in each long form; nobody sees or sends another’s text as their own."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.crypto import constant_time_compare, salted_hmac


def stamp_of_writer(user: AbstractBaseUser) -> str:
    """The value a form carries: hex id, dot, signature."""
    return f"{user.pk.hex}.{_signature(user.pk)}"


def writer_of(stamp: str) -> uuid.UUID | None:
    """Whose form it is; None where the value is missing or was tampered with."""
    try:
        key = uuid.UUID(stamp.partition(".")[0])
    except ValueError:
        return None
    return key if constant_time_compare(stamp, f"{key.hex}.{_signature(key)}") else None


def _signature(key: uuid.UUID) -> str:
    return salted_hmac("waymark.writer", key.hex, algorithm="sha256").hexdigest()[:24]
