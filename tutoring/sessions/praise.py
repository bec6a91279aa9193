"""Praise home: a few ready sentences, who may be written to, and the message put down to be sent."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.quiet_hours import next_sending
from audit.services import record
from core.ids import UUID
from core.queueing import ring
from students.models import Contact, Student
from students.selectors import contacts_of_student
from tutoring.sessions.enums import Kind, Mode, Outcome, Tone
from tutoring.sessions.home import HomeWords
from tutoring.sessions.models import HomeContact, HomeMessage
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


def people_at_home(student: Student) -> list[AtHome]:
    """Everybody on file in the order in which to ring; a court order stands before anything else."""
    return [AtHome(contact, _obstacle(contact)) for contact in contacts_of_student(student)]


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


def signature(by: User, student: Student) -> str:
    """Who writes, as families know them, and from which school."""
    return f"{by.formal_name}\n{student.school}"


def subject_for(student: Student) -> str:
    """Without a surname: a subject is read over shoulders and on locked screens."""
    return f"Good news about {student.preferred_forename}"


class CannotWriteError(Exception):
    """There is no address to write to, or a court order stands before it."""


@dataclass(frozen=True)
class Praised:
    """What came of it. `message` is None where the same form had been sent before."""

    message: HomeMessage | None
    send_after: dt.datetime | None = None


@transaction.atomic
def praise_home(*, by: User, student: Student, submission: UUID, contact: Contact, text: str) -> Praised:
    """Log good news home and put the message down to be sent, once per `submission`.

    CannotWriteError, PermissionDenied (not for this role): nothing was saved.
    """
    if contact.student_id != student.pk or _obstacle(contact):
        raise CannotWriteError
    home = HomeWords(contact=contact, mode=Mode.MESSAGE, tone=Tone.GOOD, outcome=Outcome.MESSAGE)
    words = Words(fields={"kind": Kind.CALL_HOME, "happened": text}, home=home)
    logged = log_session(by=by, student=student, submission=submission, words=words)
    if not logged.created:
        return Praised(None)
    now = timezone.now()
    message = HomeMessage.objects.create(
        home_contact=HomeContact.objects.get(session=logged.session),
        student=student,
        contact=contact,
        by=by,
        address=contact.email,
        subject=subject_for(student),
        body=f"{text}\n\n{signature(by, student)}",
        send_after=next_sending(now),
    )
    record("home.praised", by=by, obj=message, waits=message.send_after > now)
    ring(TASK)
    return Praised(message, message.send_after)
