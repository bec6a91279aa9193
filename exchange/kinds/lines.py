"""The staff file's column of line managers: e-mail addresses, several with a semicolon between them.

It names and never ends: what somebody named by hand stays, and what they ended this school year does not come back. The
rules are those of the page (`accounts.lines`); an address that cannot be so is said at its row, and all else comes in.
"""

import datetime as dt
import re
from collections import defaultdict
from uuid import UUID

from accounts.models import LineManager, User
from exchange.book import Book
from exchange.findings import Severity
from exchange.headers import words
from exchange.selectors import emails_elsewhere, lines_ended
from exchange.tables import Row, RowRefusedError
from exchange.values import BadValue, read_email

FIELD = "line_manager"
SPELLINGS = words(
    "linemanager linemanagers linemanageremail linemanageremails linemanagersemail linemanageremailaddress"
    " managedby manager managers manageremail reportsto reportstoemail"
)


class LineReader:
    """Who is said to manage whom; settled once all staff are read, for a manager may stand further down."""

    def __init__(self, book: Book, touched: set[object]) -> None:
        self.book, self.touched = book, touched
        self.asked: list[tuple[Row, User]] = []

    def note(self, row: Row, user: User) -> None:
        """An empty cell says nothing."""
        if row.get(FIELD):
            self.asked.append((row, user))

    def settle(self) -> None:
        """Name those who are not named yet. A second call finds nothing left to do."""
        asked, self.asked = self.asked, []
        if not asked:
            return
        self.by_email = {user.email.casefold(): user for user in self.book.staff.rows.values()}
        self.elsewhere = emails_elsewhere(self.book.school, {part for row, _ in asked for part in _parts(row)})
        self.ended = lines_ended(self.book.school, since=self.book.year_start)
        self.above = defaultdict[UUID, list[LineManager]](list)
        for line in self.book.lines.rows.values():
            self.above[line.person_id].append(line)
        said = defaultdict[UUID, set[UUID]](set)
        for row, user in asked:
            said[user.pk] |= {manager.pk for part in _parts(row) if (manager := self._named(row, user, part))}
        for row, user in {user.pk: (row, user) for row, user in reversed(asked)}.values():
            self._tell_of_others(row, user, said[user.pk])

    def _named(self, row: Row, user: User, written: str) -> User | None:
        """Whom the address means, with a line to them; None, and a warning, where it cannot be so."""
        try:
            manager = self._manager(user, written)
        except RowRefusedError as cannot:
            row.warn(FIELD, cannot.code, f"{cannot.message} This address names nobody; the rest of the row comes in.")
            return None
        if not self._has(user, manager):
            new = LineManager(school=self.book.school, person=user, manager=manager, starts_on=self.book.today)
            self.above[user.pk].append(self.book.lines.add(new))
            self.touched.add(user.pk)
            self.book.report.add_example(row.table.name, str(user), "line manager", "", f"{manager}, from today")
        return manager

    def _has(self, user: User, manager: User) -> bool:
        return any(line.manager_id == manager.pk for line in self.above[user.pk])

    def _manager(self, user: User, written: str) -> User:
        """RowRefusedError with the reason, of which only this address is refused."""
        manager = self.by_email.get(written)
        if manager is None:
            raise self._unknown(written)
        if manager is user:
            raise _cannot("own_manager", "Nobody is their own line manager.")
        if not manager.is_active:
            raise _cannot("inactive_manager", f"{manager} can sign in no more, so nobody is managed by them.")
        if self._has(user, manager):
            return manager
        if last_day := self.ended.get((user.pk, manager.pk)):
            day = f"{last_day:%-d %B %Y}"
            raise _cannot(
                "line_ended",
                f"{manager} manages {user} no longer: ended by hand, with {day} as the last day. Correct the file; or,"
                " if it should be, name them by hand (Staff).",
            )
        if self._is_below(manager, user):
            raise _cannot("line_circle", f"{user} manages {manager}, perhaps through others: it cannot be both ways.")
        return manager

    def _unknown(self, written: str) -> RowRefusedError:
        try:
            read_email(written)
        except BadValue as bad:
            return _cannot("bad_manager", f"{written[:60]}: {bad}")
        if written in self.elsewhere:
            return _cannot("manager_elsewhere", f"{written} signs in at another school of this Waymark.")
        return _cannot("unknown_manager", f"No colleague of this school has the address {written}.")

    def _is_below(self, manager: User, user: User) -> bool:
        """Whether this manager is managed by the user on a day from today on, as `guard.line_kept` asks it."""
        up, known = [(manager.pk, self.book.today, dt.date.max)], set[tuple[UUID, dt.date, dt.date]]()
        while up:
            who, first, last = up.pop()
            if who == user.pk:
                return True
            for line in self.above[who]:
                shared = (max(first, line.starts_on), min(last, line.ends_on or dt.date.max))
                step = (line.manager_id, *shared)
                if shared[0] <= shared[1] and step not in known:
                    known.add(step)
                    up.append(step)
        return False

    def _tell_of_others(self, row: Row, user: User, said: set[UUID]) -> None:
        """Who manages them besides, by hand or by an older file, goes on: it is said, so that it can be ended."""
        staff = self.book.staff.rows
        others = [str(staff[line.manager_id]) for line in self.above[user.pk] if line.manager_id not in said]
        if said and others:
            message = f"{user} is managed by {' and '.join(others)} too, and stays so until somebody ends it (Staff)."
            row.table.say(row.line, FIELD, row.get(FIELD), Severity.INFO, "line_stays", message)


def _cannot(code: str, why: str) -> RowRefusedError:
    return RowRefusedError(FIELD, code, why)


def _parts(row: Row) -> list[str]:
    parts = [part.strip() for part in re.split(r"[;,\n]", row.raw(FIELD))]
    return list(dict.fromkeys(_plain(part) for part in parts if part))


def _plain(text: str) -> str:
    try:
        return read_email(text)[0]
    except BadValue:
        return text
