"""One question to open a 1:1 with: plain rules over a few facts, strengths first, the same answer every time.

No special educational need, pupil premium, language, looked-after or safeguarding fact is an input, and no free text:
what somebody wrote may be about one of those. It stands on the sheet beside the question, for the tutor to read.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """What the reader may know of the time since last time; what they may not know is left as if there were none."""

    kept: int = 0  # own steps done since last time
    up: tuple[str, ...] = ()  # subjects with a grade above the last data drop's
    rewards: int = 0
    always_here: bool = False
    steadier: bool = False
    best_effort: tuple[str, ...] = ()
    said: bool = False  # words of their own stand from last time
    to_do: int = 0  # own steps still open
    met: bool = False


@dataclass(frozen=True)
class Question:
    """What to ask, and why this."""

    ask: str
    why: str


@dataclass(frozen=True)
class Rule:
    """One line of the table: when it holds, what it asks, what the page says about why."""

    holds: Callable[[Known], bool]
    ask: Callable[[Known], str]
    why: str


# The first that holds is asked: what went well, then what was said, then what is still to do.
RULES: tuple[Rule, ...] = (
    Rule(
        lambda k: k.kept > 0,
        lambda k: "You did what we agreed. What helped you do it?",
        "An agreed step of their own is done since last time.",
    ),
    Rule(
        lambda k: bool(k.up),
        lambda k: f"Your grade has gone up in {_named(k.up)}. What did you do differently?",
        "A grade is higher than at the data drop before.",
    ),
    Rule(
        lambda k: k.rewards >= 2,
        lambda k: f"You have had {k.rewards} rewards {'since we met' if k.met else 'this term'}. Which meant most?",
        "Two rewards or more since last time.",
    ),
    Rule(
        lambda k: k.always_here,
        lambda k: "You have been here every time. What keeps you going?",
        "No possible session was missed since last time.",
    ),
    Rule(
        lambda k: k.steadier,
        lambda k: "You have been in more than before. What has made that possible?",
        "Attendance is at least 5 points above the weeks before.",
    ),
    Rule(
        lambda k: bool(k.best_effort),
        lambda k: f"Your teachers see real effort in {_named(k.best_effort)}. What do you enjoy about it?",
        "The highest word for effort at the last data drop.",
    ),
    Rule(
        lambda k: k.said,
        lambda k: "Last time you told us in your own words how things were. What has changed since?",
        "Their own words from last time stand on this sheet.",
    ),
    Rule(
        lambda k: k.to_do > 0,
        lambda k: "How is it going with what we agreed, and what would make it easier?",
        "A step of their own is still open.",
    ),
    Rule(
        lambda k: k.met,
        lambda k: "What has gone well since we last talked?",
        "Nothing in particular stands out, so an open question.",
    ),
)
FIRST_TIME = Question(
    "What should I know about you that school does not see?", "This is the first 1:1 that you know of."
)


def opening_question(known: Known) -> Question:
    """The question of the first rule that holds."""
    rule = next((rule for rule in RULES if rule.holds(known)), None)
    return Question(rule.ask(known), rule.why) if rule else FIRST_TIME


def _named(subjects: tuple[str, ...]) -> str:
    """Up to two subjects by name, more as the first of several."""
    if len(subjects) > 2:
        return f"{subjects[0]}, {subjects[1]} and more"
    return " and ".join(subjects)
