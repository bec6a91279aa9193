"""The attendance arithmetic: pure functions of counts, nothing rounded before it is compared.

Rules: DfE, Working together to improve school attendance; persistent absence is 10 % or more of the student's own
possible sessions, severe absence 50 % or more.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Counts of sessions over some window; rates are None where no session was possible, never 0 or 100."""

    possible: int = 0
    attended: int = 0
    authorised: int = 0
    unauthorised: int = 0
    arrivals: int = 0
    late: int = 0
    notice: int = 0
    unknown: int = 0

    @property
    def absent(self) -> int:
        return self.authorised + self.unauthorised

    @property
    def attendance(self) -> float | None:
        """Per cent of possible sessions attended, unrounded."""
        return _percent(self.attended, self.possible)

    @property
    def punctuality(self) -> float | None:
        """Per cent of arrivals on time (a school measure: L and U both count as late)."""
        return _percent(self.arrivals - self.late, self.arrivals)

    @property
    def persistent(self) -> bool:
        """10 % or more of possible sessions missed, decided on whole numbers."""
        return self.possible > 0 and 10 * self.absent >= self.possible

    @property
    def severe(self) -> bool:
        """50 % or more of possible sessions missed."""
        return self.possible > 0 and 2 * self.absent >= self.possible

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(*(a + b for a, b in zip(self.counts(), other.counts(), strict=True)))

    def counts(self) -> tuple[int, ...]:
        """All counts in field order."""
        return (
            self.possible, self.attended, self.authorised, self.unauthorised,
            self.arrivals, self.late, self.notice, self.unknown,
        )  # fmt: skip


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
