"""How often force, seclusion and restraint were used, by group; nothing about a handful of pupils.

Source: Education and Inspections Act 2006, section 93A and its guidance: governing bodies look at these figures, and at
whether some groups meet it more than others.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from reports.gaps.suppression import hidden_cells
from safeguarding.restraint.enums import What
from students.enums import SenStatus, Sex

TITLES = {"kind": "What was used", "house": "House", "sen": "SEN status at that moment", "sex": "Sex"}
LABELS: dict[str, dict[str, str]] = {
    "kind": {value: str(label) for value, label in What.choices},
    "sen": {value: str(label) for value, label in SenStatus.choices},
    "sex": {value: str(label) for value, label in Sex.choices},
}


@dataclass(frozen=True)
class Line:
    """One group: uses, pupils who met it, and pupils on roll (0 where the group is none of pupils)."""

    label: str
    records: int
    pupils: int
    roll: int
    hidden: bool = False

    @property
    def share(self) -> float | None:
        """Pupils who met it, of a hundred on roll."""
        return round(100 * self.pupils / self.roll, 1) if self.roll else None


@dataclass(frozen=True)
class Table:
    """One way of telling pupils apart."""

    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Figures:
    """Of a span of days; `whole` counts everybody and is always shown."""

    whole: Line
    tables: list[Table]


def figures_between(since: dt.date, until: dt.date) -> Figures:
    """What whoever acts may see of their school; nothing but noughts for anybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT trait, grp, records, pupils, roll FROM guard.incident_figures(%s, %s)", [since, until])
        rows: list[tuple[str, str, int, int, int]] = list(cursor.fetchall())
    [whole] = [row for row in rows if row[0] == "all"] or [("all", "", 0, 0, 0)]
    tables = [Table(title, _lines(trait, rows, whole[3])) for trait, title in TITLES.items()]
    return Figures(Line("Everybody", *whole[2:]), [table for table in tables if table.lines])


def _lines(trait: str, rows: list[tuple[str, str, int, int, int]], everybody: int) -> list[Line]:
    """In the order of the words, houses by name; a group that nobody is in and nobody was has no line."""
    own = {grp: (records, pupils, roll) for name, grp, records, pupils, roll in rows if name == trait}
    labels = LABELS.get(trait) or {name: name for name in sorted(own)}
    there = {grp: own[grp] for grp in labels if grp in own and (trait == "kind" or any(own[grp]))}
    hidden = _hidden_kinds(there, everybody) if trait == "kind" else _hidden(there)
    return [Line(labels[grp], *numbers, hidden=grp in hidden) for grp, numbers in there.items()]


def _hidden(groups: dict[str, tuple[int, int, int]]) -> set[str]:
    """Groups of a few, and others from which they could be worked out."""
    return {grp for _, grp in hidden_cells({("", grp): pupils for grp, (_, pupils, _) in groups.items()})}


def _hidden_kinds(groups: dict[str, tuple[int, int, int]], everybody: int) -> set[str]:
    """A pupil may have met several: each kind stands against all who did not meet it."""
    sizes = {grp: {("", "yes"): pupils, ("", "no"): everybody - pupils} for grp, (_, pupils, _) in groups.items()}
    return {grp for grp, cells in sizes.items() if cells["", "yes"] and hidden_cells(cells)}
