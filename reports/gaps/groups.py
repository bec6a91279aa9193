"""The groups that are compared: what the MIS says of each student, and nothing worked out from it."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.gaps.measures import Measured
from students.enums import EthnicGroup, SenStatus, Sex

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Trait:
    """One thing by which students are told apart. `of` gives the key of a student’s group, one of `groups`;
    of these the `told` have a line of their own (the other side of a yes is everybody else’s figure).

    `unknown` is the group of those of whom nothing is known: where everybody is in it, nothing is told apart.
    """

    key: str
    title: str
    of: Callable[[Measured], str]
    groups: dict[str, str]
    told: tuple[str, ...]
    unknown: str = ""


def _trait(
    key: str, title: str, of: Callable[[Measured], str], groups: dict[str, str], *told: str, unknown: str = ""
) -> Trait:
    return Trait(key, title, of, groups, told or tuple(groups), unknown)


TRAITS = (
    _trait(
        "pupil-premium", "Pupil premium",
        lambda m: YES if m.student.pupil_premium else NO, {YES: "Pupil premium", NO: "No pupil premium"}, YES,
    ),
    _trait(
        "sen", "Special educational needs",
        lambda m: m.student.sen_status, {str(value): str(label) for value, label in SenStatus.choices},
    ),
    _trait(
        "eal", "English as an additional language",
        lambda m: YES if m.student.eal else NO, {YES: "EAL", NO: "Not EAL"}, YES,
    ),
    _trait("sex", "Sex", lambda m: m.student.sex, {str(value): str(label) for value, label in Sex.choices}),
    _trait(
        "ethnicity", "Ethnicity",
        lambda m: m.ethnic_group, {str(value): str(label) for value, label in EthnicGroup.choices},
        unknown=EthnicGroup.NOT_KNOWN.value,
    ),
)  # fmt: skip
