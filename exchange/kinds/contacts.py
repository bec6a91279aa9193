"""The contacts file: whom to ring at home, in which order, and whether a court order stands."""

from collections import Counter
from uuid import UUID

from exchange.book import Book
from exchange.headers import IDENTITY, Kind, words
from exchange.linking import Linker
from exchange.tables import Row, RowRefusedError, Table
from exchange.values import BadValue, read_boolean, read_email, read_whole_number, shortened, split_name, split_title

KIND = Kind(
    name="contacts",
    label="Contacts",
    columns={
        **{field: spellings for field, spellings in IDENTITY.items() if field != "form"},
        "student_surname": words(
            "studentsurname pupilsurname studentlastname pupillastname studentlegalsurname pupillegalsurname"
            " legalsurname"
        ),
        "student_forename": words(
            "studentforename pupilforename studentfirstname pupilfirstname studentlegalforename"
            " pupillegalforename legalforename"
        ),
        "student_name": words(
            "studentname pupilname student pupil studentfullname pupilfullname childname child learner"
        ),
        "form": words(
            "reggroup tutorgroup registrationgroup registrationform form reg tutor group studentform pupilform"
        ),
        "priority": words(
            "priority contactpriority order contactorder callorder callingorder sequence contactsequence contactno"
        ),
        "title": words("title contacttitle parenttitle salutation"),
        "surname": words(
            "contactsurname parentsurname contactlastname parentlastname guardiansurname surname lastname familyname"
        ),
        "forename": words(
            "contactforename parentforename contactfirstname parentfirstname guardianforename forename"
            " firstname givenname"
        ),
        "name": words(
            "contactname parentname parentcarername guardianname contactfullname parentfullname fullname name"
            " contact parent parentcarer guardian"
        ),
        "relationship": words(
            "relationship relation relationshiptostudent relationshiptopupil relationshiptochild contacttype"
            " relationshiptype contactrelationship"
        ),
        "parental_responsibility": words(
            "parentalresponsibility pr hasparentalresponsibility responsibility parentalresp legalguardian"
            " parentalresponsibilityflag"
        ),
        "court_order": words("courtorder courtorders hascourtorder courtorderinplace"),
        "phone": words(
            "mobile mobilenumber mobilephone mobiletelephone mobilephonenumber mobiletel telephone phone"
            " phonenumber telephonenumber primarytelephone primaryphone mainphone mainphonenumber"
            " contactnumber contacttelephone telephone1 phone1 tel contactphone defaultphone"
        ),
        "phone_2": words(
            "hometelephone homephone homenumber hometel landline worktelephone workphone daytelephone"
            " telephone phone daytimephone"
        ),
        "email": words("email emailaddress contactemail parentemail primaryemail homeemail email1 contactemailaddress"),
        "address": words(
            "address fulladdress homeaddress contactaddress addressblock addressline1 address1 street"
            " streetaddress postaladdress"
        ),
        "address_2": words("addressline2 address2 locality district"),
        "address_3": words("town posttown city addressline3 address3"),
        "postcode": words("postcode postalcode zip contactpostcode"),
    },
    needs=(
        frozenset({"upn", "admission_number", "mis_id", "student_name", "student_surname"}),
        frozenset({"relationship", "parental_responsibility", "court_order", "priority"}),
        frozenset({"surname", "name"}),
    ),
    weights={
        "relationship": 6,
        "parental_responsibility": 6,
        "court_order": 4,
        "priority": 3,
        "phone": 2,
        "address": 2,
    },
    hints=("contact", "parent", "guardian", "famil"),
)
_COLUMNS = ("priority", "title", "parental_responsibility", "court_order", "phone", "email", "address", "postcode")
_PR_WORDS = frozenset({"pr", "parentalresponsibility", "responsible"})


def read_contacts(table: Table, book: Book) -> None:
    """Stage every contact of a known student."""
    stage, number = book.stages["contacts"], book.number_of(table)
    stage.given[number] = tuple(c for c in _COLUMNS if _is_given(table, c))
    linker, places = Linker(table, book.roster, "student_"), Counter[UUID]()
    for row in table.rows():
        student_id = linker.student_id(row.line, row.cells)
        if student_id is None:
            continue
        try:
            places[student_id] += 1
            stage.add((number, row.line, student_id, *_contact(row, places[student_id])))
        except RowRefusedError as refused:
            row.refuse(refused)
    linker.tell_strangers()


def _is_given(table: Table, column: str) -> bool:
    """Whether the file says anything about the column: a title may stand in the name, a number at home only."""
    others = {"title": {"name"}, "phone": {"phone_2"}}.get(column, set())
    return column == "priority" or bool({column, *others} & table.columns.keys())


def _contact(row: Row, place: int) -> tuple[object, ...]:
    """surname, forename, relationship and then the values of the stage; None for a column the file does not have."""
    surname, forename, title = row.get("surname", 100), row.get("forename", 100), row.get("title", 20)
    if row.get("name") and not surname:
        found, name = split_title(row.raw("name"))
        title, (forename, surname) = title or found, split_name(name)
    if not surname:
        if not forename:
            raise RowRefusedError(
                "surname" if row.has("surname") else "name",
                "missing_name",
                "The contact has no name. Fill it in in the MIS and export again.",
            )
        surname, forename = forename, ""
    phone = row.get("phone") or row.get("phone_2")
    address = ", ".join(filter(None, (row.get(f) for f in ("address", "address_2", "address_3"))))
    return (
        surname[:100],
        forename[:100],
        row.get("relationship", 50),
        _priority(row, place),
        title if _is_given(row.table, "title") else None,
        _flag(row, "parental_responsibility"),
        _flag(row, "court_order"),
        shortened(phone, 30) if _is_given(row.table, "phone") else None,
        _email(row) if row.has("email") else None,
        shortened(address, 300) if row.has("address") else None,
        row.get("postcode", 10) if row.has("postcode") else None,
    )


def _priority(row: Row, place: int) -> int:
    try:
        return max(0, min(read_whole_number(row.get("priority")) or place, 999))
    except BadValue:
        return place


def _flag(row: Row, field: str) -> bool | None:
    if not row.has(field):
        return None
    try:
        return read_boolean(row.get(field), _PR_WORDS)
    except BadValue:
        # Words in place of yes or no: an order is described, a responsibility is not certain.
        if field == "parental_responsibility":
            row.warn(field, "unknown_parental_responsibility", "It is neither yes nor no; it is read as no.")
        return field == "court_order"


def _email(row: Row) -> str:
    try:
        return read_email(row.get("email"))[0]
    except BadValue as bad:
        row.warn("email", "bad_email", f"{bad} The contact comes in without it.")
        return ""
