"""Fills the gaps of a sentence with what is true of the pupil: names, pronouns, subjects, who is at home."""

from exchange.demo_school import bank
from exchange.demo_school.curriculum import spoken
from exchange.demo_school.people import Pupil
from exchange.demo_school.progress import Result

SHE = {"he": "she", "him": "her", "his": "her", "himself": "herself"}


def set_words(pupil: Pupil, results: list[Result]) -> None:
    """Work out once what sentences about this pupil may mention."""
    chance, clubs = pupil.chance, bank.read("everyday")["clubs"]
    adult = next((a for a in pupil.adults if not a.court_order), pupil.adults[0])
    words: dict[str, str] = {
        "name": pupil.preferred,
        "tutor": f"{pupil.group.tutor.title} {pupil.group.tutor.last_name}",
        "group": pupil.group.name,
        "house": pupil.house.name,
        "club": chance.choice(clubs),
        "sibling": chance.choice(("sister", "brother")),
        "home": adult.formal,
        "adult": adult.word,
    }
    words |= _pronouns("", pupil.sex == "F") | _pronouns("a", adult.is_woman)
    pupil.words = _with_capitals(words | _subjects(results, -1))
    # A term ago they may have had other subjects.
    pupil.earlier_words = _with_capitals(words | _subjects(results, 0))


def _with_capitals(words: dict[str, str]) -> dict[str, str]:
    """Each gap as it stands and, under its name with a capital, as it begins a sentence."""
    return words | {name[:1].upper() + name[1:]: value[:1].upper() + value[1:] for name, value in words.items()}


def _pronouns(prefix: str, woman: bool) -> dict[str, str]:
    return {f"{prefix}{he}": (she if woman else he) for he, she in SHE.items()}


def _subjects(results: list[Result], drop: int) -> dict[str, str]:
    """The pupil's weakest and strongest subject against target, at the first or the last drop (0 or -1)."""
    if not results:
        return {"weak": "maths", "strong": "English", "second": "science"}
    latest = [r for r in results if r.term is results[drop].term]
    ranked = sorted(latest, key=lambda r: (r.gap, r.effort != "Poor", -len(r.subject), r.subject))
    return {
        "weak": spoken(ranked[0].subject),
        "second": spoken(ranked[1].subject),
        "strong": spoken(ranked[-1].subject),
    }
