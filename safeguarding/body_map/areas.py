"""The areas of a body on which a mark can be seen: codes that never change, plain names, shapes to draw them.

Left and right are the child's own: on the drawing from the front the child's left is on the right hand of the reader.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from safeguarding.body_map.shapes import MIDDLE, SIDES, centre_of, mirrored

View = Literal["front", "back"]
HEAD, BODY, BACK, ARMS, LEGS = "Head and face", "Neck, chest and belly", "Back", "Arms and hands", "Legs and feet"
GROUPS = (HEAD, BODY, BACK, ARMS, LEGS)


@dataclass(frozen=True)
class Area:
    """One area: `code` is kept in records for ever; `path` is an SVG path around the middle of its figure."""

    code: str
    name: str
    group: str
    view: View
    path: str

    @property
    def centre(self) -> tuple[int, int]:
        return centre_of(self.path)


# Shape, name, group, view; {} becomes "left" and "right".
_MIDDLE: tuple[tuple[str, str, str, View], ...] = (
    # Drawn first, as the chin and the head are in front of them.
    ("neck-front", "throat and front of the neck", BODY, "front"),
    ("neck-back", "back of the neck", BACK, "back"),
    ("top-of-head", "top of the head, front", HEAD, "front"),
    ("forehead", "forehead", HEAD, "front"),
    ("nose", "nose", HEAD, "front"),
    ("mouth", "mouth and lips", HEAD, "front"),
    ("chin", "chin and jaw", HEAD, "front"),
    ("back-of-head", "back of the head", HEAD, "back"),
    ("genitals", "genitals", BODY, "front"),
)
_SIDES: tuple[tuple[str, str, str, View], ...] = (
    ("eye", "{} eye and around it", HEAD, "front"),
    ("cheek", "{} cheek", HEAD, "front"),
    ("ear", "{} ear", HEAD, "front"),
    ("behind-ear", "behind the {} ear", HEAD, "back"),
    ("shoulder-front", "{} shoulder, front", BODY, "front"),
    ("chest", "{} side of the chest", BODY, "front"),
    ("upper-belly", "upper belly, {} side", BODY, "front"),
    ("lower-belly", "lower belly, {} side", BODY, "front"),
    ("hip", "{} hip and groin", BODY, "front"),
    ("shoulder-back", "{} shoulder, back", BACK, "back"),
    ("upper-back", "{} shoulder blade", BACK, "back"),
    ("middle-back", "middle of the back, {} side", BACK, "back"),
    ("lower-back", "lower back, {} side", BACK, "back"),
    ("buttock", "{} buttock", BACK, "back"),
    ("upper-arm-front", "{} upper arm, front", ARMS, "front"),
    ("upper-arm-back", "{} upper arm, back", ARMS, "back"),
    ("inside-elbow", "inside of the {} elbow", ARMS, "front"),
    ("elbow", "{} elbow", ARMS, "back"),
    ("forearm-front", "{} forearm, inside", ARMS, "front"),
    ("forearm-back", "{} forearm, back", ARMS, "back"),
    ("wrist-front", "{} wrist, inside", ARMS, "front"),
    ("wrist-back", "{} wrist, back", ARMS, "back"),
    ("palm", "{} palm and fingers", ARMS, "front"),
    ("back-of-hand", "back of the {} hand and fingers", ARMS, "back"),
    ("thigh-front", "{} thigh, front", LEGS, "front"),
    ("inner-thigh", "inside of the {} thigh", LEGS, "front"),
    ("thigh-back", "{} thigh, back", LEGS, "back"),
    ("knee", "{} knee", LEGS, "front"),
    ("back-of-knee", "back of the {} knee", LEGS, "back"),
    ("shin", "{} shin", LEGS, "front"),
    ("calf", "{} calf", LEGS, "back"),
    ("foot", "{} ankle, top of the foot and toes", LEGS, "front"),
    ("heel", "{} heel and back of the ankle", LEGS, "back"),
    ("sole", "sole of the {} foot", LEGS, "back"),
)


def _areas() -> Iterator[Area]:
    for shape, name, group, view in _MIDDLE:
        yield Area(shape, name, group, view, MIDDLE[shape])
    for shape, name, group, view in _SIDES:
        drawn, other = SIDES[shape], mirrored(SIDES[shape])
        left, right = (drawn, other) if view == "front" else (other, drawn)
        yield Area(f"left-{shape}", name.format("left"), group, view, left)
        yield Area(f"right-{shape}", name.format("right"), group, view, right)


AREAS: dict[str, Area] = {area.code: area for area in _areas()}


def name_of(code: str) -> str:
    """The plain name of a place; of a code that is no area's, the code itself, so that a record is never silent."""
    area = AREAS.get(code)
    return area.name if area else code


def places_by_group() -> list[tuple[str, list[Area]]]:
    """The areas as a list shows them: from head to foot, left beside right."""
    return [(group, [area for area in AREAS.values() if area.group == group]) for group in GROUPS]
