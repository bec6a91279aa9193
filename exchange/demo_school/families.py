"""The adults at home: who lives where, who has parental responsibility, whom a court order keeps away."""

import random
from typing import Any

from exchange.demo_school import bank
from exchange.demo_school.people import Adult, Pupil

STREETS = (
    "Mill Lane", "Station Road", "Albert Street", "Canal Side", "Tannery Row", "Priory Close", "Quarry Bank",
    "Weavers Way", "Orchard Drive", "St Anne's Road", "Northgate Street", "Foundry Street", "Meadow View",
    "Cobden Terrace", "Larkhill Avenue", "Beech Grove", "Market Hill", "Wharf Road", "Castle Mount",
    "Hawthorn Crescent", "Infirmary Road", "Rope Walk",
)  # fmt: skip
SHAPES = {"couple": 58, "two homes": 17, "mother alone": 15, "step": 6, "grandparents": 2.5, "father alone": 1.5}


def family_of(pupil: Pupil, heritage: dict[str, Any]) -> list[Adult]:
    """One or two adults in the order in which to ring."""
    given = pupil.story.pupil
    if "adults" in given:
        return [Adult(**adult) for adult in given["adults"]]
    chance = pupil.chance
    if pupil.looked_after:
        return _carers(chance)
    shape = given.get("family") or chance.choices(list(SHAPES), list(SHAPES.values()))[0]
    mother = _woman(heritage, pupil.surname, chance, "Mother", "mum")
    father = _man(heritage, pupil.surname, chance, "Father", "dad")
    if shape == "couple":
        return [mother, father] if chance.random() < 0.75 else [father, mother]
    if shape == "two homes":
        mother.surname = _other_surname(heritage, pupil.surname, chance)
        father.lives_elsewhere = True
        father.court_order = given.get("court_order", chance.random() < 0.04)
        return [mother, father] if chance.random() < 0.85 or father.court_order else [father, mother]
    if shape == "mother alone":
        gran = _woman(heritage, mother.surname, chance, "Grandmother", "gran")
        gran.responsible, gran.lives_elsewhere = False, True
        return [mother, gran] if chance.random() < 0.55 else [mother]
    if shape == "step":
        mother.surname = _other_surname(heritage, pupil.surname, chance)
        step = _man(heritage, mother.surname, chance, "Step-father", "stepdad")
        step.responsible = False
        return [mother, step]
    if shape == "grandparents":
        gran = _woman(heritage, pupil.surname, chance, "Grandmother", "gran")
        return [gran, _man(heritage, pupil.surname, chance, "Grandfather", "grandad")]
    return [father]


def rows_of(pupil: Pupil) -> list[dict[str, Any]]:
    """The contacts as the attributes of Contact, without key and student."""
    chance = random.Random(f"home {pupil.number}")
    homes = [_address(chance), _address(chance)]
    rows: list[dict[str, Any]] = []
    for priority, adult in enumerate(pupil.adults, start=1):
        street, postcode = homes[adult.lives_elsewhere]
        local = f"{adult.forename}.{adult.surname}".lower().replace(" ", "").replace("'", "")
        rows.append(
            {
                "priority": priority, "title": adult.title, "forename": adult.forename, "surname": adult.surname,
                "relationship": adult.relationship, "parental_responsibility": adult.responsible,
                "court_order": adult.court_order, "phone": f"07700 900{chance.randrange(1000):03d}",
                "email": f"{local}{chance.randrange(1, 99)}@family.example" if chance.random() < 0.9 else "",
                "address": street, "postcode": postcode,
            }
        )  # fmt: skip
    return rows


def _address(chance: random.Random) -> tuple[str, str]:
    """A street of the invented town; no postcode area is called NX."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    postcode = f"NX{chance.randint(1, 9)} {chance.randint(1, 9)}{chance.choice(letters)}{chance.choice(letters)}"
    return f"{chance.randint(1, 180)} {chance.choice(STREETS)}, Northgate", postcode


def _woman(heritage: dict[str, Any], surname: str, chance: random.Random, relationship: str, word: str) -> Adult:
    title = chance.choices(("Mrs", "Ms", "Miss"), (6, 3, 1))[0]
    return Adult(title, chance.choice(heritage["mothers"]), surname, relationship, word)


def _man(heritage: dict[str, Any], surname: str, chance: random.Random, relationship: str, word: str) -> Adult:
    return Adult("Mr", chance.choice(heritage["fathers"]), surname, relationship, word)


def _other_surname(heritage: dict[str, Any], surname: str, chance: random.Random) -> str:
    return surname if chance.random() < 0.35 else str(chance.choice(heritage["surnames"]))


def _carers(chance: random.Random) -> list[Adult]:
    """A foster carer to ring first; responsibility stays with the local authority, whose social worker is second."""
    heritages = bank.read("names")["heritage"]
    home, office = heritages[0], chance.choice(heritages)
    carer = _woman(home, chance.choice(home["surnames"]), chance, "Foster carer", "foster carer")
    worker = _woman(office, chance.choice(office["surnames"]), chance, "Social worker", "social worker")
    carer.responsible, worker.responsible, worker.lives_elsewhere = False, True, True
    return [carer, worker]
