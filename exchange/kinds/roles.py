"""Job titles of school staff → roles. A title that fits nothing gives no role: nobody sees a student by a guess."""

import re
from collections.abc import Mapping

from accounts.enums import Role
from accounts.reach_words import KEY_STAGES

# ruff: noqa: E501 (a pattern is easier to read whole)
# The first that fits wins, so deputies stand before those they deputise for.
_TITLES: list[tuple[str, Role | None]] = [
    (r"\bpa\b|secretary|'s\b|\bto the (head|principal)|governor", None),
    (r"(deputy|assistant|second).*(\bdsl\b|safeguarding)|\bddsl\b", Role.DEPUTY_DSL),
    (r"\bdsl\b|designated safeguarding|safeguarding lead", Role.DSL),
    (r"^send?co\b|^(?!assistant|deputy).*\bsend?co\b|^(?!assistant|deputy).*\bsend? co-?ordinator|\bals manager|head of (send?|inclusion)\b|director of (send?|inclusion)\b", Role.SENCO),
    (r"(deputy|assistant) (head of (house|alliance|college)|house (leader|head))|\bdhoh\b", Role.DEPUTY_HEAD_OF_HOUSE),
    (r"head of (house|alliance|college)\b|house (leader|head)|leader of house|\bhoh\b", Role.HEAD_OF_HOUSE),
    (r"head of (year|y\d|sixth form|ks ?\d|key stage)|year (leader|head|manager|co-?ordinator)|(director|leader) of (year|sixth)|\bhoy\b|head of y(r|ear)? ?\d", Role.HEAD_OF_YEAR),
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


# As much of a cell as is read: whoever brings in a file may have anything in it.
LONGEST = 200
# Below, a separator stands once and has no spaces around it: no pattern can try one cell in many ways.
_LISTS, _SPANS = r" ?(?:[,&/]|(?<![a-z])and(?![a-z])) ?", r" ?(?:[-–]|(?<![a-z])to(?![a-z])) ?"
# A part of a cell that only goes on counting: of "Head of Years 7, 8 and 9" the second.
_COUNTS_ON = re.compile(r"(?:(?:and|to|years?|yrs?|y|ks|\d{1,2}(?!\d)|[&–-]) ?)+")
_OTHER_WORK = re.compile(r" (?:and|&) (?=teach|tutor|mentor|lead)")
_KEY_STAGES = re.compile(r"\b(?:ks|key stages?) ?(\d(?:[,-](?:ks ?|key stages? ?)?[1-5]\b)*)")
_YEARS = re.compile(
    r"\b(?:years?|yrs?|y|hoy) ?(\d{1,2}(?!\d)(?:[,-](?:years? ?|yrs? ?|y ?)?\d{1,2}(?!\d))*)(?![\d.:a-z])"
)


def roles_in(text: str, called: Mapping[str, str] | None = None) -> list[Role]:
    """The roles a cell names, each once: "Tutor; Head of House" are two. `called`: role → what this school calls it.

    The school's own word for a role, written as it stands in the settings, comes before any title that we know.
    """
    return list(dict.fromkeys(role for role, _ in _parts(text, called) if role))


def years_named(text: str, role: Role, called: Mapping[str, str] | None = None) -> list[int]:
    """The years that a cell names for this role: "Head of KS3" → 7, 8, 9; those of what else somebody does are not."""
    years: set[int] = set()
    for named, part in _parts(text, called):
        years |= set(years_in(_OTHER_WORK.split(part)[0])) if named == role else set()
    return sorted(years)


def years_in(text: str) -> list[int]:
    """The years of a title or of a column of years: "Year 7/8", "7-9", "KS3", "sixth form"; [] where it names none.

    A number that belongs to something else ("tutor of 10BEC", "0.6") is no year, unless it is all that there is.
    """
    plain = _evenly(text)
    stages = {stage for found in _KEY_STAGES.findall(plain) for stage in _counted(found)}
    years = {year for stage in stages for year in KEY_STAGES.get(stage, ())}
    years |= set(KEY_STAGES[5]) if "sixth form" in plain else set()
    years |= {year for found in _YEARS.findall(plain if "y" in plain else f"y {plain}") for year in _counted(found)}
    alone = re.findall(r"\d+", plain)
    if not years and len(alone) == 1:
        years = {int(alone[0])}
    return sorted(year for year in years if 1 <= year <= 14)


def _short(text: str) -> str:
    """Whole words of it: of "Year 11" cut in the middle nobody reads Year 1."""
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0]


def _evenly(text: str) -> str:
    """In small letters, with one comma where things are listed and one hyphen where they reach from one to another."""
    listed = re.sub(_LISTS, ",", " ".join(_short(text).lower().split()))
    return re.sub(r"[,-]{2,}", lambda many: "-" if "-" in many[0] else ",", re.sub(_SPANS, "-", listed))


def _counted(text: str) -> set[int]:
    """ "7-9" is three, "7,9" two."""
    ranges = re.findall(r"(\d+)-\D*(\d+)", text)
    between = {number for low, high in ranges for number in range(int(low), int(high) + 1)}
    return between | {int(number) for number in re.findall(r"\d+", text)}


def _parts(text: str, called: Mapping[str, str] | None) -> list[tuple[Role | None, str]]:
    """Each thing a cell names, with its role; a part that only counts on belongs to the one before it."""
    own = {word.lower(): Role(role) for role, word in (called or {}).items() if word != Role(role).label}
    plain = re.sub(r"[^\S\n]+", " ", _short(text).lower().replace("’", "'"))
    plain = re.sub(r"\(.*?\)", "", plain)
    found: list[tuple[Role | None, str]] = []
    for part in re.split(r"[;|,/\n+]| & (?=head|tutor|send|dsl|teacher)", plain):
        part = part.strip()
        if found and _COUNTS_ON.fullmatch(part):
            found[-1] = (found[-1][0], f"{found[-1][1]}, {part}")
        else:
            role = own.get(part) or next((r for pattern, r in _PATTERNS if pattern.search(part)), None)
            found.append((role, part))
    return found
