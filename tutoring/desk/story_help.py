"""Entries of the story about help from others: referrals, interventions, and what the student wrote before.

Who may read each row the database says; here it is only put into words.
"""

from django.utils import timezone

from students.models import Student
from tutoring.desk.story_entries import Entry, counted
from tutoring.interventions.models import Member
from tutoring.referrals.models import Referral
from tutoring.sessions.models import Reflection


def about_referral(referral: Referral) -> list[Entry]:
    """That a student was referred, and, once closed, what came of it: the latest first."""
    link = ("referrals:referral-detail", referral.pk)
    late = referral.days_late
    sent = Entry(
        day=referral.sent_on,
        title=f"Referred to {referral.agency}",
        aside=f"by {referral.referred_by}",
        text=referral.reason,
        note=referral.get_consent_display(),
        tone="amb" if late else "",
        chip=f"{referral.get_status_display()}, reply {counted(late, 'day')} late"
        if late
        else referral.get_status_display(),
        chip_sign="a" if late else "n",
        rank=3,
        opens=link,
    )
    if referral.closed_on is None:
        return [sent]
    closed = Entry(
        day=referral.closed_on,
        title=f"Referral to {referral.agency} closed",
        aside=f"by {referral.closed_by}",
        text=referral.outcome,
        chip=referral.get_status_display(),
        rank=3,
        opens=link,
    )
    return [closed, sent]


def about_intervention(member: Member) -> list[Entry]:
    """That a student began it, and, once over for them, how it went; with the dose, by meetings and minutes."""
    whole = member.intervention
    link, dose = ("interventions:detail", whole.pk), _dose(member)
    ended = member.ends_on or whole.closed_on
    began = Entry(
        day=member.starts_on,
        title=f"Intervention began: {whole}",
        aside=f"led by {whole.lead}",
        note=f"{whole.weekly} a week of {whole.minutes} min for {counted(whole.weeks, 'week')}"
        + ("" if ended else f" · so far {dose}"),
        rank=3,
        opens=link,
    )
    if ended is None:
        return [began]
    good = member.outcome is not None and member.outcome > 0
    over = Entry(
        day=ended,
        title=f"Intervention ended: {whole}",
        tone="good" if good else "",
        text="\n".join(
            part for part in (member.left_why and f"Left early: {member.left_why}", member.outcome_words) if part
        ),
        note=dose + _measured(member),
        chip=f"How it went: {member.outcome_label.lower()}" if member.outcome_label else "",
        chip_sign="g" if good else "n",
        rank=3,
        opens=link,
    )
    return [over, began]


def _dose(member: Member) -> str:
    """As `with_dose` counted it, received against planned."""
    came, had = member.came, member.had  # type: ignore[attr-defined]
    whole = member.intervention
    return f"came to {came} of {whole.planned} planned, {had} of {whole.planned_minutes} min"


def _measured(member: Member) -> str:
    if member.entry is None or member.exit is None:
        return ""
    return (
        f" · {member.intervention.measure}: {member.entry.normalize():f} at entry, {member.exit.normalize():f} at exit"
    )


def about_reflection(said: Reflection, student: Student) -> Entry:
    """What a student wrote before a 1:1, in their words."""
    return Entry(
        day=timezone.localdate(said.written_at),
        title=f"{student.preferred_forename} wrote before a 1:1",
        aside=f"with {said.taken_by}",
        rank=2,
        reflection=said,
    )
