"""What is never allowed, and what in a text sounds like it. It points things out and stops nobody.

Source: Department for Education, “Restrictive interventions, including use of reasonable force, in schools” (2026):
nothing that affects the airway, breathing or circulation; no pressure on the neck or the abdomen; seclusion is never a
disciplinary sanction; a policy of never touching a pupil is not allowed either.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from safeguarding.restraint.enums import What

ALWAYS = (
    "Never a hold that affects airway, breathing or circulation: nothing over mouth or nose, nobody held face down.",
    "Never pressure on the neck, the throat or the belly.",
    "Never as a punishment, and never to make somebody do as they are told for its own sake.",
    "Never seclusion as a sanction: a pupil is alone behind a door only while they are a danger, and is watched all the"
    " time.",
    "As little force as will do, for as short a time as possible.",
    "Nobody is told never to touch a pupil: staff may act where somebody is in danger.",
)


@dataclass(frozen=True)
class Sign:
    """Words that make somebody look again, and what is said then."""

    words: re.Pattern[str]
    advice: str


def _sign(words: str, advice: str) -> Sign:
    return Sign(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), advice)


SIGNS = (
    _sign(
        r"neck|throat|chok\w+|headlock|strangl\w+|collar",
        "The neck or throat is spoken of. Pressure there is never allowed.",
    ),
    _sign(
        r"stomach|belly|abdomen|tummy|sat on|knelt on|kneeling on|lay on|laid on",
        "The belly, or weight on the body, is spoken of. Pressure there is never allowed.",
    ),
    _sign(
        r"face[ -]?down|prone|mouth|nose|breath\w*|airway|gasp\w*|went blue|chest|passed out|faint\w*",
        "Breathing, or a place that affects it, is spoken of. A hold that affects breathing is never allowed.",
    ),
)
_SANCTION = _sign(
    r"punish\w*|detention|sanction\w*|consequence\w*|a lesson|time ?out",
    "Seclusion is written about together with a sanction. Seclusion is never a sanction.",
)
AND_NOW = (
    "If that is what happened, see that the pupil is looked at by somebody medical now, and raise a concern about what"
    " was done. If it is not, add a sentence that says so. Nothing here stops you."
)


def remarks_on(texts: Iterable[str], kinds: Iterable[str]) -> list[str]:
    """What a careful colleague would ask about, once each."""
    whole = "\n".join(texts)
    signs = [*SIGNS, *([_SANCTION] if What.SECLUSION in kinds else [])]
    return [sign.advice for sign in signs if sign.words.search(whole)]
