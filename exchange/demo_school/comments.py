"""The tutor's comment for a term: what the story says of it, then what the figures and grades of that term show."""

import datetime as dt

from exchange.demo_school import bank
from exchange.demo_school.curriculum import spoken
from exchange.demo_school.marks import Register
from exchange.demo_school.people import Pupil
from exchange.demo_school.progress import Result
from exchange.demo_school.school_year import Calendar, TermDates


def comment_of(
    pupil: Pupil, calendar: Calendar, term: TermDates, register: Register, results: list[Result]
) -> tuple[str, dt.date] | None:
    """(text, day of writing) for that term; None where the pupil was not here or the tutor has not got to it."""
    chance, now = pupil.chance, term is calendar.current
    begins, ends = _span(calendar, term)
    possible, _missed = register.figure(begins, ends)
    unwritten = now and not pupil.story.comments_alone and chance.random() >= pupil.group.written
    if possible < 20 or unwritten:
        return None
    texts = bank.read("comments")
    own = pupil.story.comments.get("current" if now else "before") or tuple(texts["opening"])
    parts = [chance.choice(own)]
    if not pupil.story.comments_alone:
        parts += [_progress(pupil, results, term), _attendance(pupil, register, (begins, ends), texts)]
        parts += [chance.choice(texts["closing"])] if chance.random() < 0.6 else []
    back = chance.randrange(1, 9) if now else chance.randrange(4, 15)
    last = calendar.days[min(ends // 2, len(calendar.days)) - 1]
    sentences = [part.format_map(pupil.words) for part in parts if part]
    text = " ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences)
    return text, last - dt.timedelta(days=back)


def _span(calendar: Calendar, term: TermDates) -> tuple[int, int]:
    """The term's sessions in the calendar, as first and one after the last."""
    inside = [n for n, day in enumerate(calendar.days) if term.starts_on <= day <= term.ends_on]
    return 2 * inside[0], 2 * inside[-1] + 2


def _progress(pupil: Pupil, results: list[Result], term: TermDates) -> str:
    """What moved since the drop before, or what stands out in this one."""
    chance, texts = pupil.chance, bank.read("comments")
    these = {r.subject: r for r in results if r.term is term}
    earlier = {r.subject: r for r in results if r.term.starts_on < term.starts_on}
    up = [
        s for s, r in these.items() if s in earlier and r.letters == earlier[s].letters and r.level > earlier[s].level
    ]
    down = [
        s for s, r in these.items() if s in earlier and r.letters == earlier[s].letters and r.level < earlier[s].level
    ]
    excellent = [s for s, r in these.items() if r.effort == "Excellent"]
    for subjects, name in ((up, "up"), (excellent, "effort")):
        if subjects:
            sentence = str(chance.choice(texts[name])).replace("{subject}", spoken(chance.choice(subjects)))
            break
    else:
        sentence = str(chance.choice(texts["steady"])) if these else ""
    if down and len(down) <= 3 and chance.random() < 0.7:
        slipped = str(chance.choice(texts["down"])).replace("{subject}", spoken(chance.choice(down)))
        slipped = slipped.format_map(pupil.words)
        sentence += " " + slipped[:1].upper() + slipped[1:]
    return sentence


def _attendance(pupil: Pupil, register: Register, span: tuple[int, int], texts: dict[str, list[str]]) -> str:
    """A sentence on the term's attendance where it says something; none for a term of study leave."""
    chance, (possible, missed) = pupil.chance, register.figure(*span)
    if register.count("S", *span):
        return ""
    if missed == 0:
        return chance.choice(texts["full"])
    if 10 * missed >= possible:
        return chance.choice(texts["low"]).replace("{days}", _days(missed))
    if 25 * missed > possible or chance.random() >= 0.6:
        return ""
    return chance.choice(texts["good"] if register.count("LU", *span) > 2 else texts["punctual"])


def _days(missed: int) -> str:
    whole, half = divmod(missed, 2)
    return f"{whole}½ days" if half else f"{whole} days"
