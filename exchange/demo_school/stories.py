"""What a story is: read from texts/stories/*.toml, it says who it may happen to and what then shows in every record.

Times in a story are school weeks before the last school day (0 is that day's own week), so that it fits every date.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from exchange.demo_school import bank

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
ALL_YEARS = tuple(range(7, 14))


@dataclass(frozen=True)
class Phase:
    """A stretch of weeks (earlier first, both included) with its own habits; None keeps the pupil's usual ones."""

    weeks: tuple[int, int]
    absence: float | None = None
    authorised: float | None = None
    late: float | None = None


@dataclass(frozen=True)
class Weekday:
    """What happens on one weekday, as chances: whole day missed, late, in after the register closed, morning missed."""

    absent: float = 0
    late: float = 0
    after_close: float = 0
    morning: float = 0
    code: str = "O"
    weeks: tuple[int, int] = (99, 0)
    comment: str = ""


@dataclass(frozen=True)
class AttendancePlan:
    """Absence is a share of days, late a share of mornings, authorised a share of the absences; None is drawn."""

    absence: float | None = None
    authorised: float | None = None
    late: float | None = None
    holidays: bool = True
    reason: str = ""
    phases: tuple[Phase, ...] = ()
    weekdays: dict[str, Weekday] = field(default_factory=dict)
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProgressPlan:
    """`gap` is grades above target at the earlier drop, `change` what is added since; effort: 0 poor to 3 excellent."""

    gap: float = -0.25
    change: float = 0
    effort: float = 2
    effort_change: float = 0
    ability: float | None = None
    subjects: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class BehaviourPlan:
    """Rewards and sanctions as entries a term; `events` are given ones: weeks, day, category, points, comment."""

    rewards: float = 7
    sanctions: float = 1
    events: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Step:
    """Something agreed. `fate` is drawn unless given: done, overdue or open."""

    texts: tuple[str, ...]
    owner: str = "student"
    days: int = 14
    outcomes: tuple[str, ...] = ()
    fate: str = ""


@dataclass(frozen=True)
class Scene:
    """One conversation of a story, with variants of its words; `report`: may it go home (None draws it)."""

    texts: tuple[str, ...]
    weeks: tuple[int, int] = (10, 0)
    day: str = ""
    chance: float = 1
    kind: str = "one_to_one"
    by: str = "tutor"
    topics: tuple[str, ...] = ("wellbeing",)
    minutes: int = 0
    wellbeing: tuple[int, int] | None = None
    words: tuple[str, ...] = ()
    confidentiality: str = "team"
    # Of a call or a visit: what news home heard.
    tone: str = "mixed"
    report: bool | None = None
    years: tuple[int, ...] = ALL_YEARS
    terms: tuple[str, ...] = ("AUT", "SPR", "SUM")
    needs: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Story:
    """One way of being a pupil here. `share` counts pupils in a thousand of its years."""

    name: str
    share: float
    years: tuple[int, ...]
    pupil: dict[str, Any]
    attendance: AttendancePlan
    progress: ProgressPlan
    behaviour: BehaviourPlan
    scenes: tuple[Scene, ...]
    comments: dict[str, tuple[str, ...]]
    caseload: bool = False
    mentor: bool = False
    everyday: bool = True
    comments_alone: bool = False

    def __repr__(self) -> str:
        return f"<Story {self.name}>"


@cache
def stories() -> tuple[Story, ...]:
    """Every story there is."""
    return tuple(_story(name.split("/")[1], bank.read(name)) for name in bank.names_in("stories"))


@cache
def everyday_scenes() -> tuple[Scene, ...]:
    """Conversations that any pupil may have."""
    return tuple(_scene(row) for row in bank.read("everyday")["scene"])


def _story(name: str, data: dict[str, Any]) -> Story:
    attendance = dict(data.get("attendance", {}))
    attendance["phases"] = tuple(Phase(**_tuples(row)) for row in attendance.get("phases", ()))
    attendance["weekdays"] = {day: Weekday(**_tuples(row)) for day, row in attendance.get("weekdays", {}).items()}
    return Story(
        name=name,
        share=data["share"],
        years=tuple(data.get("years", ALL_YEARS)),
        pupil=data.get("pupil", {}),
        attendance=AttendancePlan(**_tuples(attendance)),
        progress=ProgressPlan(**data.get("progress", {})),
        behaviour=BehaviourPlan(**_tuples(data.get("behaviour", {}))),
        scenes=tuple(_scene(row) for row in data.get("scene", ())),
        comments={when: tuple(texts) for when, texts in data.get("comments", {}).items()},
        caseload=data.get("caseload", False),
        mentor=data.get("mentor", False),
        everyday=data.get("everyday", True),
        comments_alone=data.get("comments_alone", False),
    )


def _scene(row: dict[str, Any]) -> Scene:
    steps = tuple(Step(**_tuples(step)) for step in row.get("steps", ()))
    return Scene(**_tuples({name: value for name, value in row.items() if name != "steps"}), steps=steps)


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    """Lists of TOML as tuples, so that nothing of a story can change while it is told."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
