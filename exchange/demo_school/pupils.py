"""Inventing pupils: who they are, which story is theirs, and who is at home."""

import datetime as dt
import random
from math import floor
from typing import Any

from exchange.demo_school import bank
from exchange.demo_school.families import family_of
from exchange.demo_school.identifiers import Keys
from exchange.demo_school.people import Group, Pupil
from exchange.demo_school.school_year import Calendar
from exchange.demo_school.staffing import SIXTH_FORM
from exchange.demo_school.stories import Story, stories
from exchange.demo_school.upn import permanent_upn, temporary_upn

NAMED_GROUP = "11BEC"
# Primary needs at SEN support and with a plan, per hundred (rounded from the kinds a mainstream school meets most).
NEEDS = {
    "K": {"SPLD": 26, "SEMH": 24, "MLD": 16, "SLCN": 13, "ASD": 9, "NSA": 5, "HI": 2, "PD": 2, "OTH": 2, "VI": 1},
    "E": {"ASD": 42, "SEMH": 18, "SLCN": 14, "MLD": 10, "SPLD": 5, "PD": 5, "HI": 2, "SLD": 2, "VI": 1, "DS": 1},
}


class Admissions:
    """Takes pupils on, group after group, with numbers and names used once."""

    def __init__(self, seed: str, keys: Keys, calendar: Calendar) -> None:
        self._seed, self._keys, self._calendar = seed, keys, calendar
        self._number = 3000
        self._serials: dict[int, int] = {}
        self._carried: dict[str, float] = {}
        self._names: set[tuple[int, str, str]] = set()

    def admit_all(self, groups: list[Group]) -> list[Pupil]:
        """Every pupil of the school, group by group."""
        chance = random.Random(f"{self._seed} stories")
        pupils = []
        for year in sorted({group.year for group in groups}):
            in_year = [group for group in groups if group.year == year]
            parts = self._stories_of_year(year, sum(group.size for group in in_year), chance)
            for group in in_year:
                named = [s for s in stories() if "forename" in s.pupil] if group.name == NAMED_GROUP else []
                parts[:0] = named[: group.size]
                pupils += [self._admit(group, parts.pop(0)) for _ in range(group.size)]
        return pupils

    def _stories_of_year(self, year: int, places: int, chance: random.Random) -> list[Story]:
        """A story for each place of a year: the special ones by their share, the ordinary ones for the rest."""
        eligible = [s for s in stories() if year in s.years and "forename" not in s.pupil]
        parts: list[Story] = []
        for story in eligible:
            # What a year leaves over counts in the next, so that a small school has its one of each as well.
            wanted = self._carried.get(story.name, 0.5) + story.share * places / 1000
            parts += [story] * floor(wanted)
            self._carried[story.name] = wanted % 1
        ordinary = [s for s in eligible if s.pupil.get("ordinary")]
        weights = [s.pupil["ordinary"] for s in ordinary]
        parts = parts[:places] + chance.choices(ordinary, weights, k=max(0, places - len(parts)))
        chance.shuffle(parts)
        return parts

    def _admit(self, group: Group, story: Story) -> Pupil:
        self._number += 1
        chance = random.Random(f"{self._seed} {self._number}")
        sex = story.pupil.get("sex") or chance.choice("MF")
        given = story.pupil
        heritages = bank.read("names")["heritage"]
        number = given.get("heritage", -1)
        if number < 0:
            wanted = [h["share"] if not given.get("new_to_english") or h["eal"] > 0.8 else 0 for h in heritages]
            number = chance.choices(range(len(heritages)), wanted)[0]
        forename, surname = self._name(group, heritages[number], sex, given, chance)
        pupil = Pupil(
            id=self._keys.new(), number=self._number, story=story, group=group, year=group.year, sex=sex,
            forename=forename, surname=surname, preferred=_preferred(forename, given, chance), heritage=number,
            born=self._birthday(group.year, given, chance), joined_on=self._joined(group.year, given, chance),
            left_on=self._left(given, chance), ability=_ability(story, chance), chance=chance,
        )  # fmt: skip
        _circumstances(pupil, heritages[number], given)
        pupil.upn = self._upn(pupil)
        pupil.adults = family_of(pupil, heritages[number])
        return pupil

    def _name(
        self, group: Group, heritage: dict[str, Any], sex: str, given: dict[str, Any], chance: random.Random
    ) -> tuple[str, str]:
        never = bank.read("names")["never"]
        if "forename" in given:
            return given["forename"], given["surname"]
        for _ in range(30):
            forename = chance.choice(heritage["girls" if sex == "F" else "boys"])
            surname = chance.choice(heritage["surnames"])
            key = (group.year, forename, surname)
            if key not in self._names and f"{forename} {surname}" not in never:
                break
        self._names.add(key)
        return forename, surname

    def _birthday(self, year: int, given: dict[str, Any], chance: random.Random) -> dt.date:
        # Year 7 turns twelve in the school year: eleven on 31 August before it.
        first = dt.date(self._calendar.current.year - year - 5, 9, 1)
        if "birthday" in given:
            month, day = given["birthday"]
            return dt.date(first.year + (month < 9), month, day)
        return first + dt.timedelta(days=chance.randrange(365))

    def _joined(self, year: int, given: dict[str, Any], chance: random.Random) -> dt.date:
        calendar = self._calendar
        if weeks := given.get("joined_weeks_ago"):
            days = calendar.weeks[min(chance.randint(*weeks), len(calendar.weeks) - 1)]
            return max(chance.choice(days), calendar.year_starts_on)
        outsider = year in SIXTH_FORM and chance.random() < 0.2
        entry = 12 if outsider else 7 if chance.random() < 0.94 else chance.randint(7, min(year, 11))
        return calendar.first_day_of_year(calendar.current.year - (year - entry))

    def _left(self, given: dict[str, Any], chance: random.Random) -> dt.date | None:
        weeks = given.get("left_weeks_ago")
        return self._calendar.weeks[min(chance.randint(*weeks), len(self._calendar.weeks) - 1)][-1] if weeks else None

    def _upn(self, pupil: Pupil) -> str:
        if pupil.story.pupil.get("temporary_upn"):
            serial = self._serials[0] = self._serials.get(0, -1) + 1
            return temporary_upn(pupil.joined_on.year, serial)
        entry = pupil.born.year + (5 if pupil.born.month >= 9 else 4)
        serial = self._serials[entry] = self._serials.get(entry, -1) + 1
        return permanent_upn(entry, serial)


def _preferred(forename: str, given: dict[str, Any], chance: random.Random) -> str:
    short = bank.read("names")["preferred"].get(forename)
    return short if short and "forename" not in given and chance.random() < 0.55 else forename


def _ability(story: Story, chance: random.Random) -> float:
    """The grade at GCSE that the school would expect at best, 2 to 9."""
    centre = story.progress.ability
    drawn = chance.gauss(5.6 if centre is None else centre, 1.35 if centre is None else 0.6)
    return max(2.2, min(9.0, drawn))


def _circumstances(pupil: Pupil, heritage: dict[str, Any], given: dict[str, Any]) -> None:
    chance = pupil.chance
    pupil.eal = given.get("eal", chance.random() < heritage["eal"])
    pupil.looked_after = given.get("looked_after", False)
    pupil.pupil_premium = given.get("pupil_premium", chance.random() < 0.21) or pupil.looked_after
    drawn = chance.choices("NKE", (0.9, 0.082, 0.018))[0]
    pupil.sen = given.get("sen", drawn)
    if pupil.sen != "N":
        kinds = NEEDS[pupil.sen]
        pupil.need = given.get("need") or chance.choices(list(kinds), list(kinds.values()))[0]
