"""Contacts home: kept beside a session that reaches the family, listed for a student, and weighed in words."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from students.due import Lines
from students.models import Contact, Student
from tutoring.groups.falling import falls_to_me
from tutoring.groups.selectors import values_of
from tutoring.sessions.enums import HOME_KINDS, NEWS, Kind, Mode, Outcome, Sending, Tone
from tutoring.sessions.models import HomeContact, HomeMessage, TutorSession

_NEVER_WENT = Exists(HomeMessage.objects.filter(home_contact=OuterRef("pk"), state=Sending.FAILED))
# Of the contact that was written to: home has heard since, or somebody has tried again (which may have a line itself).
DUE = f"""
SELECT 'not_sent', h.id, h.with_whom, h.student_id,
       coalesce((m.taken_at AT TIME ZONE 'Europe/London')::date, h.held_on), '', m.by_id, 0
  FROM tutor_sessions_homemessage m JOIN tutor_sessions_homecontact h ON h.id = m.home_contact_id
 WHERE m.state = 'failed' AND h.outcome = 'message'
   AND {falls_to_me("m.by_id", student="h.student_id", wanted=Permission.PRAISE_HOME)}
   AND NOT EXISTS (
     SELECT FROM tutor_sessions_homecontact again
      WHERE again.student_id = h.student_id AND again.id > h.id AND again.held_on >= h.held_on
        AND again.contact_id IS NOT DISTINCT FROM h.contact_id AND again.outcome IN ('reached', 'message'))
"""  # noqa: S608 (our own text; values are parameters)


def not_sent_due(user: User, today: dt.date) -> list[Lines]:
    """What this person wrote home and no mail server took for good ("not_sent"), and what falls to them of others'.

    Until somebody rings or writes again, or its author says on the conversation that nobody was reached.
    """
    return [(DUE, values_of(user, today))]


@dataclass(frozen=True)
class HomeWords:
    """What a form says of a contact home. `with_whom` for somebody who is not on file."""

    contact: Contact | None = None
    with_whom: str = ""
    mode: str = Mode.PHONE
    tone: str = ""
    outcome: str = Outcome.REACHED

    @property
    def fields(self) -> dict[str, object]:
        """As the model has them: the name as it is now, and no news where nobody was reached."""
        return {
            "contact": self.contact,
            "with_whom": who(self.contact) if self.contact else self.with_whom,
            "mode": self.mode,
            "tone": self.tone if self.outcome in NEWS else "",
            "outcome": self.outcome,
        }


def who(contact: Contact) -> str:
    """Mrs Okafor, mother."""
    return ", ".join(part for part in (contact.name, contact.relationship.lower()) if part)


def usual_mode(kind: str) -> Mode:
    """How home is reached by a kind of session, unless somebody says otherwise."""
    return Mode.VISIT if kind == Kind.HOME_VISIT else Mode.PHONE


def keep_home_contact(session: TutorSession, kind: str, words: HomeWords | None) -> HomeContact | None:
    """What stands beside the session becomes `words`; one of a kind that does not reach home has nothing there.

    None leaves it as it is: whoever may not see the family was not asked.
    """
    if kind not in HOME_KINDS:
        # What was written home was written home, whatever the session is called afterwards.
        HomeContact.objects.filter(session=session, message=None).delete()
        return None
    if words is None:
        return None
    found, _ = HomeContact.objects.update_or_create(
        session=session, defaults=words.fields, create_defaults=words.fields | {"student_id": session.student_id}
    )
    return found


def home_contact_of(session: TutorSession) -> HomeContact | None:
    """What stands beside a session, for those who may see it; no query where it was selected with the session."""
    found: HomeContact | None = getattr(session, "home_contact", None)
    return found


def contacts_home(student: Student) -> QuerySet[HomeContact]:
    """The contacts home that whoever acts may know of, newest first. The database says which (migration 0016)."""
    return HomeContact.objects.filter(student=student).order_by("-held_on", "-pk")


@dataclass(frozen=True)
class Balance:
    """How often home heard what: of this term by tone, and the last good news ever. Words, never a score."""

    by_tone: Counter[str] = field(default_factory=Counter)
    last_good: dt.date | None = None

    @property
    def words(self) -> str:
        """3 good, 1 hard this term."""
        names = {Tone.GOOD: "good", Tone.MIXED: "mixed", Tone.HARD: "hard"}
        parts = [f"{self.by_tone[tone]} {name}" for tone, name in names.items() if self.by_tone[tone]]
        return f"{', '.join(parts)} this term" if parts else "no news home this term"


def news_told(student: Student) -> QuerySet[HomeContact]:
    """Those by which home heard something: a message that could not be sent told nobody."""
    return contacts_home(student).exclude(tone="").exclude(_NEVER_WENT)


def balance_of(student: Student, *, since: dt.date, until: dt.date) -> Balance:
    """Of the contacts home from `since` to `until`, both included, in one query."""
    rows = news_told(student).values_list("tone", "held_on")
    told = list(rows.filter(held_on__lte=until))
    good = (day for tone, day in told if tone == Tone.GOOD and day)
    return Balance(Counter(tone for tone, day in told if day and day >= since), max(good, default=None))


def last_good_news(student: Student) -> dt.date | None:
    """The day home last heard something good, as far as whoever acts may know."""
    found = news_told(student).filter(tone=Tone.GOOD).first()
    return found.held_on if found else None


def students_with_good_news(students: QuerySet[Student]) -> QuerySet[Student]:
    """Each with `last_good_home`: the same day beside them, None where there is none that whoever acts may know of."""
    good = HomeContact.objects.filter(student=OuterRef("pk"), tone=Tone.GOOD, held_on__isnull=False)
    good = good.exclude(_NEVER_WENT)
    return students.annotate(last_good_home=Subquery(good.order_by("-held_on").values("held_on")[:1]))


@dataclass(frozen=True)
class HomeLine:
    """One contact home with its session, for those who read that, and its message, where one was sent."""

    contact: HomeContact
    session: TutorSession | None
    message: HomeMessage | None


def home_lines(student: Student, limit: int = 50) -> list[HomeLine]:
    """The newest contacts home, in three queries."""
    found = list(contacts_home(student)[:limit])
    # Not joined: a session one may not read would take its line away.
    sessions = TutorSession.objects.filter(pk__in=[c.session_id for c in found]).select_related("author")
    by_key: dict[UUID, TutorSession] = {session.pk: session for session in sessions}
    sent = {message.home_contact_id: message for message in HomeMessage.objects.filter(home_contact__in=found)}
    return [HomeLine(c, by_key.get(c.session_id), sent.get(c.pk)) for c in found]


def messages_waiting(contacts: Iterable[UUID]) -> dict[UUID, list[str]]:
    """contact id → the messages to them that wait, as far as whoever acts may know of them; every one has a list."""
    keys = list(contacts)
    found: dict[UUID, list[str]] = {key: [] for key in keys}
    waiting = HomeMessage.objects.filter(contact__in=keys, state=Sending.WAITING, urgent=False).order_by("pk")
    for contact, body in waiting.values_list("contact", "body"):
        found[contact].append(body)
    return found
