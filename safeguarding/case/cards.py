"""What of this room stands on the safeguarding desk, beside a concern and on a child's file."""

from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission
from safeguarding.case.fields import in_words
from safeguarding.case.models import Due
from safeguarding.case.selectors import dues_at_hand, dues_of
from safeguarding.case.standings import Day, days_at_hand, history_of, now_of
from safeguarding.enums import Store
from safeguarding.models import Concern
from safeguarding.rooms import Card, Still
from safeguarding.selectors import Said
from students.models import Student

MOST = 20


def desk_card(user: User) -> Card:
    """What whoever acts has to see to: names and days, no words."""
    keeps = user.has_perm(Permission.KEEP_FILE)
    rows: list[Due | Day] = [*dues_at_hand(user)[: MOST + 1], *(days_at_hand() if keeps else [])]
    rows.sort(key=lambda one: one.due_on)
    return Card("safeguarding/case/_at_hand.html", {"dues": rows[:MOST], "more": len(rows) > MOST, "keeps": keeps})


def concern_card(concern: Concern, entries: list[Said], user: User) -> Card:
    """What this concern waits for, and what came of the rest; behind the note that it was opened."""
    rows = dues_of(concern, entries)
    still = [one for one in rows if one.due.done_on is None]
    ended = [one for one in rows if one.due.done_on]
    return Card("safeguarding/case/_dues.html", {"concern": concern, "still": still, "ended": ended})


def still_due(concern: Concern) -> list[Still]:
    """What a concern waits for, where somebody closes it; it stays on the desk all the same."""
    rows = concern.dues.filter(done_on=None).select_related("owner").order_by("due_on", "pk")
    return [Still(_named(due), reverse("case:due-end", args=[due.pk])) for due in rows]


def _named(due: Due) -> str:
    return f"{due.label}, by {in_words(due.due_on)}, {due.owner or 'in nobody’s hands'}"


def standing_card(concern: Concern, user: User) -> Card | None:
    """Where each child of a concern stands, and who works with them; behind the note that it was opened."""
    if concern.store != Store.CHILDREN or not user.has_perm(Permission.KEEP_FILE):
        return None
    children = [
        link.student for link in concern.children.select_related("student").order_by("student__sort_name", "pk")
    ]
    history = history_of([child.pk for child in children])
    found = [(child, now_of(history.get(child.pk, []))) for child in children]
    return Card("safeguarding/case/_standings.html", {"children": found}) if found else None


def child_card(student: Student, user: User) -> Card | None:
    """The same on a child's file."""
    if not user.has_perm(Permission.KEEP_FILE):
        return None
    now = now_of(history_of([student.pk]).get(student.pk, []))
    return Card("safeguarding/case/_standings.html", {"children": [(student, now)]})
