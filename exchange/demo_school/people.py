"""Who is who in the invented school: houses, groups, colleagues, pupils and the adults at home."""

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field

from accounts.enums import Role
from exchange.demo_school.stories import Story


@dataclass(slots=True)
class House:
    """A house, with the colleagues who lead it."""

    id: uuid.UUID
    name: str
    leaders: list["Colleague"] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.name[:3].upper()


@dataclass(slots=True, eq=False)
class Colleague:
    """A member of staff; `memberships` are keyed by role, one of each at most."""

    id: uuid.UUID
    title: str
    first_name: str
    last_name: str
    email: str
    code: str
    department: str
    room: str
    since: dt.date
    named: bool = False
    memberships: dict[Role, uuid.UUID] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Group:
    """A tutor group; `seen` and `written` are its tutor's habits: shares of 1:1s held and of comments written."""

    id: uuid.UUID
    name: str
    year: int
    house: House
    position: int
    size: int
    tutor: Colleague
    seen: float
    written: float


@dataclass(slots=True)
class Adult:
    """Somebody at home, as the school rings them."""

    title: str
    forename: str
    surname: str
    relationship: str
    word: str
    responsible: bool = True
    court_order: bool = False
    lives_elsewhere: bool = False

    @property
    def formal(self) -> str:
        return f"{self.title} {self.surname}"

    @property
    def is_woman(self) -> bool:
        return self.title in {"Mrs", "Ms", "Miss"}


@dataclass(slots=True, eq=False)
class Pupil:
    """One pupil and everything their story needs to hang together."""

    id: uuid.UUID
    number: int
    story: Story
    group: Group
    year: int
    sex: str
    forename: str
    surname: str
    preferred: str
    heritage: int
    born: dt.date
    joined_on: dt.date
    left_on: dt.date | None
    ability: float
    chance: random.Random
    pupil_premium: bool = False
    eal: bool = False
    looked_after: bool = False
    sen: str = "N"
    need: str = ""
    upn: str = ""
    adults: list[Adult] = field(default_factory=list)
    one_to_one: Colleague | None = None
    mentor: Colleague | None = None
    words: dict[str, str] = field(default_factory=dict)
    earlier_words: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, Colleague] = field(default_factory=dict)

    @property
    def house(self) -> House:
        return self.group.house

    def on_roll(self, day: dt.date) -> bool:
        return self.joined_on <= day and (self.left_on is None or day <= self.left_on)
