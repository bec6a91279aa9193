"""What was agreed, in words: written with the conversation, answered once by the student, copied on paper."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, permissions_of
from audit.services import record
from core import pdf
from core.ids import UUID
from tutoring.groups.selectors import roles_over, students_visible_to
from tutoring.sessions.enums import Answer, AnsweredHow, Happened
from tutoring.sessions.models import Agreement, AgreementOutcome, TutorSession
from tutoring.sessions.selectors import sessions_readable

MOST = 3


@dataclass(frozen=True)
class Said:
    """A student's answer to one agreement; `text` is their own version or objection."""

    answer: str
    text: str = ""


class AnsweredBeforeError(Exception):
    """Somebody answered one of these while the page was open; nothing was saved."""


def agreements_with_outcome() -> QuerySet[Agreement]:
    """In their order; `happened`: what was said last of whether it did, "" where nothing was."""
    said = AgreementOutcome.objects.filter(agreement=OuterRef("pk")).order_by("-said_at", "-pk").values("happened")
    return Agreement.objects.annotate(happened=Coalesce(Subquery(said[:1]), Value(""))).order_by("position")


def agreements_of(session: TutorSession) -> QuerySet[Agreement]:
    """In their order."""
    return agreements_with_outcome().filter(session=session)


def agreements_to_follow(user: User) -> QuerySet[Agreement]:
    """Those that this person reads, of students with whom they log sessions, but for what the student did not agree to:
    they may say from the day after whether it happened.
    """
    mine = students_visible_to(user, Permission.LOG_SESSION)
    past = Agreement.objects.filter(student__in=mine, session__held_on__lt=timezone.localdate())
    return past.filter(session__in=sessions_readable()).exclude(answer=Answer.DISPUTED)


@transaction.atomic
def say_outcome(*, by: User, agreement: Agreement, happened: Happened) -> None:
    """Whether it happened; said again it counts anew, and what was said before stays on the record."""
    AgreementOutcome.objects.create(
        agreement=agreement, session_id=agreement.session_id, student_id=agreement.student_id,
        happened=happened, said_by=by,
    )  # fmt: skip
    record("agreement.outcome", by=by, obj=agreement, student=str(agreement.student_id), happened=happened.value)


def write_agreements(session: TutorSession, texts: list[str]) -> None:
    """What the author's form says is agreed and not answered yet: new words are added, left-out ones go.

    Answered ones stay whatever the form says: words that were changed after an answer are a new agreement.
    """
    standing = list(agreements_of(session))
    answered = {a.text for a in standing if not a.is_open}
    wanted = [text for text in dict.fromkeys(texts) if text not in answered]
    gone = [a for a in standing if a.is_open and not vars(a)["happened"] and a.text not in wanted]
    if gone:
        Agreement.objects.filter(pk__in=[a.pk for a in gone], answer=Answer.OPEN).delete()
    kept = [a for a in standing if a not in gone]
    places = [n for n in range(1, MOST + 1) if n not in {a.position for a in kept}]
    new = [text for text in wanted if text not in {a.text for a in kept}]
    Agreement.objects.bulk_create(
        Agreement(session=session, student_id=session.student_id, position=place, text=text)
        for place, text in zip(places, new, strict=False)
    )


@transaction.atomic
def answer_agreements(*, by: User, session: TutorSession, said: dict[UUID, Said]) -> int:
    """The student's answers, given while the author's device is handed over: once, and never changed after.

    Returns how many. AnsweredBeforeError where one of them was answered meanwhile; PermissionDenied but for the author.
    """
    if session.author_id != by.pk:
        raise PermissionDenied("Only the author hands a conversation over.")
    today = timezone.localdate()
    for pk, one in said.items():
        text = "" if one.answer == Answer.CONFIRMED else one.text
        answered = Agreement.objects.filter(pk=pk, session=session, answer=Answer.OPEN).update(
            answer=one.answer, student_text=text, answered_on=today, answered_how=AnsweredHow.DEVICE
        )
        if not answered:
            raise AnsweredBeforeError
    if said:
        # A form of this conversation that is open elsewhere no longer knows how it stands.
        TutorSession.objects.filter(pk=session.pk).update(version=F("version") + 1)
        answers = sorted(one.answer for one in said.values())
        record("agreement.answered", by=by, obj=session, student=str(session.student_id), answers=answers)
    return len(said)


def may_go_home(session: TutorSession, permitted: Collection[str]) -> bool:
    """Whether somebody with these permissions may make a copy for the family: the student must be happy with that."""
    return session.for_report and Permission.VIEW_FAMILY in permitted


@transaction.atomic
def copy_agreements(*, by: User, session: TutorSession, for_home: bool) -> bytes:
    """One A4 page with both versions of each agreement; who made it is on the record before anybody has it.

    Raises core.pdf.PdfUnavailableError where this machine cannot make PDFs, PermissionDenied where it may not be made.
    """
    permitted = permissions_of(roles_over(by, session.student))
    if session.author_id != by.pk or (for_home and not may_go_home(session, permitted)):
        raise PermissionDenied("This copy is not for this person to make.")
    context = {
        "session": session,
        "agreements": list(agreements_of(session)),
        "student": session.student,
        "school": by.school,
        "by": by,
        "for_home": for_home,
        "today": timezone.localdate(),
    }
    made = pdf.render(
        render_to_string("tutor_sessions/agreed_pdf.html", context), title="What we agreed", sheet="pdf/agreed.css"
    )
    copy = "home" if for_home else "student"
    record("agreement.copied", by=by, obj=session, student=str(session.student_id), copy=copy)
    return made
