"""What was said and agreed: the scenes of a pupil's story and everyday 1:1s, set on days that fit the registers."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass, field

from accounts.enums import Role
from exchange.demo_school.facts import LASTING, OF_THE_DAY, facts_by_day, facts_of, figures_on
from exchange.demo_school.identifiers import Keys
from exchange.demo_school.marks import ABSENT, NOT_POSSIBLE, Register
from exchange.demo_school.people import Colleague, Pupil
from exchange.demo_school.progress import Result
from exchange.demo_school.school_year import Calendar
from exchange.demo_school.staffing import Staff
from exchange.demo_school.stories import WEEKDAYS, Scene, Step, everyday_scenes

# One pupil in this many has slipped through: nobody has sat down with them in either term.
UNSEEN = 15
PRIVATE, SCHOOLWORK = {"home", "friendships"}, {"progress", "next_steps", "attendance"}
EARLIER = 12
MINUTES = (10, 15, 15, 20, 20, 25, 30)
# A step forgotten longer ago than this was closed at some review.
FORGIVEN_AFTER = dt.timedelta(days=24)


FIGURES = re.compile(r"\{(attendance|missed|lates)\}", re.IGNORECASE)


@dataclass(slots=True)
class Agreed:
    """A next step and what became of it."""

    text: str
    owner: str
    staff: Colleague | None
    due_on: dt.date
    done_on: dt.date | None
    outcome: str


@dataclass(slots=True)
class Conversation:
    """One record of a conversation with its steps."""

    id: uuid.UUID
    submission: uuid.UUID
    author: Colleague
    scene: Scene
    day: dt.date
    minutes: int | None
    happened: str
    words: str
    wellbeing: int | None
    named: list[Colleague]
    for_report: bool
    steps: list[Agreed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Telling:
    """All that a conversation with this pupil may draw on."""

    pupil: Pupil
    calendar: Calendar
    register: Register
    staff: Staff
    keys: Keys
    facts: frozenset[str]
    facts_by_day: list[frozenset[str]]
    taken: set[dt.date] = field(default_factory=set)


def conversations_of(
    pupil: Pupil, calendar: Calendar, register: Register, results: list[Result], staff: Staff, keys: Keys
) -> list[Conversation]:
    """Every conversation with or about the pupil, earliest first."""
    telling = Telling(
        pupil, calendar, register, staff, keys, facts_of(pupil, calendar, results), facts_by_day(calendar, register)
    )
    chance = pupil.chance
    scenes = [
        s for s in pupil.story.scenes if (telling.facts | OF_THE_DAY).issuperset(s.needs) and chance.random() < s.chance
    ]
    told = [c for scene in scenes if (c := _tell(scene, telling))]
    if pupil.story.everyday and pupil.number % UNSEEN:
        told += _everyday(telling, told)
    return sorted(told, key=lambda c: c.day)


def _fits(scene: Scene, telling: Telling, day: dt.date) -> bool:
    """Whether the scene suits the pupil as they were on that day; facts are today's, so only some hold for the past."""
    calendar = telling.calendar
    term = calendar.term_of(day)
    year = telling.pupil.year - (calendar.current.year - term.year)
    known = telling.facts if term is calendar.current else telling.facts & LASTING
    return year in scene.years and term.name in scene.terms and (known | OF_THE_DAY).issuperset(scene.needs)


def _everyday(telling: Telling, told: list[Conversation]) -> list[Conversation]:
    """The 1:1s and calls any tutor has: most pupils once a term, some tutors more faithfully than others."""
    pupil, calendar, chance = telling.pupil, telling.calendar, telling.pupil.chance
    # Where a story speaks of absence in its own words, the everyday words would only repeat it.
    pool = [scene for scene in everyday_scenes() if not (told and "below 90" in scene.needs)]
    chance.shuffle(pool)
    pool.sort(key=lambda scene: "below 90" not in scene.needs)  # what cannot wait is talked about first
    worrying = "below 90" in telling.facts_by_day[-1]
    boundary = sum(1 for week in calendar.weeks if week[-1] >= calendar.current.starts_on)
    now, before = (boundary - 1, 0), (len(calendar.weeks) - 1, boundary)
    found: list[Conversation] = []
    for span, share in ((now, max(pupil.group.seen, 0.8 * worrying)), (before, 0.8)):
        already = any(
            span[1] <= calendar.weeks_ago[calendar.index[c.day]] <= span[0] for c in told if c.scene.kind != "call_home"
        )
        ring = 0.75 if worrying and span is now and not already else 0.13
        for kind, odds in (("one_to_one", 0.12 if already else share), ("one_to_one", 0.14), ("call_home", ring)):
            if chance.random() < odds and (conversation := _first_that_fits(kind, pool, telling, span)):
                found.append(conversation)
    return found


def _first_that_fits(kind: str, pool: list[Scene], telling: Telling, span: tuple[int, int]) -> Conversation | None:
    """The first scene of that kind that finds a day, taken out of the pool."""
    first_day = telling.calendar.weeks[span[0]][-1]
    for scene in pool:
        if scene.kind == kind and _fits(scene, telling, first_day) and (conversation := _tell(scene, telling, span)):
            pool.remove(scene)
            return conversation
    return None


def _tell(scene: Scene, telling: Telling, span: tuple[int, int] | None = None) -> Conversation | None:
    """The scene as it happened, or None where no day fits."""
    pupil, chance = telling.pupil, telling.pupil.chance
    day = _day_for(scene, span or scene.weeks, telling)
    if day is None and span is None:
        # Off school or on leave all that week: it was said earlier.
        day = _day_for(scene, (scene.weeks[0] + EARLIER, scene.weeks[1]), telling)
    if day is None:
        return None
    telling.taken.add(day)
    author = _author(scene, telling, day)
    wellbeing = chance.randint(*scene.wellbeing) if scene.wellbeing else None
    at_home = scene.kind == "call_home"
    minutes = scene.minutes or (chance.choice((5, 5, 10, 10, 15)) if at_home else chance.choice(MINUTES))
    spoke = scene.words and (chance.random() < 0.8 or not pupil.story.everyday)
    happened = _say(chance.choice(scene.texts), telling, day)
    words = _say(chance.choice(scene.words), telling, day) if spoke else ""
    named = [leader for leader in pupil.house.leaders[:1] if scene.confidentiality == "named" and leader is not author]
    conversation = Conversation(
        telling.keys.new(),
        telling.keys.new(),
        author,
        scene,
        day,
        minutes,
        happened,
        words,
        wellbeing,
        named,
        _may_go_home(scene, pupil),
    )
    conversation.steps = [_agree(step, telling, conversation) for step in scene.steps]
    return conversation


def _may_go_home(scene: Scene, pupil: Pupil) -> bool:
    """Whether the student was happy for it to be on the report: often for schoolwork, not for private things."""
    if scene.report is not None:
        return scene.report
    private = scene.kind != "one_to_one" or scene.confidentiality == "named" or PRIVATE & {*scene.topics}
    return bool(SCHOOLWORK & {*scene.topics}) and not private and pupil.chance.random() < 0.6


def _day_for(scene: Scene, span: tuple[int, int], telling: Telling) -> dt.date | None:
    """A school day in that span of weeks on which the pupil was in; for a call or meeting any day on roll will do."""
    calendar, register = telling.calendar, telling.register
    weeks = calendar.weeks[span[1] : span[0] + 1]
    days = [day for week in weeks for day in week if telling.pupil.on_roll(day)]
    if scene.day:
        days = [day for day in days if day.weekday() == WEEKDAYS.index(scene.day)] or days
    if scene.kind == "one_to_one":
        out = ABSENT | NOT_POSSIBLE
        days = [d for d in days if d not in telling.taken and register.code(2 * calendar.index[d]) not in out]
    if wanted := OF_THE_DAY.intersection(scene.needs):
        days = [day for day in days if telling.facts_by_day[calendar.index[day]] >= wanted]
    return telling.pupil.chance.choice(days) if days else None


def _author(scene: Scene, telling: Telling, day: dt.date) -> Colleague:
    pupil, staff = telling.pupil, telling.staff
    specialists = {
        "senco": Role.SENCO, "attendance": Role.ATTENDANCE_OFFICER, "dsl": Role.DSL, "head": Role.HEADTEACHER,
    }  # fmt: skip
    if scene.by in specialists:
        return staff.first(specialists[scene.by])
    if scene.by == "one to one" and pupil.one_to_one:
        return pupil.one_to_one
    if scene.by == "mentor" and pupil.mentor:
        return pupil.mentor
    # The tutor whom a Year 12 student had in Year 11 has gone back to Year 7; the house goes on.
    if scene.by == "head of house" or (pupil.year == 12 and day < telling.calendar.year_starts_on):
        return pupil.house.leaders[0]
    return pupil.group.tutor


def _say(text: str, telling: Telling, day: dt.date) -> str:
    if "{" not in text:
        return text
    calendar, pupil = telling.calendar, telling.pupil
    words = pupil.words if calendar.term_of(day) is calendar.current else pupil.earlier_words
    return text.format_map(words | (figures_on(calendar, telling.register, day) if FIGURES.search(text) else {}))


def _agree(step: Step, telling: Telling, conversation: Conversation) -> Agreed:
    calendar, chance = telling.calendar, telling.pupil.chance
    due = calendar.school_day_from(conversation.day + dt.timedelta(days=step.days))
    fate = step.fate or _fate(due, telling)
    done_on, outcome = None, ""
    if fate == "done":
        finished = calendar.school_day_until(due - dt.timedelta(days=chance.choice((0, 0, 1, 2, 3))))
        done_on = max(conversation.day, finished)
        outcome = chance.choice(step.outcomes) if step.outcomes else ""
    elif fate == "open" and step.fate and step.outcomes:
        outcome = chance.choice(step.outcomes)
    if fate == "overdue" and due >= calendar.last_day:
        due = calendar.days[-6:][0]
    staff = conversation.author if step.owner == "staff" else None
    day = conversation.day
    return Agreed(
        _say(chance.choice(step.texts), telling, day), step.owner, staff, due, done_on, _say(outcome, telling, day)
    )


def _fate(due: dt.date, telling: Telling) -> str:
    last, chance = telling.calendar.last_day, telling.pupil.chance
    if due > last:
        return "open"
    forgotten = last - due < FORGIVEN_AFTER and chance.random() < 0.14
    return "overdue" if forgotten else "done"
