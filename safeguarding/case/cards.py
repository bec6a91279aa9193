"""What of this room stands on the safeguarding desk and beside a concern."""

from accounts.models import User
from safeguarding.case.selectors import dues_at_hand, dues_of
from safeguarding.models import Concern
from safeguarding.rooms import Card
from safeguarding.selectors import Said

MOST = 20


def desk_card(user: User) -> Card:
    """What whoever acts has to see to: names and days, no words."""
    rows = list(dues_at_hand(user)[: MOST + 1])
    return Card("safeguarding/case/_at_hand.html", {"dues": rows[:MOST], "more": len(rows) > MOST})


def concern_card(concern: Concern, entries: list[Said], user: User) -> Card:
    """What this concern waits for, and what came of the rest; behind the note that it was opened."""
    rows = dues_of(concern, entries)
    still = [one for one in rows if one.due.done_on is None]
    ended = [one for one in rows if one.due.done_on]
    return Card("safeguarding/case/_dues.html", {"concern": concern, "still": still, "ended": ended})
