"""The named rows behind each number: a condition says which students it counts and which fact put each of them there.

A number on a page is the length of the list that `rows_of` gives, so the two can never differ.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from reports.dashboards.facts import StudentFacts
from reports.dashboards.selectors import Open, Step
from tutoring.attendance.statistics import Figure

A_DAY = dt.timedelta(days=1)
LOWER_IN = 2  # subjects: as on Today, one alone says too little
ENOUGH_SESSIONS = 20  # two school weeks; a percentage of fewer says too little to be called new


@dataclass(frozen=True)
class Row:
    """One line of a list: the student and the sentence that says why it stands here."""

    facts: StudentFacts
    why: str


@dataclass(frozen=True)
class Condition:
    """`why` gives the sentences of one student: none where it does not apply, several where the list counts steps."""

    key: str
    title: str
    tab: str
    noun: str
    why: Callable[[StudentFacts], list[str]]
    order: Callable[[StudentFacts], Any] | None = None


def rows_of(condition: Condition, everybody: Iterable[StudentFacts]) -> list[Row]:
    """The rows of that list in its own order; where it has none, as the students come."""
    chosen = sorted(everybody, key=condition.order) if condition.order else everybody
    return [Row(facts, why) for facts in chosen for why in condition.why(facts)]


def plain_day(day: dt.date) -> str:
    """As one says it: 9 October; with the year when it is not this one's."""
    return f"{day.day} {day:%B}"


def attendance_words(figure: Figure) -> str:
    """The figure with the possible sessions: "93.4% of 152 sessions"."""
    if figure.attendance is None:
        return "no session was possible"
    return f"{figure.attendance:.1f}% of {figure.possible:,} sessions"


def _all(f: StudentFacts) -> list[str]:
    seen = f"last seen {plain_day(f.seen_on)}" if f.seen_on else "no 1:1 on record"
    return [f"{seen}; attendance {attendance_words(f.year)}"]


def _seen(f: StudentFacts) -> list[str]:
    if not f.promise.kept or not f.seen_on:
        return []
    often = f"{f.promise.done} times this term, last on" if f.promise.per_term > 1 else "Last seen"
    return [f"{often} {plain_day(f.seen_on)}"]


def _unseen(f: StudentFacts) -> list[str]:
    if not f.promise.owed:
        return []
    if f.promise.done and f.seen_on:
        return [f"{f.promise.done} of {f.promise.per_term} this term, last on {plain_day(f.seen_on)}"]
    return [f"Last seen {plain_day(f.seen_on)} {f.seen_on.year}" if f.seen_on else "No 1:1 on record"]


def _attendance(f: StudentFacts) -> list[str]:
    return [f"{attendance_words(f.year)}; {f.year.absent} missed"] if f.year.possible else []


def _below_90(f: StudentFacts) -> list[str]:
    return _attendance(f) if 10 * f.year.attended < 9 * f.year.possible else []


def _persistent(f: StudentFacts) -> list[str]:
    return _attendance(f) if f.year.persistent else []


def _overdue(f: StudentFacts) -> list[str]:
    return [
        f"{_name(step)} · due {plain_day(step.due_on)}, {_days_late(step.due_on, f)}"
        for step in f.overdue
        if step.due_on
    ]


def _name(step: Step) -> str:
    return f"Review of the plan: {step.text}" if step.kind == Open.REVIEW else step.text


def _days_late(day: dt.date, f: StudentFacts) -> str:
    days = (f.moment.today - day).days
    return "1 day late" if days == 1 else f"{days} days late"


def _no_comment(f: StudentFacts) -> list[str]:
    return [] if f.commented else [f"No comment for the {f.moment.term.plain_name} yet" if f.moment.term else "No term"]


def signs(f: StudentFacts) -> list[tuple[dt.date, str]]:
    """What says that somebody should have a word: (day since when, sentence). Of what is overdue the earliest that
    nobody has spoken since; nothing about safeguarding, of which no dashboard knows.
    """
    found = []
    if f.fortnight.absent >= 4:
        found.append((f.moment.fortnight_start, f"missed {f.fortnight.absent} of {f.fortnight.possible} sessions"))
    if f.conduct.sanctions >= 2 and f.conduct.sanctioned_on and f.conduct.sanctioned_on >= f.moment.fortnight_start:
        found.append((f.conduct.sanctioned_on, f"{f.conduct.sanctions} sanctions in four weeks"))
    if f.fall and f.fall.subjects >= LOWER_IN:
        words = f"grades lower in {f.fall.subjects} subjects at the data drop of {plain_day(f.fall.day)}"
        found.append((f.fall.day, words))
    for step in f.overdue:
        if step.due_on and _silent_since(f, step.due_on + A_DAY):
            found.append((step.due_on + A_DAY, f"a {step.kind} overdue since {plain_day(step.due_on)}"))
            break
    return found


def _silent_since(f: StudentFacts, day: dt.date) -> bool:
    return f.spoken_on is None or f.spoken_on < day


def _open_signs(f: StudentFacts) -> list[str]:
    return [words for since, words in signs(f) if _silent_since(f, since)]


def _silence(f: StudentFacts) -> list[str]:
    open_signs = _open_signs(f)
    if not open_signs:
        return []
    last = f"last conversation {plain_day(f.spoken_on)}" if f.spoken_on else "no conversation on record"
    text = f"{'; '.join(open_signs)}; {last}"
    return [text[0].upper() + text[1:]]


def _new(f: StudentFacts) -> list[str]:
    """What was not so a week ago. Absence is counted by whole weeks: it is new against the week before last."""
    found = []
    if f.year.persistent and f.before.possible >= ENOUGH_SESSIONS and not f.before.persistent:
        found.append(f"now persistently absent: {attendance_words(f.year)}")
    found += _newly_overdue([s for s in f.overdue if s.due_on and s.due_on >= f.moment.week_ago])
    text = "; ".join(found)
    return [text[0].upper() + text[1:]] if text else []


def _newly_overdue(late: list[Step]) -> list[str]:
    """One sentence for the steps and one for the reviews among them."""
    found = []
    for noun, is_review in (("step", False), ("review", True)):
        due = [s.due_on for s in late if s.due_on and (s.kind == Open.REVIEW) is is_review]
        if due:
            things = f"a {noun} has" if len(due) == 1 else f"{len(due)} {noun}s have"
            days = " and ".join(dict.fromkeys(plain_day(day) for day in due))
            found.append(f"{things} become overdue (due {days})")
    return found


def _going_well(f: StudentFacts) -> list[str]:
    full = f.month.possible >= ENOUGH_SESSIONS and not f.month.absent and not f.month.late
    if not full or f.conduct.sanctions or f.conduct.rewards < 2:
        return []
    return [f"Four weeks without an absence or a late mark, and {f.conduct.rewards} rewards"]


def _most_signs_first(f: StudentFacts) -> tuple[int, dt.date, str]:
    """Then whoever was spoken to longest ago."""
    return (-len(_open_signs(f)), f.spoken_on or dt.date.min, f.student.sort_name)


def _lowest_first(f: StudentFacts) -> tuple[float, str]:
    return (f.year.attendance if f.year.attendance is not None else 101.0, f.student.sort_name)


def _longest_first(f: StudentFacts) -> tuple[dt.date, str]:
    return (f.seen_on or dt.date.min, f.student.sort_name)


def _latest_due(f: StudentFacts) -> tuple[dt.date, str]:
    return (f.overdue[0].due_on or dt.date.max if f.overdue else dt.date.max, f.student.sort_name)


CONDITIONS = {
    condition.key: condition
    for condition in (
        Condition("all", "Everyone", "Everyone", "student", _all),
        Condition("seen", "Seen 1:1 this term", "Seen", "student", _seen),
        Condition("unseen", "Not seen 1:1 this term", "Not seen", "student", _unseen, _longest_first),
        Condition("attendance", "Attendance, lowest first", "Attendance", "student", _attendance, _lowest_first),
        Condition("below-90", "Attendance below 90%", "Below 90%", "student", _below_90, _lowest_first),
        Condition("persistent", "Persistently absent", "Persistently absent", "student", _persistent, _lowest_first),
        Condition("overdue", "Overdue steps and reviews", "Overdue", "item", _overdue, _latest_due),
        Condition("no-comment", "No comment for this term’s report", "No comment", "student", _no_comment),
        Condition(
            "silence", "In trouble, not spoken to since", "Not spoken to since", "student", _silence, _most_signs_first
        ),
        Condition("new", "New since last week", "New", "student", _new),
        Condition("going-well", "Going well", "Going well", "student", _going_well, lambda f: -f.conduct.rewards),
    )
}


def number_of(key: str, everybody: Iterable[StudentFacts]) -> int:
    """How many rows that list has."""
    return len(rows_of(CONDITIONS[key], everybody))
