"""What is written about one mark: what it is like, who saw it, what the child and others say about it."""

from dataclasses import dataclass

KINDS = {
    "bruise": "Bruise",
    "cut": "Cut",
    "burn": "Burn or scald",
    "bite": "Bite",
    "graze": "Graze",
    "swelling": "Swelling",
    "other": "Other",
}


@dataclass(frozen=True)
class Line:
    """One field of a mark. `most`: characters."""

    key: str
    label: str
    most: int
    hint: str = ""
    is_long: bool = False

    @property
    def is_typed(self) -> bool:
        """Whether somebody writes here, instead of choosing."""
        return self.key not in ("place", "kind")


LINES = (
    Line("place", "Where on the body", 60),
    Line("kind", "What it is", 20),
    Line("size", "Size", 100, "As it looks from where you stand, such as “about 3 cm”. Do not measure on the skin."),
    Line("colour", "Colour", 100),
    Line("shape", "Shape", 200, "Such as round, a line, like a hand."),
    Line("first_seen", "First seen", 120, "Day and time."),
    Line("seen_by", "Seen by", 120, "Whole names."),
    Line("child_words", "What the child says about it, in their words", 2000, is_long=True),
    Line("other_explanation", "What others say about it, and who", 2000, is_long=True),
)
