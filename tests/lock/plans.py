"""What PostgreSQL does for a statement, read off its plan: where functions of guard are called, and how often."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

# These read no row: what stands in them is worked out as often as they are run.
ROWLESS = {"Result", "ProjectSet", "Function Scan"}
# Names, steps below, and keys, which are always what a step below has made.
PLAIN = {
    *("Plans", "Node Type", "Alias", "Relation Name", "Schema", "Index Name", "Function Name", "Subplan Name"),
    *("Group Key", "Sort Key", "Presorted Key"),
}


@dataclass(frozen=True)
class Call:
    """A step of a plan that calls functions of guard: how often it ran, and the expression."""

    step: str
    loops: float
    text: str
    reads_rows: bool

    @property
    def is_per_row(self) -> bool:
        return self.reads_rows or self.loops > 1


def plan_of(sql: str) -> dict[str, Any]:
    """As whoever acts now, run, so that the plan says how often each step really was."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, VERBOSE, TIMING OFF, FORMAT JSON) {sql}")
        answer = cursor.fetchone()[0]
    plans = json.loads(answer) if isinstance(answer, str) else answer
    plan: dict[str, Any] = plans[0]["Plan"]
    return plan


def calls_in(plan: dict[str, Any]) -> Iterator[Call]:
    """Every call of a function of guard in the plan and all below it."""
    below = plan.get("Plans", [])
    fed = [child for child in below if child.get("Parent Relationship") not in ("InitPlan", "SubPlan")]
    # A ProjectSet is fed by one Result without rows of its own; anything else it is fed by are rows.
    reads_rows = plan["Node Type"] not in ROWLESS or any(child["Node Type"] != "Result" for child in fed)
    outputs = [text for child in fed for text in child.get("Output", []) if "guard." in text]
    handed_up = [text[1:-1] if text.startswith("(") else text for text in outputs]
    for name, value in plan.items():
        text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
        for made_below in handed_up:  # in parentheses it is what a step below has made
            text = text.replace(f"({made_below})", "")
        if name not in PLAIN and "guard." in text:
            once = name == "One-Time Filter"
            yield Call(f"{plan['Node Type']} {name}", plan.get("Actual Loops", 1), text, reads_rows and not once)
    for child in below:
        yield from calls_in(child)
