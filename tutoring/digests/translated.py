"""The same mail in the language somebody at home reads best; the English of `letters` stays below it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from students.languages import Words, in_both, words_of
from tutoring.digests.enums import Part
from tutoring.digests.letters import Facts, Line, body_of, rewards_named, subject_of


@dataclass(frozen=True)
class Written:
    """A mail as it goes. `own` are its words in their language; "" and no HTML where that is English."""

    subject: str
    plain: str
    html: str = ""
    own: str = ""


def written(facts: Facts, lines: Iterable[Line], stop: str, language: str, with_it: Iterable[str] = ()) -> Written:
    """The whole mail; `with_it` are messages of praise that go with it, as somebody typed them."""
    lines, with_it = list(lines), list(with_it)
    english = body_of(facts, lines, stop, with_it)
    words = words_of(language)
    if words is None:
        return Written(subject_of(facts), english)
    own = _own(words, facts, [line.part for line in lines if not line.left_out], stop, with_it)
    subject = f"{words.say('subject', forename=facts.forename)} / {subject_of(facts)}"
    return Written(subject, *in_both(words, subject, own, english), own)


def _own(words: Words, facts: Facts, parts: list[Part], stop: str, with_it: list[str]) -> str:
    days = words.say("days", first=words.day(facts.first), last=words.day(facts.last))
    told = [f"- {_line(words, facts, part)}" for part in parts]
    quoted = [words.say("quoted")] if {Part.REWARDS, Part.STEP} & set(parts) else []
    typed = [words.say("typed"), *with_it] if with_it else []
    talk = words.say("talk", whom=facts.tutor) if facts.tutor else words.say("talk_school")
    ending = f"{words.say('stop_here')}\n{stop}" if stop else words.say("stop_by_word")
    paragraphs = [
        days,
        "\n".join(told),
        *quoted,
        *typed,
        f"{talk}\n{facts.school}",
        f"--\n{words.say('stop')}\n{ending}",
    ]
    return "\n\n".join(part for part in paragraphs if part) + "\n"


def _line(words: Words, facts: Facts, part: Part) -> str:
    """One line with the same facts as its English."""
    match part:
        case Part.REWARDS:
            return words.say("rewards", number=sum(facts.rewards.values()), named=rewards_named(facts))
        case Part.NEWS:
            return words.say("news", number=facts.news)
        case Part.ATTENDANCE:
            figure = facts.figure
            rate = f"{figure.attendance:.0f}"
            return words.say("attendance", attended=figure.attended, possible=figure.possible, rate=rate)
        case Part.STEP:
            return _step(words, facts.step.rstrip("."), facts.forename, facts.step_by)


def _step(words: Words, step: str, forename: str, by: dt.date | None) -> str:
    if by is None:
        return words.say("step", step=step, forename=forename)
    return words.say("step_by", step=step, forename=forename, date=words.day(by))
