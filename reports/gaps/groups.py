"""The groups that are compared: what the MIS says of each student, and nothing worked out from it."""

from collections.abc import Callable
from dataclasses import dataclass

from students.enums import SenStatus, Sex
from students.models import Student

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Trait:
    """One thing by which students are told apart. `of` gives the key of a student’s group, one of `groups`;
    of these the `told` have a line of their own (the other side of a yes is everybody else’s figure).
    """

    key: str
    title: str
    of: Callable[[Student], str]
    groups: dict[str, str]
    told: tuple[str, ...]


def _trait(key: str, title: str, of: Callable[[Student], str], groups: dict[str, str], *told: str) -> Trait:
    return Trait(key, title, of, groups, told or tuple(groups))


TRAITS = (
    _trait(
        "pupil-premium", "Pupil premium",
        lambda s: YES if s.pupil_premium else NO, {YES: "Pupil premium", NO: "No pupil premium"}, YES,
    ),
    _trait(
        "sen", "Special educational needs",
        lambda s: s.sen_status, {str(value): str(label) for value, label in SenStatus.choices},
    ),
    _trait(
        "eal", "English as an additional language",
        lambda s: YES if s.eal else NO, {YES: "EAL", NO: "Not EAL"}, YES,
    ),
    _trait("sex", "Sex", lambda s: s.sex, {str(value): str(label) for value, label in Sex.choices}),
)  # fmt: skip
