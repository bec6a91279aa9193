"""The directory, referrals that whoever acts may read, those that wait for somebody, one's history."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from core.whole_days import whole_days
from students.due import Lines
from students.models import Student
from tutoring.groups.falling import falls_to_me, left_to_tutor
from tutoring.groups.selectors import staff_who_see, students_led_by, students_visible_to, values_of
from tutoring.referrals.enums import NoteKind
from tutoring.referrals.models import Agency, AgencyContact, Referral, ReferralNote

MOST_WORDS = 6
# Feedback is news for whoever asked for it, and waits for them while they are away.
DUE = f"""
SELECT CASE WHEN r.closed_on IS NULL THEN 'referral' ELSE 'feedback' END, r.id, a.name, r.student_id,
       coalesce(r.closed_on, r.expected_by), '', r.key_person_id, 0
  FROM referrals_referral r JOIN referrals_agency a ON a.id = r.agency_id
 WHERE r.closed_on IS NULL AND r.expected_by <= %(today)s
       AND {falls_to_me("r.referred_by_id", "r.key_person_id", student="r.student_id", wanted=Permission.VIEW_REFERRAL)}
    OR r.closed_on IS NOT NULL AND r.feedback_seen_on IS NULL AND (r.referred_by_id = %(me)s
       OR {left_to_tutor("r.referred_by_id", student="r.student_id", wanted=Permission.VIEW_REFERRAL)})
"""  # noqa: S608 (our own text; values are parameters)


def agencies_of(school: School) -> QuerySet[Agency]:
    """The whole directory with its people, also what is no longer in use."""
    people = Prefetch("contacts", AgencyContact.objects.filter(is_active=True), to_attr="people")
    return Agency.objects.filter(school=school).prefetch_related(people)


def agencies_found(school: School, text: str = "", place: str = "") -> QuerySet[Agency]:
    """Those in use; each word of the text must stand somewhere in the entry or in the name of one of its people."""
    found = agencies_of(school).filter(is_active=True)
    if place:
        found = found.filter(place=place)
    for word in text.split()[:MOST_WORDS]:
        person = AgencyContact.objects.filter(
            Q(name__icontains=word) | Q(role__icontains=word), agency=OuterRef("pk"), is_active=True
        )
        found = found.filter(
            Q(name__icontains=word)
            | Q(helps_with__icontains=word)
            | Q(eligible__icontains=word)
            | Q(how_to_refer__icontains=word)
            | Exists(person)
        )
    return found


def contacts_of(school: School) -> QuerySet[AgencyContact]:
    """Everybody named in the directory, also who has gone."""
    return AgencyContact.objects.filter(agency__school=school).select_related("agency")


def contacts_in_use(agency: Agency) -> list[AgencyContact]:
    """Whom to ring or write to at an agency."""
    return list(agency.contacts.filter(is_active=True))


def people_to_hold(student: Student) -> QuerySet[User]:
    """Who can be the key person: whoever may read referrals of this student."""
    return staff_who_see(student, Permission.VIEW_REFERRAL).order_by("last_name", "first_name", "pk")


def referrals_readable() -> QuerySet[Referral]:
    """What whoever acts may read; the database says which (migration 0002)."""
    return Referral.objects.select_related("student", "agency", "referred_by", "key_person", "closed_by")


def may_hand_over(user: User, referral: Referral) -> bool:
    """Whoever makes referrals of this student, and whoever made this one."""
    team = students_visible_to(user, Permission.MAKE_REFERRAL).filter(pk=referral.student_id)
    return referral.referred_by_id == user.pk or team.exists()


def referrals_of_student(student: Student) -> list[Referral]:
    """All of one student's, open ones first, in one query."""
    return list(_open_first(referrals_readable().filter(student=student)))


def referrals_told(student: Student, before: dt.date, least: int) -> QuerySet[Referral]:
    """Those sent or closed latest before that day, each by whole days, in one query."""
    rows = Referral.objects.filter(student=student).order_by()
    sent = whole_days(rows.filter(sent_on__lt=before), "sent_on", least)
    closed = whole_days(rows.filter(closed_on__lt=before), "closed_on", least)
    told = Q(pk__in=sent.values("pk")) | Q(pk__in=closed.values("pk"))
    return referrals_readable().filter(told).order_by("-sent_on", "-created_at")


@dataclass(frozen=True)
class Wanted:
    """What a list of referrals is narrowed to; each "" is everything.

    whose: "mine", "led" (the house or year one leads) or ""; state: "open", "late" or "closed".
    """

    whose: str = ""
    state: str = ""
    agency: UUID | None = None


def referrals_listed(user: User, wanted: Wanted, today: dt.date) -> QuerySet[Referral]:
    """Open ones first, the longest overdue on top; each with `chased`, how often."""
    found = referrals_readable()
    if wanted.whose == "mine":
        found = found.filter(_mine(user))
    elif wanted.whose == "led":
        found = found.filter(student__in=students_led_by(user))
    if wanted.state == "closed":
        found = found.filter(closed_on__isnull=False)
    elif wanted.state:
        found = found.filter(closed_on=None)
    if wanted.state == "late":
        found = found.filter(expected_by__lt=today)
    if wanted.agency:
        found = found.filter(agency=wanted.agency)
    return _open_first(found).annotate(chased=Count("notes", filter=Q(notes__kind=NoteKind.CHASED)))


def _open_first(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    return referrals.order_by(F("closed_on").desc(nulls_first=True), F("expected_by").asc(nulls_last=True), "sent_on")


def _mine(user: User) -> Q:
    return Q(referred_by=user) | Q(key_person=user)


def referrals_due(user: User, today: dt.date) -> list[Lines]:
    """A reply due today or overdue to what this person made or holds ("referral"), and feedback to what they made that
    they have not read ("feedback"); and what falls to them of others' (tutoring.groups.falling).
    """
    return [(DUE, values_of(user, today))]


def notes_of(referral: Referral) -> list[ReferralNote]:
    """Its history, the latest first, in one query."""
    return list(referral.notes.select_related("by").order_by("-on", "-created_at"))
