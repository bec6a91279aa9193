"""Longer limits for the few transactions that are meant to be long.

scripts/sql/roles.sql ends a statement of the web after 15 s and one of a worker after a minute, and a transaction in
which nothing is asked for 30 s: a page that hangs must not hold what others wait for.
"""

from django.db import connection

_LONG = "15min"


def take_your_time() -> None:
    """In the present transaction, and only there: an import's comparing, a large file built between two queries."""
    with connection.cursor() as cursor:
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute("SELECT set_config(%s, %s, true)", [limit, _LONG])
