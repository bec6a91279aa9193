"""Sessions in PostgreSQL under a hash of their key: whoever reads the table cannot carry on anybody's session."""

import hashlib

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import SuspiciousOperation
from django.db.models import CharField, Func
from django.utils import timezone

LENGTH = 40  # of the column: 160 bits in hex


def kept_key(key: str) -> str:
    """What the table holds for the key in the cookie."""
    return hashlib.sha256(key.encode()).hexdigest()[:LENGTH]


class Kept(Func):
    """The same in SQL, over a column of keys."""

    template = f"left(encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex'), {LENGTH})"
    output_field = CharField()


class SessionStore(db.SessionStore):
    """Django's, but for the name under which a session is kept."""

    def exists(self, session_key: str) -> bool:
        return super().exists(kept_key(session_key))

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(kept_key(key))

    def create_model_instance(self, data: dict[str, object]) -> AbstractBaseSession:
        row: AbstractBaseSession = super().create_model_instance(data)
        row.session_key = kept_key(row.session_key)
        return row

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        try:
            row: AbstractBaseSession = self.model.objects.get(
                session_key=kept_key(self.session_key or ""), expire_date__gt=timezone.now()
            )
        except (self.model.DoesNotExist, SuspiciousOperation):
            self._session_key = None
            return None
        return row
