"""What an import has to say: findings in plain words, counts per file, and the one document they become."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

LISTED_AT_MOST = 1000
LISTED_PER_SORT = 200
EXAMPLES_AT_MOST = 20


class Severity(StrEnum):
    """error: the row is refused; warning: it comes in, but look; info: good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One thing to know. `line` counts from 1 (0: the file as a whole); `column` is as the file writes it."""

    file: str
    line: int
    column: str
    value: str
    severity: Severity
    code: str
    message: str


@dataclass
class FileReport:
    """One file: what it is and what becomes of its rows (for attendance: of its marks)."""

    name: str
    kind: str = ""
    rows: int = 0
    made: int = 0
    changed: int = 0
    left: int = 0
    refused: int = 0
    skipped: int = 0
    encoding: str = ""
    delimiter: str = ""
    date_order: str = ""


@dataclass
class Report:
    """The whole import."""

    school: str = ""
    dry_run: bool = True
    applied: bool = False
    stopped: str = ""
    seconds: float = 0.0
    files: list[FileReport] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    examples: list[dict[str, str]] = field(default_factory=list)
    also: dict[str, dict[str, int]] = field(default_factory=dict)
    counted: Counter[Severity] = field(default_factory=Counter)
    sorts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, file: str, line: int, column: str, value: str, severity: Severity, code: str, message: str) -> None:
        """Count the finding; list it unless there are already very many of its sort."""
        self.counted[severity] += 1
        self.sorts[file, code] += 1
        if self.sorts[file, code] <= LISTED_PER_SORT and len(self.findings) < LISTED_AT_MOST:
            self.findings.append(Finding(file, line, column, value[:100], severity, code, message))

    def add_example(self, file: str, who: str, field: str, before: str, after: str) -> None:
        """Keep the first few changes, so that a person can see whether they look right."""
        if len(self.examples) < EXAMPLES_AT_MOST:
            self.examples.append({"file": file, "who": who, "field": field, "before": before, "after": after})

    @property
    def refused(self) -> int:
        return sum(f.refused for f in self.files)

    @property
    def not_listed(self) -> int:
        """How many findings were counted without being listed."""
        return self.counted.total() - len(self.findings)

    @property
    def understood(self) -> bool:
        """Whether at least one file was recognised."""
        return any(f.kind for f in self.files)

    def as_json(self) -> dict[str, Any]:
        """The document with stable keys that --json prints and a run keeps."""
        names = ("rows", "made", "changed", "left", "refused", "skipped")
        totals: dict[str, Any] = {name: sum(getattr(f, name) for f in self.files) for name in names}
        totals |= {f"{severity.value}s": self.counted[severity] for severity in Severity}
        return {
            "school": self.school,
            "dry_run": self.dry_run,
            "applied": self.applied,
            "stopped": self.stopped,
            "seconds": round(self.seconds, 2),
            "files": [asdict(f) for f in self.files],
            "findings": [asdict(f) for f in sorted(self.findings, key=self._place)],
            "findings_not_listed": self.not_listed,
            "examples": self.examples,
            "also": self.also,
            "totals": totals,
        }

    def _place(self, finding: Finding) -> tuple[int, int, str, int]:
        """What is refused first; then causes before consequences: a refused student explains the refused marks."""
        kinds = {f.name: str(f.kind) for f in self.files}
        first = {"students": 0, "staff": 1}.get(kinds.get(finding.file, ""), 2)
        return list(Severity).index(finding.severity), first, finding.file, finding.line
