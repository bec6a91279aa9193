"""Who reads what besides those whose role it is, as the pages show it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from core.ids import UUID
from safeguarding.models import Concern
from safeguarding.sharing.models import Confirmation, LastReader, ReaderNews

# So long does it stand on the desk who came to read the file.
LATELY = dt.timedelta(days=14)


@dataclass(frozen=True)
class Kept:
    """Somebody whom somebody else keeps from something, without a word of what. `waits`: the question to answer."""

    key: UUID
    person: User
    setter: User
    since: dt.datetime
    concerns: int
    waits: UUID | None
    agreed: bool | None

    @property
    def reference(self) -> str:
        """What the headteacher and whoever did it say to each other without naming a child."""
        return self.key.hex[:6].upper()

    @property
    def to_decide(self) -> bool:
        return self.waits is not None and self.agreed is None


def everybody_kept() -> list[Kept]:
    """Who keeps whom from how many concerns, the longest first; for the headteacher, and nothing for anybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kept, person, setter, since, concerns, waits, agreed FROM guard.kept_overview()")
        rows = cursor.fetchall()
    people = User.objects.in_bulk({key for row in rows for key in row[1:3]})
    return [Kept(row[0], people[row[1]], people[row[2]], *row[3:]) for row in rows]


def confirmations_of(kept: Iterable[UUID]) -> dict[UUID, Confirmation]:
    """kept → the question to the headteacher, as far as whoever acts may see it."""
    return {row.kept_id: row for row in Confirmation.objects.select_related("decided_by").filter(kept__in=list(kept))}


def last_readers_of(concern: Concern) -> QuerySet[LastReader]:
    """Who reads it because nobody else did."""
    return LastReader.objects.filter(concern=concern, ended_at=None).select_related("person").order_by("since", "pk")


def new_readers(user: User) -> QuerySet[ReaderNews]:
    """Who came to read the file lately, or signs in with another address, but for this person; the newest first."""
    rows = ReaderNews.objects.filter(at__gt=timezone.now() - LATELY).exclude(person=user)
    return rows.select_related("person", "by", "school").order_by("-at", "pk")
