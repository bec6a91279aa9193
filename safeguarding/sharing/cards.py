"""What this room announces to the desk and to a concern's page (safeguarding.rooms)."""

from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from core.navigation import Notice
from safeguarding.models import Concern
from safeguarding.rooms import Card
from safeguarding.selectors import Said
from safeguarding.sharing import glass, lead_cover, lines, selectors
from students.models import Student


def on_desk(user: User) -> Card | None:
    """For the headteacher: who is kept from what, and the glass; for the leads: who broke it, the lines to staff, and
    which of them are unread; for both, who stands in for a lead, and who came to read the file lately.
    """
    leads = user.has_perm(Permission.KEEP_STAFF_FILE)
    kept = selectors.everybody_kept() if leads else []
    keeps = user.has_perm(Permission.KEEP_FILE)
    now = [lines.Line(row) for row in lines.open_ones(lines.lines_kept())] if keeps else []
    shown = {
        "kept": kept,
        "to_decide": [one for one in kept if one.to_decide],
        "keeps": keeps,
        "lines": now,
        "unread": [line for line in now if line.unread],
        "leads": leads,
        "broken": glass.broken_now(user) if leads else None,
        "covers": lead_cover.covers_of_leads(user) if leads or keeps else [],
        "alarms": glass.not_seen_by(user) if keeps else [],
        "new_readers": list(selectors.new_readers(user)),
    }
    return Card("safeguarding/sharing/_desk.html", shown) if leads or keeps or shown["new_readers"] else None


def notices(user: User, student: UUID | None) -> list[Notice]:
    """Lines for this person: the student's name, and nothing of what it says."""
    if not lines.any_for_me():
        return []
    return [
        Notice(
            text=f"Something you need to know about {one.line.student.name}, until {one.line.until:%-d %B}",
            url=reverse("safeguarding:line-for-me", args=[one.line_id]),
            new=one.understood_at is None,
        )
        for one in lines.lines_for(user, student)
    ]


def on_concern(concern: Concern, entries: list[Said], user: User) -> Card | None:
    """Who reads it because nobody whose work it is could; for the leads, who broke the glass of a child in it."""
    readers = list(selectors.last_readers_of(concern))
    children = concern.children.values_list("student", flat=True)
    broken = glass.of_children(children) if user.has_perm(Permission.KEEP_FILE) else []
    shown = {"readers": readers, "broken": broken}
    return Card("safeguarding/sharing/_last_readers.html", shown) if readers or broken else None


def on_child(student: Student, user: User) -> Card | None:
    """What staff were told of this child and when, for those who keep the file: what is over stays on it."""
    if not user.has_perm(Permission.KEEP_FILE):
        return None
    found = lines.with_words(lines.lines_kept().filter(student=student))
    shown = {"lines": found, "student": student, "broken": glass.of_children([student.pk])}
    return Card("safeguarding/sharing/_child.html", shown)
