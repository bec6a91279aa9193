"""Finds the student of each row of a file; answers are kept, so 100,000 rows cost one search a student."""

from dataclasses import dataclass
from uuid import UUID

from exchange.findings import Severity
from exchange.roster import Identity, Roster, StrangerError, names_in
from exchange.tables import Row, Table
from exchange.values import BadValue

_FIELDS = ("upn", "admission_number", "mis_id", "date_of_birth", "form")


@dataclass
class Stranger:
    """Rows of one file that fit no student: told once, with the first line and how many."""

    line: int
    words: str
    message: str
    rows: int = 0


class Linker:
    """`prefix` stands before the student's name columns where the plain ones are another's ("student_surname")."""

    def __init__(self, table: Table, roster: Roster, prefix: str = "") -> None:
        self.table, self.roster = table, roster
        self.names = [prefix + part for part in ("forename", "surname", "name")]
        self.places = [table.columns[f] for f in (*_FIELDS, *self.names) if f in table.columns]
        self._known: dict[tuple[str, ...], UUID | Stranger] = {}

    def student_id(self, line: int, cells: list[str]) -> UUID | None:
        """The student, or None after counting the row among the refused."""
        key = tuple([cells[place] for place in self.places])
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._search(Row(self.table, line, cells))
        if isinstance(found, Stranger):
            found.rows += 1
            self.table.file.refused += 1
            return None
        return found

    def tell_strangers(self) -> None:
        """One finding for each unknown student, whatever the number of their rows."""
        column = next((f for f in (*_FIELDS[:3], *self.names) if f in self.table.columns), "")
        for found in self._known.values():
            if isinstance(found, Stranger):
                rows = "This row was" if found.rows == 1 else f"{found.rows} rows, of which this is the first, were"
                message = f"{found.message} {rows} not imported."
                self.table.say(found.line, column, found.words, Severity.ERROR, "unknown_student", message)

    def _search(self, row: Row) -> UUID | Stranger:
        try:
            born = self.table.read_date("date_of_birth", row.raw("date_of_birth"))
        except BadValue:
            born = None
        names = names_in(*(row.get(n) for n in self.names))
        who = Identity(row.get("upn"), row.get("admission_number"), row.get("mis_id"), names, born, row.get("form"))
        try:
            return self.roster.find(who)
        except StrangerError as error:
            written = next((text for f in (*_FIELDS[:3], *reversed(self.names)) if (text := row.get(f))), "")
            return Stranger(row.line, written, str(error))
