"""Measuring Waymark on the machine at hand: ratios from one interleaved run, because machines and neighbours differ.

A part is a module of `bench.parts` with `measure(quick: bool) -> list[Figure]`; it finds an invented school of
SCHOOL students in a database of its own, and a module that stands there is measured, nothing else to register.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

SCHOOL = 600
QUICK_SCHOOL = 60


@dataclass(frozen=True)
class Figure:
    """One measured thing: `value` in `unit`, and the most it may be (None where it only informs)."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None

    @property
    def held(self) -> bool:
        return self.most is None or self.value <= self.most

    def __str__(self) -> str:
        text = f"{self.name}: {self.value:,.2f} {self.unit}".rstrip()
        return text if self.most is None else f"{text} (at most {self.most:g}: {'held' if self.held else 'NOT HELD'})"


def part_names() -> list[str]:
    """The parts there are."""
    from bench import parts

    return sorted(module.name for module in pkgutil.iter_modules(parts.__path__))


def measure_of(name: str) -> Callable[[bool], list[Figure]]:
    """The part's `measure`."""
    measure: Callable[[bool], list[Figure]] = importlib.import_module(f"bench.parts.{name}").measure
    return measure
