"""Behaviour: rewards and sanctions. Entries have no number in the files: the n-th equal row of a file is entry n."""

from collections import Counter

from exchange.book import Book
from exchange.headers import STUDENT, Kind, words
from exchange.linking import Linker
from exchange.tables import Row, RowRefusedError, Table
from exchange.values import BadValue, read_whole_number, shortened, squeezed
from tutoring.progress.enums import BehaviourKind

KIND = Kind(
    name="behaviour",
    label="Behaviour",
    columns={
        **STUDENT,
        "date": words(
            "date incidentdate eventdate dateofincident awarddate dateawarded behaviourdate daterecorded"
            " achievementdate datetime dateofevent"
        ),
        "type": words(
            "type eventtype kind polarity recordtype behaviourorachievement entrytype category1"
            " positivenegative behaviourkind"
        ),
        "category": words(
            "category behaviourtype achievementtype incidenttype event behaviour achievement incident reason"
            " activitytype eventname behaviourcategory adjustment typedescription behaviourname"
        ),
        "points": words(
            "points score behaviourpoints achievementpoints netpoints pointsawarded totalpoints pointvalue severity"
        ),
        "staff": words(
            "staffcode staff teacher recordedby loggedby awardedby staffname teachercode createdby reportedby"
            " staffmember givenby"
        ),
        "comment": words(
            "comment comments details note notes description narrative summary incidentdetails eventdescription"
        ),
    },
    needs=(
        frozenset({"date"}),
        frozenset({"category", "type", "points"}),
        frozenset({"upn", "admission_number", "mis_id", "surname", "name"}),
    ),
    weights={"points": 6, "category": 4, "type": 4},
    hints=("behav", "achiev", "conduct", "incident", "reward", "points"),
    dates=("date_of_birth", "date"),
)
_POSITIVE = ("positive", "achievement", "reward", "merit", "praise", "commend", "housepoint", "award", "credit", "star")
_NEGATIVE = (
    "negative",
    "behaviour",
    "sanction",
    "demerit",
    "detention",
    "consequence",
    "incident",
    "concern",
    "warning",
    "removal",
    "suspension",
)
_Key = tuple[object, ...]


def read_behaviour(table: Table, book: Book) -> None:
    """Stage every entry of a known student."""
    stage, number = book.stages["behaviour"], book.number_of(table)
    stage.given[number] = ("staff_id", *(["comment"] if "comment" in table.columns else []))
    linker, equal = Linker(table, book.roster), Counter[_Key]()
    for row in table.rows():
        student_id = linker.student_id(row.line, row.cells)
        if student_id is None:
            continue
        try:
            key = (student_id, *_entry(row))
        except RowRefusedError as refused:
            row.refuse(refused)
            continue
        equal[key] += 1
        teacher = book.staff_called(row.get("staff"))
        comment = shortened(row.get("comment"), 500) if row.has("comment") else None
        stage.add((number, row.line, *key, equal[key], teacher.pk if teacher else None, comment))
    linker.tell_strangers()


def _entry(row: Row) -> _Key:
    """date, kind, category, points, staff code: what tells entries apart."""
    day = row.date("date")
    if day is None:
        raise RowRefusedError("date", "missing_date", "The date is missing. Fill it in and export again.")
    try:
        points = read_whole_number(row.get("points"))
    except BadValue as bad:
        raise RowRefusedError("points", "bad_points", f"{bad} Correct it in the MIS and export again.") from bad
    kind = _kind(row, points)
    category = row.get("category", 100) or row.get("type", 100) or kind.label
    signed = -abs(points or 0) if kind is BehaviourKind.NEGATIVE else points or 0
    return day, kind.value, category, max(-32000, min(signed, 32000)), row.get("staff", 60)


def _kind(row: Row, points: int | None) -> BehaviourKind:
    """From the type, else from the sign of the points, else from what the columns are called."""
    for text in (
        row.get("type"),
        _sign(points),
        row.get("category"),
        row.table.header("category"),
        row.table.header("points"),
    ):
        word = squeezed(text)
        if any(w in word for w in _POSITIVE if w != "merit" or "demerit" not in word) or text == "+":
            return BehaviourKind.POSITIVE
        if any(w in word for w in _NEGATIVE) or text == "-":
            return BehaviourKind.NEGATIVE
    if points:
        return BehaviourKind.POSITIVE
    raise RowRefusedError(
        "type",
        "unknown_type",
        "Nothing says whether this is a reward or a sanction. Export the type or the points with it.",
    )


def _sign(points: int | None) -> str:
    return "-" if points is not None and points < 0 else ""
