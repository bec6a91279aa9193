"""Job titles of school staff → roles. A title that fits nothing gives no role: nobody sees a student by a guess."""

import re
from collections.abc import Mapping

from accounts.enums import Role

# ruff: noqa: E501 (a pattern is easier to read whole)
# The first that fits wins, so deputies stand before those they deputise for.
_TITLES: list[tuple[str, Role | None]] = [
    (r"\bpa\b|secretary|'s\b|\bto the (head|principal)|governor", None),
    (r"(deputy|assistant|second).*(\bdsl\b|safeguarding)|\bddsl\b", Role.DEPUTY_DSL),
    (r"\bdsl\b|designated safeguarding|safeguarding lead", Role.DSL),
    (r"^send?co\b|^(?!assistant|deputy).*\bsend?co\b|^(?!assistant|deputy).*\bsend? co-?ordinator|\bals manager|head of (send?|inclusion)\b|director of (send?|inclusion)\b", Role.SENCO),
    (r"(deputy|assistant) (head of (house|alliance|college)|house (leader|head))|\bdhoh\b", Role.DEPUTY_HEAD_OF_HOUSE),
    (r"head of (house|alliance|college)\b|house (leader|head)|leader of house|\bhoh\b", Role.HEAD_OF_HOUSE),
    (r"head of (year|y\d|sixth form|ks\d|key stage)|year (leader|head|manager|co-?ordinator)|(director|leader) of (year|sixth)|\bhoy\b|head of y(r|ear)? ?\d", Role.HEAD_OF_YEAR),
    (r"(deputy|assistant|vice|associate)[ -]*(head(?! of (?!school))|principal)|\bslt\b|\bsenior lead|\bsmt\b|leadership team", Role.SENIOR_LEADER),
    (r"head ?-?teacher|headmaster|headmistress|\bprincipal\b|^(executive |acting )?head$|head of school", Role.HEADTEACHER),
    (r"\b(data|mis|information|assessment) (and \w+ )?(manager|officer|lead|administrator)|school data", Role.DATA_MANAGER),
    (r"attendance (and \w+ )?(officer|manager|lead|administrator|clerk|assistant|welfare)|education welfare", Role.ATTENDANCE_OFFICER),
    (r"\b(school )?nurse\b", Role.NURSE),
    (r"1 ?: ?1|1 ?- ?1|1 to 1|one[ -]to[ -]one|one:one|\b121\b|learning mentor|academic mentor|^mentor$", Role.ONE_TO_ONE_TUTOR),
    (r"tutor\b", Role.TUTOR),
    (r"teaching assistant|\bh?lta\b|^ta\b|\blsa\b|support (assistant|worker)|cover|counsellor|family|pastoral|librarian|contributor|assistant send?co|deputy send?co|youth worker", Role.CONTRIBUTOR),
    (r"teacher|lecturer|\bnqt\b|\bect\b|head of \w+|subject lead|instructor", Role.SUBJECT_TEACHER),
]  # fmt: skip
_PATTERNS = [(re.compile(pattern), role) for pattern, role in _TITLES]


def roles_in(text: str, called: Mapping[str, str] | None = None) -> list[Role]:
    """The roles a cell names, each once: "Tutor; Head of House" are two. `called`: role → what this school calls it.

    The school's own word for a role, written as it stands in the settings, comes before any title that we know.
    """
    own = {word.lower(): Role(role) for role, word in (called or {}).items() if word != Role(role).label}
    found: list[Role] = []
    plain = re.sub(r"\(.*?\)", "", text.lower().replace("’", "'"))
    for part in re.split(r"[;|,/\n+]| & (?=head|tutor|send|dsl|teacher)", plain):
        part = part.strip()
        role = own.get(part) or next((r for pattern, r in _PATTERNS if pattern.search(part)), None)
        if role and role not in found:
            found.append(role)
    return found
