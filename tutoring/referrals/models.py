"""Referrals: the school's directory of agencies with their people, a referral of one student, and its history."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import School, User
from audit.history import keep_history
from core.models import Record
from students.models import Student
from tutoring.referrals.around_models import KeyPerson as KeyPerson
from tutoring.referrals.around_models import MeetingRecord as MeetingRecord
from tutoring.referrals.around_models import PersonAround as PersonAround
from tutoring.referrals.enums import CLOSED, WORDS, Consent, NoteKind, Place, Status
from tutoring.referrals.mentoring_models import Mentoring as Mentoring


class Agency(Record):
    """Somebody a school refers to: outside, or inside it (the SENCO, the counsellor). Each school keeps its own."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="agencies")
    name = models.CharField(max_length=100)
    place = models.CharField(max_length=10, choices=Place.choices, default=Place.OUTSIDE)
    helps_with = models.CharField("what they help with", max_length=400)
    eligible = models.CharField("who can be referred", max_length=400, blank=True)
    how_to_refer = models.CharField(max_length=400, blank=True)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        verbose_name_plural = "agencies"
        ordering = ["place", "name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="agency_once_a_school")]

    def __str__(self) -> str:
        return self.name


class AgencyContact(Record):
    """A named person at an agency; one who has gone stays on the list, out of use."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=100)
    role = models.CharField("what they do there", max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField("still there", default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@keep_history()
class Referral(Record):
    """One student referred to one agency. Whom, to whom, by whom, why and on what consent stay as sent.

    `expected_by`: the day a reply is expected by, none where nothing is waited for. Closed by `closed_on`, with what
    came of it and what the referrer is told; `feedback_seen_on`: the day the referrer first read that.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="referrals")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="referrals")
    referred_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="referrals_made")
    key_person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="referrals_held")
    submission = models.UUIDField(unique=True)
    sent_on = models.DateField(default=timezone.localdate)
    reason = models.TextField(max_length=3_000)
    consent = models.CharField(max_length=10, choices=Consent.choices)
    consent_words = models.TextField("who agreed and when, or why without", max_length=3_000, blank=True)
    status = models.CharField(max_length=15, choices=Status.choices, default=Status.SENT)
    expected_by = models.DateField("reply expected by", null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals_closed"
    )
    outcome = models.TextField("what came of it", max_length=3_000, blank=True)
    feedback = models.TextField("feedback to the referrer", max_length=3_000, blank=True)
    feedback_seen_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-sent_on", "-created_at"]
        indexes = [
            models.Index(fields=["student", "-sent_on"], name="referral_student_day"),
            models.Index(fields=["key_person"], condition=Q(closed_on=None), name="referral_held_open"),
            models.Index(fields=["referred_by"], condition=Q(feedback_seen_on=None), name="referral_made_unseen"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(consent=Consent.NONE) | Q(consent_words__regex=WORDS), name="referral_consent_or_reason"
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED, closed_on__isnull=False, closed_by__isnull=False)
                | (~Q(status__in=CLOSED) & Q(closed_on=None, closed_by=None)),
                name="referral_closed_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(outcome__regex=WORDS, feedback__regex=WORDS),
                name="referral_closed_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SENT) | Q(expected_by__isnull=False), name="referral_sent_expects_reply"
            ),
        ]

    def __str__(self) -> str:
        return f"Referral to {self.agency}"

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def days_late(self) -> int:
        """Days past the day a reply was expected by; 0 where none is, or it is closed."""
        if self.closed_on or self.expected_by is None:
            return 0
        return max(0, (timezone.localdate() - self.expected_by).days)

    @property
    def is_due_today(self) -> bool:
        return self.closed_on is None and self.expected_by == timezone.localdate()

    @property
    def days_out(self) -> int:
        """Days from sending it until today, or until it was closed."""
        return ((self.closed_on or timezone.localdate()) - self.sent_on).days

    @property
    def waits_to_be_read(self) -> bool:
        """Closed, and the referrer has not read the feedback."""
        return self.closed_on is not None and self.feedback_seen_on is None


class ReferralNote(Record):
    """A dated line of a referral's history; lines are added, never changed or taken away.

    `status`: how the referral stood from then on, where the line changed it.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="notes")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submission = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10, choices=NoteKind.choices)
    on = models.DateField("day", default=timezone.localdate)
    words = models.TextField(max_length=3_000, blank=True)
    status = models.CharField(max_length=15, choices=Status.choices, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["on", "created_at"]
        indexes = [models.Index(fields=["referral", "on"], name="referral_note_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[NoteKind.REPLY, NoteKind.CHASED]) | Q(words__regex=WORDS),
                name="referral_note_has_words",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
