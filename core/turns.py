"""One after the other, without locking a row: whoever may not change a row may not lock it either."""

from django.db import connection


def take_turn(what: str) -> None:
    """Wait until nobody else is at it; until the end of this transaction others wait for us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
