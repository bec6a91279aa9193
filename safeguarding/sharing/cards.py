"""What this room announces to the desk and to a concern's page (safeguarding.rooms)."""

from accounts.models import User
from accounts.permissions import Permission
from safeguarding.models import Concern
from safeguarding.rooms import Card
from safeguarding.selectors import Said
from safeguarding.sharing import selectors


def on_desk(user: User) -> Card | None:
    """For the headteacher: who is kept from what, and what waits for an answer."""
    kept = selectors.everybody_kept() if user.has_perm(Permission.KEEP_STAFF_FILE) else []
    shown = {"kept": kept, "to_decide": [one for one in kept if one.to_decide]}
    return Card("safeguarding/sharing/_desk.html", shown) if kept else None


def on_concern(concern: Concern, entries: list[Said], user: User) -> Card | None:
    """Who reads it because nobody whose work it is could."""
    readers = list(selectors.last_readers_of(concern))
    return Card("safeguarding/sharing/_last_readers.html", {"readers": readers}) if readers else None
