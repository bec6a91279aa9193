"""Who at home chose the mail, and what goes to them this week: the database says of whom one may know it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from students.languages import Words, words_of
from students.models import Contact, Student
from students.selectors import students_on_roll
from tutoring.digests.enums import Rhythm, State
from tutoring.digests.letters import Facts, Line, facts_of, lines_of, worth_sending
from tutoring.digests.models import DigestChoice, FamilyDigest
from tutoring.digests.translated import written
from tutoring.digests.weeks import goes_at, next_for
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import groups_tutored_by, groups_visible_to, students_of_group, students_visible_to
from tutoring.sessions.home import messages_waiting


@dataclass(frozen=True)
class Letter:
    """What goes, or does not go, to one contact: `facts` is None where they may not be written to just now."""

    choice: DigestChoice
    digest: FamilyDigest | None
    facts: Facts | None
    lines: list[Line]
    week: dt.date
    goes_in: dt.date
    with_it: list[str]

    @property
    def words(self) -> Words | None:
        """Of the language they read best; None where that is English."""
        return words_of(self.choice.language)

    @property
    def own(self) -> str:
        """The mail in that language, but for the link; "" where it is English."""
        if self.facts is None or not self.worth_sending:
            return ""
        return written(self.facts, self.lines, "", self.choice.language, self.with_it).own

    @property
    def this_week(self) -> bool:
        return self.goes_in == self.week

    @property
    def held(self) -> bool:
        return bool(self.digest and self.digest.held)

    @property
    def ended(self) -> bool:
        """Whether it has been sent, or is not sent any more."""
        return bool(self.digest and self.digest.state != State.OPEN)

    @property
    def worth_sending(self) -> bool:
        return bool(self.with_it) or worth_sending(self.lines)


def contacts_reached(user: User) -> QuerySet[Contact]:
    """The contacts of those students about whom this person may write home."""
    students = students_visible_to(user, Permission.PRAISE_HOME)
    return Contact.objects.filter(student__in=students).select_related("student")


def obstacle_of(contact: Contact) -> str:
    """Why no mail may go to somebody at home; "" where one may. The database asks the same (migration 0002)."""
    if contact.court_order:
        return "There is a court order: ask whoever leads safeguarding before you ring or write."
    if not contact.parental_responsibility:
        return "No parental responsibility is recorded."
    return "" if contact.email else "There is no e-mail address on file."


def choice_of(contact: Contact) -> DigestChoice | None:
    """What they chose, with who recorded it."""
    return DigestChoice.objects.select_related("recorded_by").filter(contact=contact).first()


def groups_to_preview(user: User) -> list[TutorGroup]:
    """The groups whose mails this person may look through, those they tutor first."""
    own = set(groups_tutored_by(user).values_list("pk", flat=True))
    groups = groups_visible_to(user, Permission.PRAISE_HOME)
    return sorted(groups, key=lambda group: (group.pk not in own, group.year_group or 0, group.name))


def letters_of(user: User, group: TutorGroup, week: dt.date) -> list[Letter]:
    """The mails of a group in that week, by name of student; four queries beside those for rights."""
    seen = students_on_roll(students_visible_to(user, Permission.PRAISE_HOME))
    members = seen.filter(pk__in=students_of_group(group).values("pk"))
    return _letters(Q(student__in=members), week)


def letter_to(contact: Contact, week: dt.date) -> Letter | None:
    """The mail of that week to one contact; None where they did not choose one."""
    return next(iter(_letters(Q(contact=contact), week)), None)


def _letters(whose: Q, week: dt.date) -> list[Letter]:
    chosen = DigestChoice.objects.filter(whose).exclude(rhythm=Rhythm.NONE).select_related("contact", "student")
    choices = list(chosen.order_by("student__sort_name", "contact__priority"))
    keys = [choice.contact_id for choice in choices]
    rows = {row.contact_id: row for row in FamilyDigest.objects.filter(contact__in=keys, week=week)}
    facts = facts_of(keys, week)
    waiting = messages_waiting(keys)
    return [
        _letter(choice, rows.get(choice.contact_id), facts.get(choice.contact_id), week, waiting[choice.contact_id])
        for choice in choices
    ]


def _letter(
    choice: DigestChoice, digest: FamilyDigest | None, facts: Facts | None, week: dt.date, with_it: list[str]
) -> Letter:
    lines = lines_of(facts, digest.left_out if digest else ()) if facts else []
    if digest and digest.state == State.SENT:
        lines = [line for line in lines if line.part in digest.went]
    return Letter(choice, digest, facts, lines, week, next_for(choice.rhythm, week), with_it)


def digests_of(student: Student, contacts: Iterable[UUID], limit: int = 8) -> QuerySet[FamilyDigest]:
    """What became of the last mails to these contacts, the newest first."""
    return FamilyDigest.objects.filter(student=student, contact__in=list(contacts)).order_by("-week")[:limit]


def is_over(week: dt.date) -> bool:
    """Whether the mails of that week have begun to go."""
    return timezone.now() >= goes_at(week)
