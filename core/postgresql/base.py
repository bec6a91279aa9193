"""The database backend: each transaction begins by saying who acts (core.acting)."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, ProgrammingError
from django.db.backends.postgresql import base, operations

from core import acting

BIND = "SELECT set_config('waymark.actor', %s, true), set_config('waymark.door', %s, true)"
# Tables whose policies ask this role who acts, but for those that are also read at the door.
_ASK_WHO_ACTS = """
SELECT DISTINCT tablename FROM pg_policies
 WHERE 'waymark_web' = ANY (roles) AND pg_has_role('waymark_web', 'USAGE')
   AND cmd IN ('SELECT', 'ALL') AND qual LIKE '%guard.%' AND qual NOT LIKE '%at_door%'
"""


class _Prepared(psycopg.Cursor[Any]):
    """Values go beside the text; the server keeps the plan where the connection says after how often (settings)."""

    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> "_Prepared":
        return super().execute(query, params, **kwargs | {"prepare": True})


class _Operations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """With its values, as of any other cursor: the bench asks again what a page asked."""
        if isinstance(cursor, _Prepared):
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """Binds by `set_config(…, true)`: it ends with the transaction, whoever gets the connection next."""

    ops_class = _Operations

    _asking: ClassVar[list[str] | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._in_own_transaction)

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc] # the stubs leave Django's own methods out
        if not autocommit:
            self._bind()

    def prepared_cursor(self) -> Any:
        """For a statement that takes longer to plan than to answer: planned once a connection, not once a question.

        Only where connections are ours (`DATABASE_POOL`); elsewhere it is a cursor like any other.
        """
        self.ensure_connection()
        return self._prepare_cursor(_Prepared(self.connection))  # type: ignore[attr-defined] # as above

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
        acts = bool(acting.current_actor().name)
        if not acts:
            self._refuse_nobody(sql)
        if self.in_atomic_block or not self.get_autocommit() or not acts:
            return execute(sql, params, many, context)
        with self.connection.transaction():
            self._bind()
            return execute(sql, params, many, context)

    def _refuse_nobody(self, sql: str) -> None:
        """Policies judge rows: where a question finds none, PostgreSQL would answer nobody with an empty list."""
        if self.alias != DEFAULT_DB_ALIAS or sql.lstrip()[:6].upper() == "INSERT":
            return
        tables = self._asking_tables()
        if tables and (asked := re.search(rf"\b({'|'.join(tables)})\b", sql)):
            raise ProgrammingError(f"no actor is bound to this transaction, and {asked[0]} is asked")

    def _asking_tables(self) -> list[str]:
        """Read from the catalogue once a process."""
        if DatabaseWrapper._asking is None:
            rows = psycopg.Cursor(self.connection).execute(_ASK_WHO_ACTS).fetchall()
            DatabaseWrapper._asking = [row[0] for row in rows]
        return DatabaseWrapper._asking
