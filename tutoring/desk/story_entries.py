"""Turns one thing that happened into one entry of a student's story, in plain words."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from accounts.models import User
from core.ids import UUID
from students.enums import TermName
from students.models import Student
from tutoring.attendance.crossings import Crossing
from tutoring.attendance.notice import of_compulsory_age
from tutoring.desk.calendar import Calendar
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment
from tutoring.followup.selectors import Moment as WarningMoment
from tutoring.plans.enums import Rating, StepEnd
from tutoring.plans.models import PlanStep
from tutoring.plans.selectors import Moment
from tutoring.progress.enums import BehaviourKind
from tutoring.progress.selectors import direction
from tutoring.progress.telling import Drop, Week
from tutoring.referrals.meetings import meeting_of, words_of_meeting
from tutoring.referrals.models import MeetingRecord
from tutoring.sessions.enums import WITH_STUDENT, Confidentiality, Mode, Owner, Tone
from tutoring.sessions.home import home_contact_of
from tutoring.sessions.models import NextStep, Reflection, TutorSession

# What a written contact home is called, whatever the school calls a call.
_WRITTEN = {Mode.MESSAGE: "Message home", Mode.LETTER: "Letter home"}
CLUSTER: dict[str, int] = {
    BehaviourKind.NEGATIVE: 2,
    BehaviourKind.POSITIVE: 3,
}  # entries in a week before the story tells of them


@dataclass(frozen=True)
class Entry:
    """One point of the story. `tone` is "", "red", "amb" or "good"; `rank` orders entries of one day; `opens`: the name
    of the address with the whole of it, and its key.
    """

    day: dt.date
    title: str
    tone: str = ""
    aside: str = ""
    text: str = ""
    words: str = ""
    note: str = ""
    chip: str = ""
    chip_sign: str = "n"
    when: str = ""
    rank: int = 0
    session: TutorSession | None = None
    reflection: Reflection | None = None
    meeting: MeetingRecord | None = None
    opens: tuple[str, UUID] | None = None


def counted(number: int, noun: str) -> str:
    """ "1 step", "3 steps"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def about_session(session: TutorSession, steps: int, student: Student, reader: User) -> Entry:
    """A conversation and the number of its steps: who, how long, what was said, and in the student's own words."""
    who = "you" if session.author_id == reader.pk else session.author.get_full_name()
    home, meeting = home_contact_of(session), meeting_of(session)
    name = _WRITTEN.get(Mode(home.mode), session.kind_name) if home else session.kind_name
    named = session.confidentiality == Confidentiality.NAMED
    is_good = home is not None and home.tone == Tone.GOOD and not home.never_went
    aside = [f"{session.minutes} min" if session.minutes else "", session.place, session.get_way_display().lower()]
    note = [
        " · ".join(home.words) if home else "",
        f"with {session.with_whom}" if session.with_whom else "",
        *(words_of_meeting(meeting) if meeting else []),
        f"{counted(steps, 'step')} agreed" if steps else "",
        f"{student.preferred_forename} felt {session.wellbeing} of 5" if session.wellbeing else "",
        *session.tags,
    ]
    return Entry(
        day=session.held_on,
        title=f"{name} with {who}" if session.kind in WITH_STUDENT else f"{name} by {who}",
        aside=" · ".join(part for part in aside if part),
        text=session.told,
        words=session.student_words,
        note=" · ".join(part for part in note if part),
        tone="good" if is_good else "",
        chip="Only people named" if named else home.news if home else "",
        chip_sign="g" if is_good and not named else "n",
        rank=3,
        session=session,
        meeting=meeting,
    )


def about_appointment(appointment: Appointment, reader: User) -> Entry:
    """An appointment that the student missed or refused, and why, as the member of staff put it."""
    who = "you" if appointment.staff_id == reader.pk else appointment.staff.get_full_name()
    missed = appointment.state == State.MISSED
    return Entry(
        day=appointment.day,
        title=f"{'Missed' if missed else 'Refused'}: {appointment.kind_name} with {who}",
        aside=" · ".join(part for part in (f"{appointment.starts_at:%H:%M}", appointment.room) if part),
        text=appointment.reason,
        tone="amb" if missed else "",
        rank=3,
    )


def about_step(step: NextStep, student: Student, reader: User, today: dt.date) -> Entry:
    """An agreed step that is overdue, or that was done."""
    said = step.agreed_on  # type: ignore[attr-defined] # by steps_with_day
    agreed = f"Agreed on {said.day} {said:%B}, {_owner(step, student, reader)}"
    if step.done_on:
        return Entry(day=step.done_on, title=f"Done: {step.text}", tone="good", note=step.outcome or agreed, rank=2)
    due = step.due_on or today  # the source asks for overdue steps only
    return Entry(
        day=due,
        title=f"Step overdue: {step.text}",
        tone="amb",
        chip=f"{counted((today - due).days, 'day')} late",
        chip_sign="a",
        note=agreed,
        rank=4,
    )


def about_plan_step(step: PlanStep, student: Student, reader: User, today: dt.date) -> Entry:
    """A step of a plan that is overdue, or that has ended."""
    doer = _owner(step, student, reader)
    if step.ended_on:
        title = f"{step.get_outcome_display()}: {step.text}"
        tone = "good" if step.outcome == StepEnd.DONE else ""
        return Entry(step.ended_on, title, tone=tone, note=step.words or f"In a plan, {doer}", rank=2)
    late = counted((today - step.due_on).days, "day")
    moved = f", day moved {counted(step.times_moved, 'time')}" if step.often_moved else ""
    return Entry(
        day=step.due_on,
        title=f"Step overdue: {step.text}",
        tone="amb",
        chip=f"{late} late",
        chip_sign="a",
        note=f"In a plan, {doer}{moved}",
        rank=4,
    )


def about_plan(moment: Moment) -> Entry:
    """A plan that was made, reviewed or closed."""
    rated = Rating(moment.rating).label if moment.rating is not None else ""
    titles = {"made": "Plan made", "reviewed": "Plan reviewed", "closed": "Plan closed"}
    who = moment.who and f"by {moment.who}"
    return Entry(
        day=moment.day,
        title=f"{titles[moment.kind]}: {moment.title}",
        tone="good" if moment.rating is not None and moment.rating > 0 else "",
        aside=who,
        text=moment.words,
        chip=f"How it went: {rated.lower()}" if rated else "",
        chip_sign="g" if moment.rating and moment.rating > 0 else "n",
        rank=3,
        opens=("plans:plan-detail", moment.plan_id),
    )


def about_warning(moment: WarningMoment) -> Entry:
    """A warning that was issued, that ended by itself, or that stands or was lifted after an appeal."""
    warning = moment.warning
    until, link = f"{warning.expires_on.day} {warning.expires_on:%B %Y}", ("followup:warning-detail", warning.pk)
    if moment.kind == "ended":
        title = f"{warning.stage} ended: no longer in force"
        return Entry(moment.day, title, tone="good", opens=link, rank=1)
    if moment.kind != "issued":
        told = {"lifted": "lifted after an appeal", "stands": "stands after an appeal"}[moment.kind]
        tone = "good" if warning.is_lifted else ""
        title, note = f"{warning.stage} {told}", f"decided by {warning.decided_by}"
        return Entry(moment.day, title, tone=tone, note=note, text=warning.decision_words, opens=link, rank=2)
    return Entry(
        day=moment.day,
        title=f"{warning.stage} issued",
        tone="amb",
        aside=f"by {warning.issued_by}",
        text=warning.reason,
        words=warning.student_response,
        chip=f"In force until {until}" if warning.in_force else "No longer in force",
        chip_sign="a" if warning.in_force else "n",
        rank=3,
        opens=link,
    )


def _owner(step: NextStep | PlanStep, student: Student, reader: User) -> str:
    if step.owner == Owner.STUDENT:
        return f"for {student.preferred_forename} to do"
    if step.owner == Owner.HOME:
        return "for home to do"
    if step.owner == Owner.OUTSIDE:
        return f"for {getattr(step, 'owner_name', '') or 'somebody outside'} to do"
    if step.owner_staff_id == reader.pk:
        return "for you to do"
    return f"for {step.owner_staff} to do" if step.owner_staff else "for staff to do"


def about_crossing(crossing: Crossing, student: Student, today: dt.date, threshold: int) -> Entry:
    """Attendance of the year fell to a level or came back above it, with the counts behind the percentage."""
    year = crossing.year
    day = min(crossing.week + dt.timedelta(days=4), today)
    missed = f"{year.absent} of {year.possible} sessions missed, {year.unauthorised} unauthorised."
    if not crossing.down:
        return Entry(day, f"Attendance back above {crossing.level}% for the year", tone="good", note=missed, rank=5)
    has = "has" if day == today else "had"
    of_age = of_compulsory_age(student.date_of_birth, day) if student.date_of_birth else True
    if crossing.notice and of_age:
        missed += (
            f" The notice threshold is {threshold} in 10 weeks: {student.preferred_forename} {has} {crossing.notice}."
        )
    below = 100 * year.absent > (100 - crossing.level) * year.possible
    where = "below" if below else "at" if crossing.still else "down to"
    title = f"{'still ' if crossing.still else ''}{where} {crossing.level}% attendance for the year".capitalize()
    return Entry(day, title, tone="red" if crossing.level <= 90 else "amb", note=missed, rank=5)


def about_behaviour(week: Week) -> Entry:
    """The sanctions of a week, or its rewards, where there are enough to tell of."""
    kind = BehaviourKind(week.kind)
    kinds = Counter(week.categories).most_common(4)
    what = ", ".join(f"{category} ×{number}" if number > 1 else category for category, number in kinds)
    title = f"{counted(len(week.categories), kind.label.lower())} in a week"
    return Entry(week.day, title, tone="good" if kind == BehaviourKind.POSITIVE else "amb", note=what, rank=1)


def about_drop(drop: Drop, earlier: Drop | None, calendar: Calendar) -> Entry:
    """A data drop: how many subjects stand below target, and which moved since the drop before."""
    before = {grade.subject: grade.working_at for grade in earlier.grades} if earlier else {}
    moved = {grade.subject: direction(before.get(grade.subject, ""), grade.working_at) for grade in drop.grades}
    up = [name for name, way in moved.items() if way > 0]
    down = [name for name, way in moved.items() if way < 0]
    below = [grade.subject for grade in drop.grades if direction(grade.target, grade.working_at) < 0]
    parts = [f"Up: {', '.join(up)}." if up else "", f"Down: {', '.join(down)}." if down else ""]
    if not before:
        parts.append("The first grades on record.")
    elif not up and not down:
        parts.append("No change since the drop before.")
    if below:
        parts.append(f"Below target in {', '.join(below)}.")
    return Entry(
        day=drop_day(drop, calendar),
        when=drop.name,
        title="Grades collected",
        aside=counted(len(drop.grades), "subject"),
        note=" ".join(part for part in parts if part),
        tone="amb" if len(down) >= 2 else "",
    )


def drop_day(drop: Drop, calendar: Calendar) -> dt.date:
    """Where a drop stands among the days: exports name a term, not a day, so it stands at that term's half-term."""
    name = {1: TermName.SPRING, 2: TermName.SUMMER, 3: TermName.AUTUMN}.get(drop.position % 10)
    calendar_year = drop.position // 10
    started = calendar_year if name == TermName.AUTUMN else calendar_year - 1
    term = next((t for t in calendar.terms if t.name == name and t.year == started), None)
    if term:
        return min(term.break_starts_on or term.starts_on, calendar.today)
    month = {TermName.SPRING: 2, TermName.SUMMER: 5, TermName.AUTUMN: 10}.get(name, 1) if name else 1
    return min(dt.date(calendar_year or 2000, month, 20), calendar.today)
