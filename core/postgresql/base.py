"""The database backend: each transaction begins by saying who acts (core.acting)."""

from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from core import acting

BIND = "SELECT set_config('waymark.actor', %s, true), set_config('waymark.door', %s, true)"


class DatabaseWrapper(base.DatabaseWrapper):
    """Binds by `set_config(…, true)`: it ends with the transaction, whoever gets the connection next."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._in_own_transaction)

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc] # the stubs leave Django's own methods out
        if not autocommit:
            self._bind()

    def rebind_actor(self) -> None:
        """The open transaction, if there is one, changes hands; a broken one can only be rolled back."""
        if self.connection is None or not self.in_atomic_block or self.needs_rollback:
            return
        if self.connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
            return
        self._bind()

    def _bind(self) -> None:
        """A cursor that binds on the server: the tokens never stand in the text of a statement."""
        psycopg.Cursor(self.connection).execute(BIND, [acting.signed_token(), acting.door_token()])

    def _in_own_transaction(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """A statement outside of any transaction gets one of its own, because only a transaction has an actor."""
        if self.in_atomic_block or not self.get_autocommit() or not acting.current_actor().name:
            return execute(sql, params, many, context)
        with self.connection.transaction():
            self._bind()
            return execute(sql, params, many, context)
