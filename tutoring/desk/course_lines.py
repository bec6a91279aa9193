"""What the last data drop says about one student in a few short lines: moves, effort, and what teachers wrote."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tutoring.progress.models import Assessment, DataDrop, TermComment
from tutoring.progress.selectors import direction

# Words that are the top of somebody's scale; letters and numbers are not: 1 is best in one school, worst in another.
BEST_WORDS = frozenset({"excellent", "outstanding", "exceptional", "exemplary", "very good"})
# The same downwards; a word that is on no step stands between good and middling ones.
LEVELS: tuple[frozenset[str], ...] = (
    BEST_WORDS,
    frozenset({"good", "strong", "consistent"}),
    frozenset(),
    frozenset({"satisfactory", "acceptable", "fair", "average", "variable", "inconsistent", "could do more"}),
    frozenset(
        {"requires improvement", "needs improvement", "weak", "limited", "a concern", "concern", "cause for concern"}
    ),
    frozenset({"poor", "unsatisfactory", "unacceptable", "inadequate", "serious concern"}),
)
UNKNOWN = 2
NAMED = 4
COMMENTS_SHOWN = 3


@dataclass
class CourseLines:
    """Names of subjects by what can be said of them; `drop` is None where no grades have been collected."""

    drop: DataDrop | None = None
    earlier: DataDrop | None = None
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    best_effort: tuple[str, ...] = ()
    effort: list[tuple[str, str]] = field(default_factory=list)  # (word, subjects)
    advice: list[Assessment] = field(default_factory=list)
    comment: TermComment | None = None

    @property
    def up_line(self) -> str:
        return named(self.up)

    @property
    def down_line(self) -> str:
        return named(self.down)

    @property
    def above_line(self) -> str:
        return named(self.above)

    @property
    def effort_line(self) -> str:
        return named(self.best_effort)


def course_lines(assessments: list[Assessment], comment: TermComment | None) -> CourseLines:
    """From all grades of a student, the newest drop first, and the tutor's last comment."""
    drops = sorted({a.data_drop for a in assessments}, key=lambda d: (d.position, d.name), reverse=True)
    if not drops:
        return CourseLines(comment=comment)
    now = [a for a in assessments if a.data_drop == drops[0]]
    earlier = drops[1] if len(drops) > 1 else None
    before = {a.subject_id: a.working_at for a in assessments if a.data_drop == earlier}
    moved = [(a.subject.name, direction(before.get(a.subject_id, ""), a.working_at)) for a in now]
    down = tuple(name for name, way in moved if way < 0)
    return CourseLines(
        drop=drops[0],
        earlier=earlier,
        up=tuple(name for name, way in moved if way > 0),
        down=down,
        above=tuple(a.subject.name for a in now if direction(a.target, a.working_at) > 0),
        best_effort=tuple(a.subject.name for a in now if a.effort.strip().lower() in BEST_WORDS),
        effort=_by_effort(now),
        # Where a grade fell, advice is wanted first; otherwise by name.
        advice=sorted((a for a in now if a.comment), key=lambda a: a.subject.name not in down)[:COMMENTS_SHOWN],
        comment=comment,
    )


def _by_effort(now: Iterable[Assessment]) -> list[tuple[str, str]]:
    """(The school's word, the subjects with it): known words from the best to the worst, then the most frequent."""
    words: dict[str, list[str]] = {}
    for assessment in now:
        if assessment.effort.strip():
            words.setdefault(assessment.effort.strip(), []).append(assessment.subject.name)
    order = sorted(words, key=lambda word: (_level(word), -len(words[word]), word))
    return [(word, named(tuple(words[word]))) for word in order]


def _level(word: str) -> int:
    """Where a known word stands, from the best; a number or letter, which nobody can rank, in the middle."""
    return next((level for level, words in enumerate(LEVELS) if word.lower() in words), UNKNOWN)


def named(subjects: tuple[str, ...]) -> str:
    """Up to four by name, the rest as a number."""
    if len(subjects) > NAMED:
        return f"{', '.join(subjects[:NAMED])} and {len(subjects) - NAMED} more"
    return " and ".join([", ".join(subjects[:-1]), subjects[-1]]) if len(subjects) > 1 else "".join(subjects)
