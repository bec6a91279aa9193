"""The words of a mail: made of numbers, the school's own words for rewards, and one step the student lets go home.

The database gives no more than this to whoever writes it (`guard.digest_facts`, migration 0003): no sanction, no word
of a conversation, no surname, no other child, no other parent. So the preview and the mail cannot differ.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

from core.ids import UUID
from tutoring.attendance.statistics import Figure
from tutoring.digests.enums import Part

GOOD = frozenset({Part.REWARDS, Part.NEWS})
STOP = "You chose to get this mail. To get it less often, reply to it or tell the school."
STOP_HERE = "To stop it, open this page and tap once:"
STOP_BY_WORD = "To stop it, reply to it or tell the school."
WRITTEN = "Written to you:"
_SIZE = len(Figure().counts())


@dataclass(frozen=True)
class Facts:
    """What may go home to one contact about one student, of the days from `first` to `last`."""

    contact_id: UUID
    address: str
    forename: str
    school: str
    tutor: str
    first: dt.date
    last: dt.date
    rewards: dict[str, int]
    news: int
    figure: Figure
    step: str
    step_by: dt.date | None


@dataclass(frozen=True)
class Line:
    """One line of a mail; `good` ones are reason enough to write."""

    part: Part
    text: str
    good: bool
    left_out: bool = False


def facts_of(contacts: Iterable[UUID], week: dt.date) -> dict[UUID, Facts]:
    """contact id → what may be told; who may not be written to is missing. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM guard.digest_facts(%s::uuid[], %s)", [list(contacts), week])
        found = [_facts(*row) for row in cursor.fetchall()]
    return {facts.contact_id: facts for facts in found}


def _facts(
    contact: UUID, address: str, forename: str, school: str, tutor: str, first: dt.date, last: dt.date,
    types: list[str], numbers: list[int], news: int, counts: list[int], step: str, step_by: dt.date | None,
) -> Facts:  # fmt: skip
    rewards = dict(zip(types, numbers, strict=True))
    figure = Figure(*(counts or [0] * _SIZE))
    return Facts(contact, address, forename, school, tutor, first, last, rewards, news, figure, step, step_by)


def lines_of(facts: Facts, left_out: Collection[str] = ()) -> list[Line]:
    """All lines in their order, also those left out, which a preview shows as such."""
    texts = {
        Part.REWARDS: _rewards(facts), Part.NEWS: _news(facts), Part.ATTENDANCE: _attendance(facts),
        Part.STEP: _step(facts),
    }  # fmt: skip
    whole = facts.figure.possible > 0 and facts.figure.attended == facts.figure.possible
    good = GOOD | {Part.ATTENDANCE} if whole else GOOD
    return [Line(part, text, part in good, part in left_out) for part, text in texts.items() if text]


def worth_sending(lines: Iterable[Line]) -> bool:
    """Whether anything good is in it: a mail that only counts absences would not be a good-news mail."""
    return any(line.good and not line.left_out for line in lines)


def _rewards(facts: Facts) -> str:
    number = sum(facts.rewards.values())
    if not number:
        return ""
    return f"{facts.forename} was given {number} reward{'' if number == 1 else 's'}: {rewards_named(facts)}."


def rewards_named(facts: Facts) -> str:
    """In the school's own words, in every language."""
    return ", ".join(f"{name}{f' ({n})' if n > 1 else ''}" for name, n in facts.rewards.items())


def _news(facts: Facts) -> str:
    if not facts.news:
        return ""
    times = "once" if facts.news == 1 else f"{facts.news} times"
    return f"We had good news to tell about {facts.forename} {times}."


def _attendance(facts: Facts) -> str:
    rate = facts.figure.attendance
    if rate is None:
        return ""
    return f"Attendance: {facts.figure.attended} of {facts.figure.possible} half-day sessions ({rate:.0f}%)."


def _step(facts: Facts) -> str:
    if not facts.step:
        return ""
    by = f", by {facts.step_by:%-d %B}" if facts.step_by else ""
    return f"Agreed with {facts.forename}, who is happy for you to know: {facts.step.rstrip('.')}{by}."


def subject_of(facts: Facts) -> str:
    """Without a surname: a subject is read over shoulders and on locked screens."""
    return f"{facts.forename}: a word from school"


def body_of(facts: Facts, lines: Iterable[Line], stop: str, with_it: Iterable[str] = ()) -> str:
    """The mail as it goes, in English; `stop` is the address that stops it, "" where there is none.

    `with_it` are messages of praise that somebody wrote and that go with it.
    """
    told = "\n".join(f"- {line.text}" for line in lines if not line.left_out)
    days = f"From {facts.first:%-d %B} to {facts.last:%-d %B}:"
    whom = facts.tutor or "the school"
    ending = f"{STOP_HERE}\n{stop}" if stop else STOP_BY_WORD
    talk = f"Would you like to talk? Ask for {whom}.\n{facts.school}"
    typed = [f"{WRITTEN}\n\n{text}" for text in with_it]
    return "\n\n".join([days, *([told] if told else []), *typed, talk, f"--\n{STOP}\n{ending}\n"])
