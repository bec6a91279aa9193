"""What is due, for those who read the concern it belongs to: PostgreSQL shows each person their own."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from safeguarding.case.enums import DueKind, Ended, Gathering, Rung
from safeguarding.case.models import Due
from safeguarding.case.timescales import what_follows
from safeguarding.models import Concern, ConcernChild
from safeguarding.selectors import Said

SOON = dt.timedelta(days=7)


@dataclass(frozen=True)
class Shown:
    """Something due, with what was written about it so far: the first says what it is."""

    due: Due
    log: list[Said]

    @property
    def text(self) -> str:
        return self.log[0].text if self.log else ""


def open_dues() -> QuerySet[Due]:
    """What is still waited for, the longest overdue first."""
    children = ConcernChild.objects.select_related("student").order_by("student__sort_name", "pk")
    rows = Due.objects.filter(done_on=None).select_related("owner", "concern__receipt")
    return rows.prefetch_related(Prefetch("concern__children", children)).order_by("due_on", "pk")


def dues_at_hand(user: User) -> QuerySet[Due]:
    """Of this person or in nobody's hands: overdue, or due within a week."""
    mine = Q(owner=user) | Q(owner=None)
    return open_dues().filter(mine, due_on__lte=timezone.localdate() + SOON)


def dues_of(concern: Concern, entries: list[Said]) -> list[Shown]:
    """Everything of one concern with its words: what is open first, by its day."""
    rows = list(concern.dues.select_related("owner").order_by("due_on", "pk"))
    rows.sort(key=lambda due: due.done_on is not None)
    said: dict[str, list[Said]] = {}
    for entry in entries:
        said.setdefault(str(entry.words.get("due", "")), []).append(entry)
    return [Shown(due, said.get(str(due.pk), [])) for due in rows]


def last_days_by_law(concern: Concern) -> dict[Gathering, dt.date]:
    """Which meeting that this concern waits for → its last day by law, counted from the one that it follows; none for
    those to which the law sets no day, whatever day was set since.
    """
    rows = list(concern.dues.filter(kind=DueKind.MEETING))
    held = [due for due in rows if due.done_on and due.ended == Ended.DONE]
    found: dict[Gathering, dt.date] = {}
    for due in rows:
        kind, before = Gathering(due.what), [one for one in held if one.done_on == due.begun_on]
        days = [
            last for one in before for what, last in what_follows(Gathering(one.what), due.begun_on) if what == kind
        ]
        if days and due.done_on is None:
            found[kind] = days[0]
    return found


def next_rungs(referral: Due) -> list[Rung]:
    """The steps that a disagreement about this referral has not come to yet."""
    taken = set(referral.followed_by.filter(kind=DueKind.CHALLENGE).values_list("what", flat=True))
    return [rung for rung in Rung if not taken or rung.value > max(taken)]


def waits_for_a_step(referral: Due) -> bool:
    """Whether a step before has no answer and was not let go."""
    return referral.followed_by.filter(kind=DueKind.CHALLENGE, done_on=None).exists()
