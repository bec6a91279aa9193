"""The entitlement clock: who has been seen as often as the school promises, who will not be, whom to see next.

Pure rules over facts already read; the same answer every time. Nothing here compares members of staff.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate

from core.ids import UUID
from tutoring.sessions.owed import Promise

SUGGESTED = 3
# How much longer a quiet student seems to have waited: enough to come up, never enough to keep others waiting.
QUIET_LIFT = dt.timedelta(weeks=3)


class Standing(StrEnum):
    """Where one student stands this term; each goes with its word."""

    SEEN = "seen"
    BOOKED = "booked"
    REFUSED = "refused"
    MISSED = "missed"
    NOT_YET = "not_yet"
    EXEMPT = "exempt"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Standing.SEEN: "Seen",
    Standing.BOOKED: "Booked",
    Standing.REFUSED: "Refused",
    Standing.MISSED: "Missed it",
    Standing.NOT_YET: "Not yet",
    Standing.EXEMPT: "Exempt",
}


@dataclass(frozen=True)
class Turn:
    """What is known of one student this term. `last`: last day seen within a year; `ahead`: the days booked to come.

    `present`: in school today; None where no register tells. `quiet`: nothing noted by anybody for some weeks.
    """

    student_id: UUID
    name: str
    done: int = 0
    last: dt.date | None = None
    ahead: tuple[dt.date, ...] = ()
    missed: int = 0
    refused: int = 0
    exempt: str = ""
    present: bool | None = None
    quiet: bool = False

    @property
    def turns(self) -> int:
        """How often it was their turn this term: seen, or asked in vain."""
        return self.done + self.missed + self.refused

    @property
    def booked(self) -> dt.date | None:
        """The next day booked."""
        return min(self.ahead, default=None)

    def promise(self, per_term: int) -> Promise:
        return Promise(per_term, self.done, self.exempt)

    def wanting(self, per_term: int) -> int:
        """How many 1:1s are still owed; none to the exempt."""
        return self.promise(per_term).wanting

    def to_book(self, per_term: int) -> int:
        """How many of those owed are not booked; 0 or less where all are."""
        return self.wanting(per_term) - len(self.ahead)

    def standing(self, per_term: int) -> Standing:
        """The one word for it; what is to come goes before what went wrong."""
        if self.exempt:
            return Standing.EXEMPT
        if self.promise(per_term).kept:
            return Standing.SEEN
        if self.booked:
            return Standing.BOOKED
        if self.refused:
            return Standing.REFUSED
        return Standing.MISSED if self.missed else Standing.NOT_YET


@dataclass(frozen=True)
class Days:
    """School days of the term: those gone (today among them), those left after today, and its last day."""

    gone: int
    left: int
    last: dt.date | None


@dataclass(frozen=True)
class Suggestion:
    """Somebody to see next, and why."""

    turn: Turn
    reasons: list[str]

    @property
    def sentence(self) -> str:
        words = ", ".join(self.reasons)
        return words[:1].upper() + words[1:]


@dataclass
class Clock:
    """Some students together: a tutor group, a caseload."""

    turns: list[Turn]
    per_term: int
    days: Days
    counts: Counter[Standing] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = Counter(turn.standing(self.per_term) for turn in self.turns)

    @property
    def entitled(self) -> int:
        """To how many the promise was made."""
        return len(self.turns) - self.counts[Standing.EXEMPT]

    @property
    def seen(self) -> int:
        return self.counts[Standing.SEEN]

    @property
    def left(self) -> int:
        """Not yet seen as often as promised."""
        return self.entitled - self.seen

    @property
    def will_be_missed(self) -> int | None:
        """How many, at the present pace, will not have been seen as often as promised; None on the first day of a term.

        Pace: 1:1s of the promise held for each school day gone; those to come go first to whom least is wanting. Whole
        students only, and no fewer than have all that is wanting booked.
        """
        if self.days.gone == 0:
            return None
        held = sum(min(turn.done, self.per_term) for turn in self.turns if not turn.exempt)
        to_come = held * self.days.left // self.days.gone
        wanting = sorted(filter(None, (turn.wanting(self.per_term) for turn in self.turns)))
        at_this_pace = sum(needed <= to_come for needed in accumulate(wanting))
        booked = sum(turn.wanting(self.per_term) > 0 >= turn.to_book(self.per_term) for turn in self.turns)
        return self.left - max(at_this_pace, booked)

    @property
    def forecast(self) -> str:
        """In one sentence."""
        missed = self.will_be_missed
        if not self.turns or missed is None or self.days.last is None:
            return ""
        if not self.left:
            return f"Everybody has been seen{self._so_often}."
        by = f"by {self.days.last.day} {self.days.last:%B}"
        if not missed:
            return f"At this pace everybody will have been seen{self._so_often} {by}."
        return f"At this pace {missed} of {self.entitled} {self.will_miss} {by}."

    @property
    def will_miss(self) -> str:
        """What will happen to them, in words."""
        return "will be missed" if self.per_term == 1 else f"will not be seen{self._so_often}"

    @property
    def _so_often(self) -> str:
        return "" if self.per_term == 1 else f" {self.per_term} times"

    def next_to_see(self, today: dt.date, *, most: int = SUGGESTED) -> list[Suggestion]:
        """Whom to see next: whoever has had fewest turns this term, longest unseen first, quiet students lifted.

        Never somebody marked away today, already booked, or exempt. Nobody waits for ever: whoever is seen goes to
        the back, and so does who missed it or did not want to come, because the number of turns this term comes
        before everything else. They come again when the others have had as many, or all they were promised.
        """
        waiting = [t for t in self.turns if t.standing(self.per_term) in WAITING and t.present is not False]
        return [Suggestion(turn, _reasons(turn, today)) for turn in sorted(waiting, key=_turn_order)[:most]]


WAITING = {Standing.NOT_YET, Standing.MISSED, Standing.REFUSED}


def _turn_order(turn: Turn) -> tuple[int, dt.date, str, str]:
    since = turn.last or dt.date.min + QUIET_LIFT
    return turn.turns, since - QUIET_LIFT if turn.quiet else since, turn.name, str(turn.student_id)


def _reasons(turn: Turn, today: dt.date) -> list[str]:
    last = turn.last
    found = [f"last 1:1 on {last.day} {last:%B}{_year(last, today)}" if last else "no 1:1 in the last year"]
    if turn.missed and not turn.refused:
        found.append("missed the last one")
    if turn.refused:
        found.append("did not want to come last time")
    if turn.quiet:
        found.append("quiet: nothing noted by anybody for weeks")
    if turn.present:
        found.append("in today")
    return found


def _year(day: dt.date, today: dt.date) -> str:
    return "" if day.year == today.year else f" {day.year}"
