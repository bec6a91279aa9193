"""The staff file: people who will sign in, what they do, and whom they tutor. Passwords are never imported."""

import datetime as dt

from accounts.enums import HOUSE_ROLES, YEAR_ROLES, Role
from accounts.models import House, Membership, User
from exchange.book import Book
from exchange.findings import Severity
from exchange.headers import Kind, words
from exchange.kinds import lines
from exchange.kinds.roles import LONGEST, roles_in, years_in, years_named
from exchange.selectors import RoleKey, emails_elsewhere, roles_ended
from exchange.tables import Row, RowRefusedError, Table
from exchange.values import BadValue, read_email, split_name, split_title
from tutoring.groups.models import TutorAssignment, TutorGroup

KIND = Kind(
    name="staff",
    label="Staff",
    columns={
        "staff_code": words(
            "staffcode teachercode code initials staffinitials teacherinitials staffid employeeid teacherid"
            " payrollnumber employeenumber id"
        ),
        "title": words("title salutation"),
        "surname": words(
            "legalsurname surname lastname familyname legallastname staffsurname preferredsurname preferredlastname"
        ),
        "forename": words(
            "preferredforename preferredfirstname forename firstname givenname legalforename legalfirstname"
            " staffforename"
        ),
        "name": words("name fullname staffname staffmember teachername teacher employee displayname staff"),
        "email": words(
            "email workemail emailaddress staffemail schoolemail workemailaddress primaryemail"
            " emailaddresswork username"
        ),
        "role": words(
            "role jobtitle roles position post jobrole stafftype responsibility responsibilities roletitle"
            " businessrole businessroles job posttitle mainrole"
        ),
        "form": words(
            "reggroup tutorgroup registrationgroup registrationform form formgroup reg regform registration"
            " tutorof formtutorof formtutorgroup progressgroup group mentorgroup tutorform"
        ),
        "house": words("house academichouse housename alliance pastoralhouse college"),
        "year_group": words("yeargroup year ncyear headofyear yr yearresponsibility"),
        lines.FIELD: lines.SPELLINGS,
        "left_on": words("leavingdate dateofleaving enddate dateleft employmentend leavedate"),
        "student_marker": words(
            "upn uniquepupilnumber admissionno admissionnumber adno dateofadmission relationship"
            " parentalresponsibility subject mark senstatus arborstudentid studentid pupilid ncyearactual"
        ),
    },
    needs=(frozenset({"surname", "name"}), frozenset({"role", "staff_code", "email"})),
    weights={"role": 5, "staff_code": 3, "title": 1},
    hints=("staff", "teacher", "employee", "workforce"),
    unlike=frozenset({"student_marker"}),
    dates=("left_on",),
)

OWN_ROLE = (
    "Nobody gives themselves a role. It is not given: have a colleague do it who imports, or gives roles by hand."
)


class StaffReader:
    """Reads the staff files. One person may stand in several rows, one for each role."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.listed: dict[object, Table] = {}
        self.groups: dict[object, set[str]] = {}
        self.touched: set[object] = set()
        self.named: set[str] = set()
        self.lines = lines.LineReader(book, self.touched)
        self.by_email = {u.email.casefold(): u for u in book.staff.rows.values()}
        self.by_code = {u.staff_code.casefold(): u for u in book.staff.rows.values() if u.staff_code}
        self.elsewhere: set[str] = set()
        self.ended: dict[RoleKey, dt.date] = {}
        self.known = {(m.user_id, m.role, m.house_id, m.year_group): m for m in book.memberships.rows.values()}
        self.held = {(a.membership_id, a.group_id) for a in book.assignments.rows.values()}

    def read(self, table: Table) -> None:
        """Every row of one file."""
        rows = list(table.rows())
        self.elsewhere = emails_elsewhere(self.book.school, {_email_or_none(r) for r in rows} - {""})
        self.ended = roles_ended(self.book.school, since=self.book.year_start)
        for row in rows:
            try:
                self._take(row)
            except RowRefusedError as refused:
                row.refuse(refused)

    def _take(self, row: Row) -> None:
        groups = [
            g for part in row.get("form").replace("/", ",").replace(";", ",").split(",") if (g := part.strip()[:30])
        ]
        self.named |= {g.casefold() for g in groups}
        title, surname, forename = row.get("title", 10), row.get("surname", 100), row.get("forename", 100)
        if row.get("name") and not surname:
            found, name = split_title(row.raw("name"))
            title, (forename, surname) = title or found[:10], split_name(name)
        if not surname:
            raise RowRefusedError(
                "surname", "missing_name", "The surname is missing. Fill it in in the MIS and export again."
            )
        email, left_on = self._email(row), row.date("left_on")
        user = self._person(row, email, left_on is not None and left_on < self.book.today)
        if user is None:
            row.table.file.left += 1
            return
        code = row.get("staff_code", 30)
        values = {"title": title, "first_name": forename, "last_name": surname, "staff_code": code}
        self._set(user, {f: v for f, v in values.items() if v})
        self.listed.setdefault(user.pk, row.table)
        self.book.know_staff(user)
        if left_on is None or left_on >= self.book.today:
            self._give_roles(row, user, groups)
            self.lines.note(row, user)
        elif user.is_active:
            self._set(user, {"is_active": False})

    def _email(self, row: Row) -> str:
        try:
            email, straightened = read_email(row.get("email"))
        except BadValue as bad:
            raise RowRefusedError(
                "email", "bad_email", f"{bad} Nobody can sign in with it. Correct it in the MIS and export again."
            ) from bad
        if straightened:
            row.inform("email", "curly_apostrophe", f"No email address has a curly apostrophe; it is read as {email}.")
        if email in self.elsewhere:
            raise RowRefusedError(
                "email", "email_elsewhere", "This address signs in at another school of this Waymark already."
            )
        return email

    def _person(self, row: Row, email: str, has_left: bool) -> User | None:
        """The user meant, made if there is none; None for a leaver nobody knows."""
        code = row.get("staff_code").casefold()
        by_email, by_code = self.by_email.get(email), self.by_code.get(code)
        if by_email and by_code and by_email is not by_code:
            raise RowRefusedError(
                "email",
                "conflicting_identity",
                f"The address belongs to {by_email} and the staff code to {by_code}. Correct the one that is wrong.",
            )
        user = by_email or by_code
        if user is None and has_left:
            return None
        if user is None and not email:
            raise RowRefusedError(
                "email",
                "missing_email",
                "Without an email address the person cannot sign in. Fill it in in the MIS and export again.",
            )
        if user is None:
            user = self.book.staff.add(User(email=email, school=self.book.school))
            user.set_unusable_password()
        elif email and user.email != email:
            row.warn(
                "email", "changed_email", f"{user} signed in with {user.email} until now; the new address is kept."
            )
            self._set(user, {"email": email})
        self.by_email[user.email], self.by_code[code] = user, user
        self.by_code.pop("", None)
        return user

    def _set(self, user: User, values: dict[str, object]) -> None:
        # The first row about a person describes them; later rows add roles.
        if user.pk not in self.listed:
            self.book.staff.change(user, **values)

    def _give_roles(self, row: Row, user: User, groups: list[str]) -> None:
        written = row.get("role", LONGEST)
        roles = roles_in(written, self.book.school.called)
        if written and not roles:
            row.warn(
                "role",
                "unknown_role",
                "Waymark does not know this role. The person is made but sees no student until a role is given.",
            )
        if groups and Role.TUTOR not in roles:
            roles.append(Role.TUTOR)
        for role in roles:
            for membership in self._memberships(row, user, role):
                if role is Role.TUTOR:
                    self._assign(row, user, membership, [self.book.group(g) for g in groups])

    def _memberships(self, row: Row, user: User, role: Role) -> list[Membership]:
        """One for each year of a head of several; none, and a finding, where the row says no house or year."""
        house = self.book.house(row.get("house", 60)) if role in HOUSE_ROLES else None
        years: list[int | None] = [*self._years(row, role)] if role in YEAR_ROLES else []
        called = self.book.school.called[role].mid
        if role in HOUSE_ROLES and house is None:
            row.warn(
                "house",
                "missing_house",
                f"The row does not say which house the {called} has. The role is not given.",
            )
            return []
        if role in YEAR_ROLES and not years:
            row.warn(
                "role",
                "missing_year",
                f"The row does not say which year the {called} has. The role is not given.",
            )
            return []
        found = [self._membership(row, user, role, house, year) for year in years or [None]]
        return [membership for membership in found if membership]

    def _years(self, row: Row, role: Role) -> list[int]:
        """As the column of years says, or else the role: "Year 9", "7-9", "Head of KS3"."""
        written = row.get("year_group")
        return years_in(written) or years_named(row.get("role"), role, self.book.school.called)

    def _membership(self, row: Row, user: User, role: Role, house: House | None, year: int | None) -> Membership | None:
        key = (user.pk, role.value, house.pk if house else None, year)
        if key not in self.known:
            if self.book.by == user:
                row.warn("role", "own_role", OWN_ROLE)
                return None
            if key in self.ended:
                self._tell_of_end(row, user, role, year, self.ended[key])
                return None
            self.touched.add(user.pk)
            new = Membership(user=user, school=self.book.school, role=role.value, house=house, year_group=year)
            new.starts_on = self.book.year_start
            self.known[key] = self.book.memberships.add(new)
        return self.known[key]

    def _tell_of_end(self, row: Row, user: User, role: Role, year: int | None, last_day: dt.date) -> None:
        """The MIS may say for weeks what a colleague has ended here: it does not come back by itself."""
        where = f" for Year {year}" if year else ""
        row.warn(
            "role",
            "role_ended",
            f"{user} is no longer {self.book.school.called[role].mid}{where}: ended by hand, with {last_day:%-d %B %Y}"
            " as the last day. It is not given again. Correct the MIS; or, if it should be, give it by hand (Staff).",
        )

    def _assign(self, row: Row, user: User, membership: Membership, groups: list[TutorGroup]) -> None:
        self.groups.setdefault(membership.pk, set()).update(g.name.casefold() for g in groups)
        for group in groups:
            if (membership.pk, group.pk) not in self.held:
                self.held.add((membership.pk, group.pk))
                self._tell_of_others(row, user, group)
                starts_on = self.book.year_start if membership.pk in self.book.memberships.made else self.book.today
                self.book.assignments.add(TutorAssignment(membership=membership, group=group, starts_on=starts_on))
                self.touched.add(user.pk)

    def _tell_of_others(self, row: Row, user: User, group: TutorGroup) -> None:
        """A group that has a tutor gets another: that opens its students to one more person, so it is said by name."""
        book = self.book
        before = [a for a in book.assignments.rows.values() if a.group_id == group.pk and a.ends_on is None]
        tutors = [
            str(book.staff.rows[book.memberships.rows[a.membership_id].user_id])
            for a in before
            if a.pk not in book.assignments.made
        ]
        if tutors:
            row.warn("form", "second_tutor", f"{group.name} has {' and '.join(tutors)} as tutor; {user} joins them.")

    def settle(self) -> None:
        """A tutor whose rows name other groups than before gives up the old ones from yesterday."""
        yesterday = self.book.today - dt.timedelta(days=1)
        for held in self.book.assignments.rows.values():
            named = self.groups.get(held.membership_id)
            group = self.book.groups.rows[held.group_id]
            if named and group.name.casefold() not in named and held.ends_on is None:
                self.book.assignments.change(held, ends_on=max(held.starts_on, yesterday))
                user = self.book.staff.rows[self.book.memberships.rows[held.membership_id].user_id]
                self.touched.add(user.pk)
                table = self.listed[user.pk]
                table.say(0, "form", group.name, Severity.INFO, "tutor_moved", f"{user} no longer has {group.name}.")

    def count(self) -> None:
        """Tell each file how many of its people are made, changed and left."""
        changed = self.book.staff.changed.keys() | self.touched
        for pk, table in self.listed.items():
            made = pk in self.book.staff.made
            table.file.made += made
            table.file.changed += not made and pk in changed
            table.file.left += not made and pk not in changed


def _email_or_none(row: Row) -> str:
    try:
        return read_email(row.raw("email"))[0]
    except BadValue:
        return ""
