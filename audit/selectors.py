"""Reading how the record stands."""

import datetime as dt

from django.db import connection


def seal_lag() -> dt.timedelta:
    """How long the oldest event without a seal has waited; nothing when none waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.seal_lag()")
        waited: dt.timedelta | None = cursor.fetchone()[0]
    return waited or dt.timedelta(0)
