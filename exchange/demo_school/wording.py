"""Fills the gaps of a sentence with what is true of the pupil: names, pronouns, subjects, who is at home."""

from exchange.demo_school import bank
from exchange.demo_school.curriculum import spoken
from exchange.demo_school.people import Adult, Pupil
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
    words |= _subjects(results)
    capitals = {name[:1].upper() + name[1:]: value[:1].upper() + value[1:] for name, value in words.items()}
    pupil.words = words | capitals


def rung(pupil: Pupil) -> Adult:
    """The adult whom the school rings first."""
    return next((a for a in pupil.adults if not a.court_order), pupil.adults[0])


def _pronouns(prefix: str, woman: bool) -> dict[str, str]:
    return {f"{prefix}{he}": (she if woman else he) for he, she in SHE.items()}


def _subjects(results: list[Result]) -> dict[str, str]:
    """The pupil's weakest and strongest subject against target, at the latest drop."""
    if not results:
        return {"weak": "maths", "strong": "English", "second": "science"}
    latest = [r for r in results if r.term is results[-1].term]
    ranked = sorted(latest, key=lambda r: (r.gap, r.effort != "Poor", -len(r.subject), r.subject))
    return {
        "weak": spoken(ranked[0].subject),
        "second": spoken(ranked[1].subject),
        "strong": spoken(ranked[-1].subject),
    }
