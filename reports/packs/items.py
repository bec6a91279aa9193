"""The parts of a pack and their items: each from the selector of its own room, so never more than its page shows.

Of conversations, those that are open to all who teach the student or to the tutor team. What was said to named people
only is not taken out of the house, not even by them (as in reports/exports/record.py).
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, prefetch_related_objects

from accounts.permissions import Permission
from core.ids import UUID
from reports.packs.facts import facts_told
from students.models import Student
from tutoring.attendance.selectors import figures_by_week
from tutoring.attendance.statistics import Figure
from tutoring.plans.models import ActionPlan, PlanStep
from tutoring.plans.selectors import plans_of_student
from tutoring.plans.sign_off import given_steps
from tutoring.progress.selectors import behaviour_of_student
from tutoring.referrals.meetings import meetings_of_student
from tutoring.referrals.models import MeetingRecord, Referral
from tutoring.referrals.selectors import referrals_of_student
from tutoring.roundrobin.selectors import answers_since
from tutoring.sessions.enums import HOME_KINDS, Confidentiality
from tutoring.sessions.home import home_contact_of
from tutoring.sessions.models import TutorSession
from tutoring.sessions.selectors import sessions_readable, sessions_whole
from tutoring.strategies.selectors import cards_of_student, latest_own_words

MAY_LEAVE = (Confidentiality.TEACHING, Confidentiality.TEAM)


@dataclass(frozen=True)
class Item:
    """One thing that goes in or stays out: `key` names it in the form, `texts` are its paragraphs."""

    key: str
    title: str
    texts: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All that stands in it, to look for names."""
        return "\n".join((self.title, *self.texts))


@dataclass(frozen=True)
class Asked:
    """Whose pack, what the asker may do for that very student, and the days from which to which, both included."""

    student: Student
    permitted: Collection[Permission]
    since: dt.date
    until: dt.date

    @cached_property
    def sessions(self) -> list[TutorSession]:
        """Conversations of those days that may leave the house, the earliest first."""
        found = sessions_whole(sessions_readable()).filter(
            student=self.student, confidentiality__in=MAY_LEAVE, held_on__range=(self.since, self.until)
        )
        return list(found.order_by("held_on", "created_at"))

    @cached_property
    def meetings(self) -> dict[UUID, MeetingRecord]:
        return {meeting.session_id: meeting for meeting in meetings_of_student(self.student)}

    def covers(self, start: dt.date, end: dt.date | None) -> bool:
        """Whether something that lasted so long was there on one of the days."""
        return start <= self.until and (end is None or end >= self.since)


def day_words(day: dt.date) -> str:
    """9 October 2026."""
    return f"{day.day} {day:%B %Y}"


def _said(*pairs: tuple[str, object]) -> tuple[str, ...]:
    """Paragraphs of a label and its words, without the empty ones."""
    return tuple(f"{label}: {text}" if label else str(text) for label, text in pairs if text)


def _facts(asked: Asked) -> Iterable[Item]:
    return [Item(f"facts-{n}", text) for n, text in facts_told(asked.student, asked.permitted)]


def _attendance(asked: Asked) -> Iterable[Item]:
    weeks = figures_by_week([asked.student], asked.since, asked.until)
    whole = sum((figure for _, figure in weeks), Figure())
    if whole.attendance is not None:
        title = f"{whole.attendance:.1f}% of {whole.possible} possible sessions attended"
        yield Item("attendance-all", title, _said(("", f"{whole.absent} missed, {whole.late} late")))
    for monday, figure in weeks:
        if figure.absent or figure.late:
            missed = f"missed {figure.absent} of {figure.possible} sessions" if figure.absent else ""
            late = f"late {figure.late} time{'' if figure.late == 1 else 's'}" if figure.late else ""
            told = ", ".join(part for part in (missed, late) if part)
            yield Item(f"attendance-{monday}", f"Week of {day_words(monday)}: {told}")


def _behaviour(asked: Asked) -> Iterable[Item]:
    for event in behaviour_of_student(asked.student, asked.since):
        if event.date <= asked.until:
            title = f"{day_words(event.date)}: {event.category} ({event.get_kind_display().lower()})"
            yield Item(f"behaviour-{event.pk}", title, _said(("", event.comment)))


def _talks(asked: Asked) -> Iterable[Item]:
    for session in asked.sessions:
        if session.kind not in HOME_KINDS and session.pk not in asked.meetings:
            yield _session(session)


def _home(asked: Asked) -> Iterable[Item]:
    for session in asked.sessions:
        if session.kind in HOME_KINDS:
            home = home_contact_of(session)
            with_whom = [*home.words, home.news] if home else []
            yield _session(session, ("With", ", ".join(part for part in with_whom if part)))


def _session(session: TutorSession, *more: tuple[str, object]) -> Item:
    title = f"{day_words(session.held_on)}: {session.kind_name}, written by {session.author.formal_name}"
    alone = ("About this student alone", session.own_note)
    there = ("There", session.with_whom), ("How", session.get_way_display()), ("Minutes", session.minutes or "")
    told = _said(*more, *there, ("", session.happened), alone, ("In the student’s own words", session.student_words))
    return Item(f"session-{session.pk}", title, told)


def _agreed(asked: Asked) -> Iterable[Item]:
    for session in asked.sessions:
        day = day_words(session.held_on)
        for agreement in session.agreements.all():
            answer = _said(("The student", agreement.get_answer_display().lower()), ("", agreement.student_text))
            yield Item(f"agreement-{agreement.pk}", f"{day}: {agreement.text}", answer)
        for step in session.steps.all():
            by = f" by {day_words(step.due_on)}" if step.due_on else ""
            done = f"done on {day_words(step.done_on)}" if step.done_on else "not done yet"
            title = f"{day}: {step.text} ({step.get_owner_display().lower()}{by}; {done})"
            yield Item(f"step-{step.pk}", title, _said(("", step.outcome)))


def _plans(asked: Asked) -> Iterable[Item]:
    plans = plans_of_student(asked.student)
    prefetch_related_objects(plans, Prefetch("steps", PlanStep.objects.select_related("owner_staff")))
    for plan in plans:
        if asked.covers(plan.started_on, plan.closed_on):
            yield Item(f"plan-{plan.pk}", f"{plan.title}, from {day_words(plan.started_on)}", _plan(plan))


def _plan(plan: ActionPlan) -> tuple[str, ...]:
    closed = f"{plan.get_outcome_display()}. {plan.outcome_words}" if plan.closed_on else ""
    return _said(
        ("In the way", ", ".join(str(barrier) for barrier in plan.barriers.all())),
        ("Targets", "; ".join(str(target) for target in plan.targets.all())),
        ("Strengths", plan.strengths),
        ("In the student’s own words", plan.student_words),
        ("Agreed to", _agreed_to(plan)),
        ("Closed", closed),
    )


def _agreed_to(plan: ActionPlan) -> str:
    """The student, home and the colleagues who were given a step, each with the day of their word (duty 25)."""
    words = [
        f"{who} on {day_words(day)}" + (f", {how}" if how else "")
        for who, day, how in (
            ("the student", plan.student_agreed_on, plan.student_agreed_how),
            ("home", plan.home_agreed_on, plan.home_agreed_how),
        )
        if day
    ]
    for given in given_steps(plan, plan.steps.all()):
        day = given.step.owner_agreed_on
        said = f"on {day_words(day)}" if day else "not yet"
        words.append(f"{given.colleague.formal_name} {said} ({given.step.text})")
    return "; ".join(words)


def _referrals(asked: Asked) -> Iterable[Item]:
    for referral in referrals_of_student(asked.student):
        if asked.covers(referral.sent_on, referral.closed_on):
            yield _referral(referral)
    for session in asked.sessions:
        if meeting := asked.meetings.get(session.pk):
            title = f"{day_words(session.held_on)}: {session.kind_name}"
            told = _said(
                ("Came", ", ".join(meeting.came)), ("", session.happened), ("Decided", meeting.decided),
                ("Next meeting", day_words(meeting.next_on) if meeting.next_on else ""),
            )  # fmt: skip
            yield Item(f"meeting-{meeting.pk}", title, told)


def _referral(referral: Referral) -> Item:
    title = f"{day_words(referral.sent_on)}: referred to {referral.agency} by {referral.referred_by.formal_name}"
    told = _said(
        ("Why", referral.reason), ("Now", referral.get_status_display()), ("What came of it", referral.outcome)
    )
    return Item(f"referral-{referral.pk}", title, told)


def _helps(asked: Asked) -> Iterable[Item]:
    for card in cards_of_student(asked.student):
        yield Item(f"card-{card.pk}", f"{card.get_kind_display()}: {card}")
    if words := latest_own_words(asked.student):
        yield Item(f"own-{words.pk}", "In their own words", _said(*words.says))


def _teachers(asked: Asked) -> Iterable[Item]:
    for ask in answers_since(asked.student, asked.since):
        if ask.answered_at and ask.answered_at.date() <= asked.until:
            title = f"{day_words(ask.answered_at.date())}: {ask.teacher.formal_name}, {ask.subjects or ask.title}"
            yield Item(f"ask-{ask.pk}", title, _said(*ask.answered, ("", ask.words)))


@dataclass(frozen=True)
class Part:
    """One kind of thing, and what one must be able to do for the student to put it in."""

    key: str
    title: str
    needs: Permission
    items: Callable[[Asked], Iterable[Item]]


PARTS = (
    Part("facts", "Facts", Permission.VIEW_STUDENT, _facts),
    Part("attendance", "Attendance", Permission.VIEW_ATTENDANCE, _attendance),
    Part("behaviour", "Rewards and sanctions", Permission.VIEW_PROGRESS, _behaviour),
    Part("talks", "1:1s and notes", Permission.VIEW_SESSION, _talks),
    Part("agreed", "Agreements and next steps", Permission.VIEW_SESSION, _agreed),
    Part("plans", "Action plans", Permission.VIEW_PLAN, _plans),
    Part("referrals", "Referrals and meetings", Permission.VIEW_REFERRAL, _referrals),
    Part("helps", "What helps", Permission.VIEW_STRATEGY, _helps),
    Part("teachers", "What teachers say", Permission.ASK_TEACHERS, _teachers),
    Part("home", "Contacts home", Permission.VIEW_FAMILY, _home),
)


def parts_for(permitted: Collection[Permission]) -> list[Part]:
    """What this person may choose from."""
    return [part for part in PARTS if part.needs in permitted]
