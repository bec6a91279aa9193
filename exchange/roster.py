"""Which student a row is about: by UPN, else by admission or MIS number, else by name with date of birth or form."""

import datetime as dt
import unicodedata
from dataclasses import dataclass, field
from uuid import UUID

from exchange.upn import is_well_formed, normal_upn
from exchange.values import clean, is_scientific, squeezed
from students.models import Student


def name_key(*names: str) -> str:
    """The words of a name without accents and in alphabetical order, so that "Okafor, Grace" equals "Grace Okafor"."""
    plain = unicodedata.normalize("NFKD", " ".join(names).replace(",", " "))
    parts = (squeezed("".join(c for c in w if not unicodedata.combining(c))) for w in plain.split())
    return " ".join(sorted(p for p in parts if p))


@dataclass(frozen=True)
class Identity:
    """What a row says about who it is for."""

    upn: str = ""
    admission_number: str = ""
    mis_id: str = ""
    names: str = ""
    date_of_birth: dt.date | None = None
    form: str = ""


class StrangerError(LookupError):
    """No one student fits; the message says why and what to do."""


@dataclass
class Roster:
    """Every student of the school and of this import, under all that may name them. None stands for "several"."""

    by_upn: dict[str, UUID] = field(default_factory=dict)
    by_number: dict[str, UUID] = field(default_factory=dict)
    by_bare_number: dict[str, UUID | None] = field(default_factory=dict)
    by_mis_id: dict[str, UUID] = field(default_factory=dict)
    by_birth: dict[tuple[str, dt.date], UUID | None] = field(default_factory=dict)
    by_form: dict[tuple[str, str], UUID | None] = field(default_factory=dict)
    upn_of: dict[UUID, str] = field(default_factory=dict)
    refused: dict[str, tuple[str, int]] = field(default_factory=dict)
    tails: dict[str, str] = field(default_factory=dict)

    def add(self, student: Student, form: str = "", mis_id: str = "") -> None:
        """Make the student findable; calling it again after a change is fine."""
        pk = student.pk
        self.upn_of[pk] = student.upn
        if student.upn:
            self.by_upn[student.upn] = pk
            self.tails[student.upn[1:]] = student.upn
        if number := student.admission_number.casefold():
            self.by_number[number] = pk
            _put(self.by_bare_number, number.lstrip("0"), pk)
        if mis_id:
            self.by_mis_id[mis_id.casefold()] = pk
        for names in {
            name_key(student.legal_forename, student.legal_surname),
            name_key(student.preferred_forename, student.preferred_surname),
        }:
            if student.date_of_birth:
                _put(self.by_birth, (names, student.date_of_birth), pk)
            if form:
                _put(self.by_form, (names, squeezed(form)), pk)

    def note_refused(self, upn: str, number: str, file: str, line: int) -> None:
        """Remember a student's row that was refused, to explain what hangs on it."""
        for key in filter(None, (upn, number.casefold())):
            self.refused.setdefault(key, (file, line))

    def find(self, who: Identity) -> UUID:
        """The one student meant; raises StrangerError."""
        upn = normal_upn(who.upn)
        by_upn, by_number = self.by_upn.get(upn), self.find_number(who.admission_number)
        if by_upn and by_number and by_upn != by_number:
            raise StrangerError(
                "The UPN belongs to one student and the admission number to another. Correct the one that is wrong."
            )
        if by_upn:
            return by_upn
        by_other = by_number or self._by_mis_id(who.mis_id)
        # A number may lead only where no other UPN stands against it.
        if by_other and not (is_well_formed(upn) and self.upn_of[by_other]):
            return by_other
        if upn or who.admission_number or (who.mis_id and not who.names):
            raise StrangerError(self._why_unknown(upn, who))
        return self._by_name(who)

    def find_number(self, text: str) -> UUID | None:
        """By admission number, also where a spreadsheet took the noughts in front away."""
        number = text.casefold()
        return (self.by_number.get(number) or self.by_bare_number.get(number.lstrip("0"))) if number else None

    def _by_mis_id(self, text: str) -> UUID | None:
        return (self.by_mis_id.get(text.casefold()) or self.by_number.get(text.casefold())) if text else None

    def _by_name(self, who: Identity) -> UUID:
        if not who.names:
            raise StrangerError(
                "Nothing in this row says which student it is for. It needs a UPN or an admission number."
            )
        keys = []
        if who.date_of_birth:
            keys.append(self.by_birth.get((who.names, who.date_of_birth)))
        if who.form:
            keys.append(self.by_form.get((who.names, squeezed(who.form))))
        found = {pk for pk in keys if pk}
        if len(found) == 1:
            return found.pop()
        if not who.date_of_birth and not who.form:
            raise StrangerError(
                "A name alone may fit more than one student. Export the UPN or the admission number with it."
            )
        raise StrangerError(
            "No one student has this name with this date of birth or form. Export the UPN or the admission "
            "number with it."
        )

    def _why_unknown(self, upn: str, who: Identity) -> str:
        refused = self.refused.get(upn) or self.refused.get(who.admission_number.casefold())
        if refused:
            where = f"{refused[0]}, line {refused[1]}"
            return f"The student's own row was refused ({where}). Mend that row and these will come in too."
        if is_scientific(who.upn) or is_scientific(who.admission_number):
            return (
                "A spreadsheet has turned the number into a short form and lost digits. Export again and do not save"
                " the file in Excel."
            )
        if upn and not is_well_formed(upn):
            return "This is no UPN (one letter and twelve digits), and nothing else in the row says who it is."
        near = self.tails.get(upn[1:]) if upn else None
        if near:
            return f"No student has this UPN, but {near} differs only in the check letter. Correct it in the MIS."
        return "No student on file has this number. Import the students first, or correct it in the MIS."


def _put(index: dict, key: object, pk: UUID) -> None:  # type: ignore[type-arg]
    if index.setdefault(key, pk) != pk:
        index[key] = None


def names_in(forename: str, surname: str, name: str) -> str:
    """The key of whatever name columns there are."""
    return name_key(forename, surname) if forename or surname else name_key(clean(name))
