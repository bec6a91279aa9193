"""Who needs a tutor first, and why: pure rules over facts already read, the same answer every time.

No special educational need, pupil premium, language, looked-after or safeguarding fact is an input, and nothing
follows from the order by itself: it only says where to look first. Points after the published evidence where there is
some (absence, behaviour, course grades); unseen students and overdue steps are matters of process.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from core.ids import UUID
from tutoring.attendance.notice import THRESHOLD
from tutoring.attendance.statistics import Figure
from tutoring.sessions.owed import Promise

BUILDING_A_PICTURE = 40  # possible sessions below which a percentage says too little
NOTICE_WATCH = 6  # unauthorised sessions in ten school weeks; ten is the national threshold


class Sign(StrEnum):
    """How loud a chip is; each goes with a word, never with colour alone."""

    RED = "r"
    AMBER = "a"
    GOOD = "g"


@dataclass(frozen=True)
class Rule:
    """One reason to come first: its points, and the sentence on the page that explains the order."""

    points: int
    words: str


RULES = {
    "severe": Rule(40, "Half or more of the possible sessions this school year missed"),
    "very_low": Rule(30, "A fifth or more of the possible sessions this school year missed"),
    "persistent": Rule(20, "A tenth or more of the possible sessions this school year missed (attendance 90% or less)"),
    "dropped": Rule(12, "Attendance in the last three weeks at least 5 points below the weeks before"),
    "at_risk": Rule(10, "Between 5% and 10% of possible sessions missed"),
    "dropped_far": Rule(20, "Attendance in the last three weeks at least 15 points below the weeks before"),
    "notice": Rule(10, f"{NOTICE_WATCH} or more unauthorised sessions within ten school weeks"),
    "notice_met": Rule(
        20, f"{THRESHOLD} or more unauthorised sessions within ten school weeks: the school must consider a notice"
    ),
    "sanctions": Rule(12, "Three or more sanctions in the last two weeks; one or two count 4 each"),
    "unseen": Rule(
        10, "Not seen as often this term as promised; one more point for each week since the last 1:1, up to 5 more"
    ),
    "overdue": Rule(7, "An agreed step is overdue; counts once more when it is two weeks late"),
    "down": Rule(12, "A grade lower than at the data drop before in two subjects or more"),
    "below": Rule(8, "Working below target in three subjects or more"),
}


@dataclass(frozen=True)
class Facts:
    """What is known about one student today. None stands for "not known" or "not for this reader"."""

    student_id: UUID
    name: str
    year: Figure | None = None
    recent: Figure | None = None
    before: Figure | None = None
    notice: int = 0
    seen_known: bool = True
    last_seen: dt.date | None = None
    promise: Promise = field(default_factory=Promise)  # of this term
    home_known: bool = True
    home_contacted: dt.date | None = None
    overdue_since: dt.date | None = None
    overdue_text: str = ""
    sanctions: tuple[str, ...] = ()
    rewards: int = 0
    below: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    up: tuple[str, ...] = ()


A_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Chip:
    """A short word beside a name."""

    sign: Sign
    text: str


@dataclass
class Priority:
    """One line of the list: how much it weighs, the chips and the sentences."""

    facts: Facts
    points: int = 0
    chips: list[Chip] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def add(self, rule: str, *, points: int | None = None, chip: Chip | None = None, reason: str = "") -> None:
        """Count a rule, with its chip and its sentence."""
        self.points += RULES[rule].points if points is None else points
        if chip:
            self.chips.append(chip)
        if reason:
            self.reasons.append(reason)

    @property
    def sentence(self) -> str:
        """The reasons as one line of plain words."""
        return "; ".join(self.reasons)[:1].upper() + "; ".join(self.reasons)[1:] + "." if self.reasons else ""


def ordered(everybody: Iterable[Facts], *, today: dt.date, term_start: dt.date) -> list[Priority]:
    """Those with at least one reason, heaviest first; equal weights by name."""
    weighed = [weigh(facts, today=today, term_start=term_start) for facts in everybody]
    return sorted((p for p in weighed if p.points), key=lambda p: (-p.points, p.facts.name, str(p.facts.student_id)))


def weigh(facts: Facts, *, today: dt.date, term_start: dt.date) -> Priority:
    """All rules, applied to one student."""
    line = Priority(facts)
    _attendance(line)
    _overdue(line, today)
    _unseen(line, today, term_start)
    _behaviour(line)
    _course(line)
    _just_seen(line, today)
    if line.points and facts.home_known and not facts.home_contacted and facts.year and facts.year.persistent:
        line.reasons.append("home not yet contacted this term")
    return line


def _just_seen(line: Priority, today: dt.date) -> None:
    """Whoever was seen in the last week counts half, so that the list moves on with the day's work."""
    last = line.facts.last_seen
    if line.points and line.facts.seen_known and last and today - last < A_WEEK:
        line.points = (line.points + 1) // 2
        line.chips.append(Chip(Sign.GOOD, "Seen today" if last == today else "Seen this week"))


def _attendance(line: Priority) -> None:
    facts, year = line.facts, line.facts.year
    if year and year.attendance is not None and year.possible >= BUILDING_A_PICTURE:
        if year.severe:
            line.add("severe", chip=Chip(Sign.RED, f"Attendance {year.attendance:.1f}%"))
        elif 5 * year.absent >= year.possible:
            line.add("very_low", chip=Chip(Sign.RED, f"Attendance {year.attendance:.1f}%"))
        elif year.persistent:
            line.add("persistent", chip=Chip(Sign.RED, f"Attendance {year.attendance:.1f}%"))
        elif 20 * year.absent >= year.possible:
            line.add("at_risk", chip=Chip(Sign.AMBER, f"Attendance {year.attendance:.1f}%"))
    drop = points_dropped(facts.recent, facts.before)
    if drop >= 5:
        line.add(
            "dropped_far" if drop >= 15 else "dropped", reason=f"attendance dropped {drop:.1f} points in three weeks"
        )
    if facts.notice >= NOTICE_WATCH:
        line.add(
            "notice_met" if facts.notice >= THRESHOLD else "notice",
            reason=f"{facts.notice} unauthorised sessions in ten school weeks",
        )


def points_dropped(recent: Figure | None, before: Figure | None) -> float:
    """Percentage points between the weeks before and the last three; 0 where either says too little."""
    if not recent or not before or recent.possible < 10 or before.possible < 20:
        return 0.0
    return max(0.0, (before.attendance or 0.0) - (recent.attendance or 0.0))


def _overdue(line: Priority, today: dt.date) -> None:
    since = line.facts.overdue_since
    if not since:
        return
    days = (today - since).days
    points = RULES["overdue"].points * (2 if days > 14 else 1)
    words = f"Step overdue {days} day{'' if days == 1 else 's'}"
    line.add("overdue", points=points, chip=Chip(Sign.AMBER, words), reason=f"agreed: {line.facts.overdue_text}")


def _unseen(line: Priority, today: dt.date, term_start: dt.date) -> None:
    last = line.facts.last_seen
    if not line.facts.seen_known:
        return
    if line.facts.promise.owed:
        weeks = (today - (last or term_start)).days // 7
        chip = Chip(Sign.AMBER, _times(line.facts.promise))
        reason = f"last 1:1 was {last.day} {last:%B}" if last else "no 1:1 in the last year"
        line.add("unseen", points=RULES["unseen"].points + min(5, max(0, weeks)), chip=chip, reason=reason)
    elif line.points and last:
        line.reasons.append(f"last 1:1 was {last.day} {last:%B}")


def _times(promise: Promise) -> str:
    return f"{promise.done} of {promise.per_term} 1:1s this term" if promise.done else "No 1:1 this term"


def _behaviour(line: Priority) -> None:
    sanctions = line.facts.sanctions
    if not sanctions:
        return
    points = RULES["sanctions"].points if len(sanctions) >= 3 else 4 * len(sanctions)
    kinds = list(dict.fromkeys(sanctions))
    of_what = f": {kinds[0]}" if len(kinds) == 1 else f": {', '.join(kinds[:3])}"
    number = {1: "one sanction", 2: "two sanctions"}.get(len(sanctions), f"{len(sanctions)} sanctions")
    line.add("sanctions", points=points, reason=f"{number} in the last two weeks{of_what}")


def _course(line: Priority) -> None:
    below, down = line.facts.below, line.facts.down
    if len(below) >= 3:
        line.add("below", chip=Chip(Sign.AMBER, f"Working below target in {len(below)} subjects"))
    if len(down) >= 2:
        line.add("down", reason=f"{_moved(down)} down since the last data drop")


def _moved(subjects: tuple[str, ...]) -> str:
    """Up to three subjects by name, more as a number."""
    if len(subjects) > 3:
        return f"grades in {len(subjects)} subjects"
    return " and ".join([", ".join(subjects[:-1]), subjects[-1]]) if len(subjects) > 1 else subjects[0]


def going_well(everybody: Iterable[Facts], first: Iterable[Priority], *, limit: int = 2) -> list[Priority]:
    """One or two worth a positive call home: no session missed or late for three weeks, and something to praise.

    Nobody of `first`, who need somebody: one name is never said to be both.
    """
    needing = {line.facts.student_id for line in first}
    good = [facts for facts in everybody if facts.student_id not in needing and _praiseworthy(facts)]
    good.sort(key=lambda f: (f.home_contacted or dt.date.min, -f.rewards - 2 * len(f.up), f.name, str(f.student_id)))
    return [_praise(facts) for facts in good[:limit]]


def _praiseworthy(facts: Facts) -> bool:
    recent = facts.recent
    full = recent and recent.possible >= 20 and recent.absent == 0 and recent.late == 0
    return bool(full and not facts.sanctions and not facts.overdue_since and (facts.rewards >= 2 or len(facts.up) >= 2))


def _praise(facts: Facts) -> Priority:
    line = Priority(facts, chips=[Chip(Sign.GOOD, "Going well")])
    line.reasons.append("three weeks without an absence or a late mark")
    if facts.rewards:
        line.reasons.append(f"{facts.rewards} reward{'s' if facts.rewards > 1 else ''} in the last two weeks")
    if facts.up:
        line.reasons.append(f"{_moved(facts.up)} up since the last data drop")
    line.reasons.append("worth a positive call home")
    return line
