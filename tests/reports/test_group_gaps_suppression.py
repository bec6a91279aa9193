"""Duty 31: nothing that is left unsaid of a small group can be worked out from all that is said (pages and files)."""

from dataclasses import dataclass
from fractions import Fraction

import hypothesis.strategies as st
from hypothesis import given, settings

from core.exports import Value
from reports.gaps.groups import TRAITS, Trait
from reports.gaps.lines import tables_of, year_of
from reports.gaps.measures import BEFORE, NOW, Measured
from reports.gaps.suppression import ALL, LEAST, hidden_cells
from reports.gaps.views import NOT_SHOWN, rows_of
from students.enums import EthnicGroup
from students.models import Student

# Three groups, and the seven of ethnicity, of which the census calls most small in most schools.
TOLD_APART = {trait.key: trait for trait in TRAITS if trait.key in ("sen", "ethnicity")}
Unknown = tuple[str, str]

sizes = st.one_of(st.integers(0, 4), st.integers(5, 14), st.integers(0, 40))


@dataclass
class Drawn:
    """A school, and the trait by which it is looked at."""

    trait: Trait
    everybody: list[Measured]

    @property
    def groups(self) -> list[str]:
        return list(self.trait.groups)

    def group_called(self, title: Value) -> str:
        return next(key for key, label in self.trait.groups.items() if label == title)

    def published(self) -> dict[str, list[list[Value]]]:
        """The rows of the file of all years, and of each year, about the trait."""
        years = sorted({year_of(one) for one in self.everybody})
        found = {}
        for row in [ALL, *years] if len(years) > 1 else [ALL]:
            table = next(t for t in tables_of(self.everybody, row) if t.trait is self.trait)
            found[row] = rows_of(table)
        return found


@st.composite
def schools(draw: st.DrawFn) -> Drawn:
    """One to four years of the groups of a trait; of each some have grades, and each a number of rewards."""
    trait, everybody = draw(st.sampled_from(list(TOLD_APART.values()))), []
    for year in range(7, 7 + draw(st.integers(1, 4))):
        for group in trait.groups:
            number = draw(sizes)
            graded = draw(st.integers(0, number))
            for n in range(number):
                now = {"rewards": (n % 3, 1)} | ({"grades": (1, 2)} if n < graded else {})
                facts = {"sen_status": group} if trait.key == "sen" else {}
                student = Student(year_group=year, pupil_premium=n % 4 == 0, **facts)
                of = {"ethnic_group": group} if trait.key == "ethnicity" else {}
                everybody.append(Measured(student, {NOW: now, BEFORE: {"rewards": (1, 1)}}, **of))
    return Drawn(trait, everybody)


class Attacker:
    """Knows every equation that the pages give, and finds out what follows from them."""

    def __init__(self, drawn: Drawn) -> None:
        self.years = sorted({year_of(one) for one in drawn.everybody})
        self.unknowns: list[Unknown] = [(year, group) for year in self.years for group in drawn.groups]
        self.basis: list[list[Fraction]] = []

    def form(self, row: str, groups: list[str]) -> list[Fraction]:
        """The sum of these groups in that row, in terms of years and groups."""
        years = self.years if row == ALL else [row]
        return [Fraction(year in years and group in groups) for year, group in self.unknowns]

    def learn(self, form: list[Fraction]) -> None:
        rest = self._reduced(form)
        if any(rest):
            self.basis.append(rest)

    def knows(self, form: list[Fraction]) -> bool:
        return not any(self._reduced(form))

    def _reduced(self, form: list[Fraction]) -> list[Fraction]:
        rest = list(form)
        for known in self.basis:
            lead = next(n for n, value in enumerate(known) if value)
            if rest[lead]:
                factor = rest[lead] / known[lead]
                rest = [a - factor * b for a, b in zip(rest, known, strict=True)]
        return rest


@settings(max_examples=400, deadline=None)
@given(schools())
def test_no_hidden_number_of_students_follows_from_what_is_shown(drawn: Drawn) -> None:
    """Duty 31: with all pages side by side, knowing how many students each year has and which groups are empty."""
    attacker, hidden = Attacker(drawn), []
    for row, lines in drawn.published().items():
        attacker.learn(attacker.form(row, drawn.groups))
        named = {drawn.group_called(line[1]): line[2] for line in lines}
        for group in drawn.groups:
            if named.get(group) == NOT_SHOWN:
                hidden.append((row, group))
            else:
                attacker.learn(attacker.form(row, [group]))
    for row, group in hidden:
        assert not attacker.knows(attacker.form(row, [group])), (row, group)


@settings(max_examples=400, deadline=None)
@given(schools(), st.sampled_from([("Rewards a student", "rewards"), ("Grades at target or above", "grades")]))
def test_no_hidden_figure_follows_from_what_is_shown(drawn: Drawn, measure: tuple[str, str]) -> None:
    """Duty 31: even for somebody who knows how many of every group have a figure at all."""
    label, key = measure
    attacker, hidden = Attacker(drawn), []
    with_part = {(year_of(one), drawn.trait.of(one)) for one in drawn.everybody if one.parts[NOW].get(key)}
    for row, lines in drawn.published().items():
        for line in lines:
            group = drawn.group_called(line[1])
            if line[2] != NOT_SHOWN and line[4] != label:
                continue
            if NOT_SHOWN in (line[2], line[5]):
                hidden.append((row, group))
                continue
            attacker.learn(attacker.form(row, [group]))
            attacker.learn(attacker.form(row, [other for other in drawn.groups if other != group]))
    for year, group in attacker.unknowns:  # of nobody there is no figure, unless that too is left unsaid
        row = year if len(attacker.years) > 1 else ALL
        if (year, group) not in with_part and (row, group) not in hidden:
            attacker.learn(attacker.form(year, [group]))
    for row, group in hidden:
        assert not attacker.knows(attacker.form(row, [group])), (row, group)


@settings(max_examples=400, deadline=None)
@given(schools())
def test_every_number_shown_counts_ten_or_more_on_both_sides(drawn: Drawn) -> None:
    """Duty 31: a group, and everybody else, unless there is nobody else at all."""
    for lines in drawn.published().values():
        for line in lines:
            if isinstance(line[2], int) and isinstance(line[3], int):
                assert line[2] >= LEAST
                assert line[3] >= LEAST or line[3] == 0


def test_of_three_groups_a_small_one_takes_the_next_with_it() -> None:
    """Duty 31: the number of all is known, so one hidden group alone would be the rest of it."""
    cells = {("", "N"): 100, ("", "K"): 20, ("", "E"): 3}
    assert hidden_cells(cells) == {("", "E"), ("", "K")}
    assert hidden_cells(cells | {("", "E"): 15}) == frozenset()
    assert hidden_cells(cells | {("", "E"): 0}) == frozenset()
    assert hidden_cells({("", "yes"): 9, ("", "no"): 400}) == {("", "yes"), ("", "no")}
    assert hidden_cells({("", "yes"): LEAST, ("", "no"): LEAST}) == frozenset()


def test_a_year_that_is_hidden_takes_another_year_with_it() -> None:
    """Duty 31: the group of all years less that of every other year would be the hidden one."""
    cells = {
        ("7", "yes"): 30, ("7", "no"): 70, ("8", "yes"): 4, ("8", "no"): 90, ("9", "yes"): 25, ("9", "no"): 80,
        ("", "yes"): 59, ("", "no"): 240,
    }  # fmt: skip
    assert hidden_cells(cells) == {("8", "yes"), ("8", "no"), ("9", "yes"), ("9", "no")}


def test_two_knots_joined_by_one_cell_do_not_give_that_cell_away() -> None:
    """Duty 31: no row and no column has a single hidden cell here, and yet one would follow from the sums."""
    rows, groups = ["7", "8", "9", "10", ""], ["a", "b", "c", "d"]
    cells = {(row, group): 50 for row in rows[:-1] for group in groups} | {("", group): 200 for group in groups}
    small = [("7", "a"), ("7", "b"), ("8", "a"), ("8", "b"), ("9", "c"), ("9", "d"), ("10", "c"), ("10", "d")]
    bridge = ("8", "c")
    hidden = hidden_cells(cells | dict.fromkeys([*small, bridge], 8))
    assert hidden > {*small, bridge}


def test_where_nobody_s_ethnicity_is_on_file_nothing_is_told_apart() -> None:
    """Duty 31: a school that does not bring it in reads where it comes from, and no line of 30 not known."""
    everybody = [Measured(Student(year_group=7)) for _ in range(30)]
    nothing = next(t for t in tables_of(everybody) if t.trait.key == "ethnicity")
    assert (nothing.lines, nothing.hidden) == ([], [])
    some = [Measured(Student(year_group=7), ethnic_group=EthnicGroup.BLACK.value) for _ in range(12)]
    told = next(t for t in tables_of(everybody + some) if t.trait.key == "ethnicity")
    assert [(line.label, line.students) for line in told.lines] == [("Black", 12), ("Ethnicity not known", 30)]
