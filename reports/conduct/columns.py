"""The columns of the totals, and the small picture of a student's weeks."""

from dataclasses import dataclass

from reports.exports.tables import Column
from tutoring.conduct.totals import Totals

HALF, WIDEST = 13, 14


def columns_of_totals() -> list[Column[Totals]]:
    """This term, then the one before; the file has the names apart."""
    return [
        Column("name", "Surname", lambda t: t.student.preferred_surname, on_screen=False),
        Column("forename", "Forename", lambda t: t.student.preferred_forename, on_screen=False),
        Column("rewards", "Rewards", lambda t: t.now.rewards, number=True),
        Column("sanctions", "Sanctions", lambda t: t.now.sanctions, number=True),
        Column("gained", "Points gained", lambda t: t.now.gained, number=True),
        Column("lost", "Points lost", lambda t: t.now.lost, _signed("now", "lost"), number=True),
        Column("balance", "Balance", lambda t: t.now.balance, _signed("now", "balance"), number=True),
        Column("rewards_before", "Rewards last term", lambda t: t.before.rewards, number=True),
        Column("sanctions_before", "Sanctions last term", lambda t: t.before.sanctions, number=True),
        Column("gained_before", "Points gained last term", lambda t: t.before.gained, on_screen=False),
        Column("lost_before", "Points lost last term", lambda t: t.before.lost, on_screen=False),
        Column(
            "balance_before", "Balance last term", lambda t: t.before.balance, _signed("before", "balance"), number=True
        ),
    ]


def _signed(span: str, name: str):  # type: ignore[no-untyped-def]
    """With the minus sign of print."""
    return lambda totals: str(getattr(getattr(totals, span), name)).replace("-", "−")


@dataclass(frozen=True)
class Bar:
    """One bar of the picture, in its own units: upwards for points gained, downwards for points lost."""

    x: int
    y: int
    width: int
    height: int
    look: str


@dataclass(frozen=True)
class Picture:
    """A student's weeks as bars, with the same in words."""

    bars: list[Bar]
    words: str


def picture_of(totals: Totals, most: int) -> Picture:
    """Bars on one scale for everybody in the list: `most` points fill half of the height."""
    step = min(WIDEST, 120 // max(1, len(totals.weeks)))
    bars, said = [], []
    for place, (monday, gained, lost) in enumerate(totals.weeks):
        up, down = (_height(points, most) for points in (gained, -lost))
        x = place * step
        bars += [Bar(x, HALF - up, step - 1, up, "up")] if up else []
        bars += [Bar(x, HALF + 2, step - 1, down, "down")] if down else []
        if gained or lost:
            said.append(f"{monday.day} {monday:%b} {gained:+d} {lost:d}".replace("-", "−"))
    return Picture(bars, f"Points each week: {', '.join(said) or 'none'}")


def _height(points: int, most: int) -> int:
    return max(2, round(HALF * points / most)) if points > 0 else 0


def most_in_a_week(rows: list[Totals]) -> int:
    """The largest number of points gained or lost in one week, for the scale."""
    return max((max(gained, -lost) for row in rows for _, gained, lost in row.weeks), default=0) or 1
