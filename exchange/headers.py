"""Which file is which: recognised by its headers, never by its name alone (a name only breaks a tie)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from exchange.values import squeezed

Spellings = Mapping[str, tuple[str, ...]]


def words(text: str) -> tuple[str, ...]:
    """Squeezed spellings, the surest first, from a line of text."""
    return tuple(text.split())


# The student a row is about. Sources: headers seen in SIMS, Arbor, Bromcom, iSAMS and DfE downloads.
IDENTITY: Spellings = {
    "upn": words("upn uniquepupilnumber pupilupn studentupn upnnumber upnno upncode currentupn uniquepupilnumberupn"),
    "admission_number": words(
        "admissionno admissionnumber admissionnum adno admno admnumber adminno admissionsnumber admissionid"
        " pupiladmissionno pupiladmissionnumber studentadmissionno studentadmissionnumber rollno rollnumber schoolid"
    ),
    "mis_id": words(
        "arborstudentid studentid pupilid misid misstudentid bromcomid bromcomstudentid simsid personid studentnumber"
        " pupilnumber studentmisid externalid uniqueid studentref studentreference pupilreference isamsid"
        " globallyuniquestudentid id"
    ),
    "date_of_birth": words("dateofbirth dob birthdate birthday studentdob pupildob dateofbirthdob"),
    "form": words(
        "reggroup reg registrationgroup registrationform regform registration tutorgroup form formgroup formtutorgroup"
        " registrationgroupname registrationclass regclass currentreggroup tutorgrp reggrp formname formclass tutorform"
        " progressgroup mentorgroup pastoralgroup coachinggroup registrationtutorgroup currentform currenttutorgroup"
        " studentform group class"
    ),
}
NAMES: Spellings = {
    "surname": words(
        "legalsurname legallastname legalfamilyname surname lastname familyname studentsurname pupilsurname"
        " studentlastname pupillastname surnamelegal lastnamelegal secondname sname"
    ),
    "forename": words(
        "legalforename legalfirstname legalgivenname forename firstname givenname forenames firstnames studentforename"
        " pupilforename studentfirstname pupilfirstname forenamelegal firstnamelegal legalforenames christianname fname"
    ),
    "name": words(
        "name fullname studentname pupilname legalname legalfullname student pupil learner learnername studentfullname"
        " pupilfullname namesurnameforename surnameforename forenamesurname displayname"
    ),
}
STUDENT: Spellings = {**IDENTITY, **NAMES}


@dataclass(frozen=True)
class Kind:
    """One sort of file. Of each group in `needs` one column must be there; `weights` say how telling a column is."""

    name: str
    label: str
    columns: Spellings
    needs: tuple[frozenset[str], ...]
    weights: Mapping[str, int]
    hints: tuple[str, ...]
    unlike: frozenset[str] = field(default_factory=frozenset)
    dates: tuple[str, ...] = ("date_of_birth",)
    # Dates that lie around today; the others are over.
    ahead: frozenset[str] = field(default_factory=frozenset)

    def match(self, headers: Sequence[str]) -> dict[str, int]:
        """field → position. A header serves one field; the surest spelling of a field wins."""
        places: dict[str, int] = {}
        for place, header in enumerate(headers):
            places.setdefault(squeezed(header), place)
        found: dict[str, int] = {}
        for name, spellings in self.columns.items():
            for spelling in spellings:
                if spelling in places and places[spelling] not in found.values():
                    found[name] = places[spelling]
                    break
        return found

    def score(self, columns: Mapping[str, int], file_name: str) -> float:
        """How well the columns fit; 0 where something needed is missing."""
        if not all(group & columns.keys() for group in self.needs) or self.unlike & columns.keys():
            return 0
        hinted = any(hint in squeezed(file_name) for hint in self.hints)
        return sum(self.weights.get(name, 1) for name in columns) + (0.5 if hinted else 0)
