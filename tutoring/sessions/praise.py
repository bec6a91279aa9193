"""Messages home: a few ready sentences of praise, who may be written to, and the message put down to be sent.

One that is urgent, by whoever may send such, waits for nothing. Anything else waits for the end of quiet hours and,
where somebody at home chose the weekly mail, goes with that (delight 10).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.quiet_hours import next_sending
from audit.services import record
from core.ids import UUID
from core.queueing import ring
from students.enums import Language
from students.languages import words_of
from students.models import Contact, Student
from students.selectors import contacts_of_student
from tutoring.groups.selectors import students_visible_to
from tutoring.sessions.enums import Kind, Mode, Outcome, Tone
from tutoring.sessions.home import HomeWords
from tutoring.sessions.models import HomeContact, HomeMessage, TutorSession
from tutoring.sessions.services import Words, log_session

# {name} is the preferred forename. In our own words, without anything a stranger should not read.
SENTENCES = (
    (
        "On time",
        "I wanted you to know how well {name} has been doing with arriving on time. It makes a real difference.",
    ),
    (
        "Kindness",
        "{name} went out of the way to be kind to somebody this week, and I thought you should hear about it.",
    ),
    ("Effort", "{name} has put real effort in lately, and it shows. Please tell {name} that we noticed."),
    ("Progress", "{name} has made good progress this term and has every reason to be pleased with it."),
    ("Keeping on", "{name} had a difficult thing to do this week and kept at it. That took some courage."),
    ("Good company", "It is a pleasure to have {name} in the group: cheerful, polite and ready to help."),
)
TASK = "tutor_sessions.send_home_messages"


@dataclass(frozen=True)
class AtHome:
    """Somebody at home and, where they cannot be written to, why not."""

    contact: Contact
    obstacle: str = ""
    weekly_at: dt.datetime | None = None


def people_at_home(student: Student) -> list[AtHome]:
    """Everybody on file in the order in which to ring; a court order stands before anything else."""
    contacts = list(contacts_of_student(student))
    wishes = wishes_of(contacts, timezone.now())
    return [AtHome(c, _obstacle(c), wishes[c.pk].weekly_at) for c in contacts]


def _obstacle(contact: Contact) -> str:
    if contact.court_order:
        return "court order: ask whoever leads safeguarding before you ring or write"
    return "" if contact.email else "no e-mail address on file"


def first_choice(people: list[AtHome]) -> Contact | None:
    """Whom the page proposes: the first with parental responsibility who can be written to; never a guess beyond."""
    able = (person.contact for person in people if not person.obstacle)
    return next((contact for contact in able if contact.parental_responsibility), None)


def sentence(number: int, student: Student) -> str:
    """A ready sentence about this student; "" where there is none of that number."""
    if not 0 <= number < len(SENTENCES):
        return ""
    return SENTENCES[number][1].format(name=student.preferred_forename)


def with_sentence(typed: str, number: str, student: Student) -> str:
    """What stands in the box once a sentence was chosen: in place of another ready one, below words of one's own."""
    ready = sentence(int(number), student) if number.isdecimal() and len(number) < 3 else ""
    known = {sentence(other, student) for other in range(len(SENTENCES))}
    paragraphs = [part.strip() for part in typed.replace("\r\n", "\n").split("\n\n")]
    own = [part for part in paragraphs if part and (part not in known or not ready)]
    return "\n\n".join([*own, ready] if ready else own)


def said_before(by: User, submission: UUID, text: str, contact: Contact, urgent: "Urgent | None") -> bool:
    """Whether what was sent before under this token is the same message: these words, to them, as urgent as this."""
    sent = TutorSession.objects.filter(submission=submission, author=by, happened=text)
    same = sent.filter(home_contact__contact=contact, home_contact__tone=urgent.tone if urgent else Tone.GOOD)
    return same.filter(home_contact__message__urgent=urgent is not None).exists()


def signature(by: User, student: Student) -> str:
    """Who writes, as families know them, and from which school."""
    return f"{by.formal_name}\n{student.school}"


def subject_for(student: Student) -> str:
    """Without a surname: a subject is read over shoulders and on locked screens."""
    return f"Good news about {student.preferred_forename}"


def urgent_subject(student: Student) -> str:
    """As little as that of praise."""
    return f"Urgent, please read now: about {student.preferred_forename}"


def may_send_urgent(user: User, student: Student) -> bool:
    """Whether this person may send a message that waits for nothing, about this student."""
    return students_visible_to(user, Permission.SEND_URGENT).filter(pk=student.pk).exists()


@dataclass(frozen=True)
class Wish:
    """What somebody at home chose: their language, and the weekly mail with which a message goes.

    From `alone_from` on it goes by itself: then that mail has gone without it, or did not go.
    """

    language: str = Language.ENGLISH
    weekly_at: dt.datetime | None = None
    alone_from: dt.datetime | None = None


# The room of the weekly mail stands above this one and says who chose what (`tutoring.digests.apps`).
WISHES: list[Callable[[Sequence[Contact], dt.datetime], dict[UUID, Wish]]] = []


def wishes_of(contacts: Sequence[Contact], now: dt.datetime) -> dict[UUID, Wish]:
    """Contact id → what they chose; of whoever has said nothing: English, and each message by itself."""
    found = {contact.pk: Wish() for contact in contacts}
    for wishes in WISHES:
        found |= wishes(contacts, now)
    return found


@dataclass(frozen=True)
class Urgent:
    """That a message waits for nothing, and what news it brings."""

    tone: str = Tone.HARD


class CannotWriteError(Exception):
    """There is no address to write to, or a court order stands before it."""


@dataclass(frozen=True)
class Praised:
    """What came of it. `message` is None where the same form had been sent before."""

    message: HomeMessage | None
    send_after: dt.datetime | None = None
    weekly_at: dt.datetime | None = None


@transaction.atomic
def praise_home(
    *, by: User, student: Student, submission: UUID, contact: Contact, text: str, urgent: Urgent | None = None
) -> Praised:
    """Log the message home and put it down to be sent, once per `submission`: good news, unless it is urgent.

    CannotWriteError, PermissionDenied (not for this role): nothing was saved.
    """
    if contact.student_id != student.pk or _obstacle(contact):
        raise CannotWriteError
    if urgent and not may_send_urgent(by, student):
        raise PermissionDenied
    tone = urgent.tone if urgent else Tone.GOOD
    home = HomeWords(contact=contact, mode=Mode.MESSAGE, tone=tone, outcome=Outcome.MESSAGE)
    words = Words(fields={"kind": Kind.CALL_HOME, "happened": text}, home=home)
    logged = log_session(by=by, student=student, submission=submission, words=words)
    if not logged.created:
        return Praised(None)
    found = HomeContact.objects.get(session=logged.session)
    wish = wishes_of([contact], timezone.now())[contact.pk]
    body = f"{text}\n\n{signature(by, student)}"
    message = _put_down(by, found, contact, body, wish, urgent=urgent is not None)
    return Praised(message, message.send_after, None if urgent else wish.weekly_at)


def _put_down(by: User, found: HomeContact, contact: Contact, body: str, wish: Wish, *, urgent: bool) -> HomeMessage:
    now, student = timezone.now(), contact.student
    message: HomeMessage = HomeMessage.objects.create(
        home_contact=found,
        student=student,
        contact=contact,
        by=by,
        address=contact.email,
        subject=_subject(student, wish.language, urgent=urgent),
        body=body,
        urgent=urgent,
        language=wish.language,
        send_after=now if urgent else (wish.alone_from or next_sending(now)),
    )
    record("home.urgent" if urgent else "home.praised", by=by, obj=message, waits=message.send_after > now)
    ring(TASK)
    return message


def _subject(student: Student, language: str, *, urgent: bool) -> str:
    """In the language they read best, and in English."""
    english = urgent_subject(student) if urgent else subject_for(student)
    words = words_of(language)
    if words is None:
        return english
    own = words.say("urgent" if urgent else "good_news", forename=student.preferred_forename)
    return f"{own} / {english}"
