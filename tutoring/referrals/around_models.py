"""Who is concerned with a student outside the school, who keeps it together inside, and what a meeting of them held."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from audit.history import keep_history
from core.models import Record
from students.models import Student
from tutoring.referrals.enums import WORDS, Consent
from tutoring.sessions.models import TutorSession

LONGEST_NAME = 220  # of somebody at a meeting, with what they are


@keep_history()
class PersonAround(Record):
    """Somebody outside the school who is concerned with a student: named in the directory (`contact`), or nowhere else.

    `may_know`: what they may be told, and on whose consent; without consent the reason is compulsory.
    One who is no longer concerned gets a day (`until`) and stays.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="people_around")
    contact = models.ForeignKey(
        "referrals.AgencyContact", verbose_name="in the directory", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    name = models.CharField(max_length=100)
    role = models.CharField("what they are to the student", max_length=100)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    since = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True, blank=True)
    may_know = models.CharField("what they may be told", max_length=300)
    consent = models.CharField(max_length=10, choices=Consent.choices)
    consent_words = models.CharField("who agreed and when, or why without", max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "people around"
        ordering = ["name"]
        indexes = [models.Index(fields=["student", "until"], name="person_around_student")]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="person_around_days"),
            models.CheckConstraint(
                condition=~Q(consent=Consent.NONE) | Q(consent_words__regex=WORDS),
                name="person_around_consent_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.role}"

    @property
    def number(self) -> str:
        """Their own, else the directory's."""
        return self.phone or (self.contact.phone if self.contact else "")

    @property
    def address(self) -> str:
        """Of their e-mail: their own, else the directory's."""
        return self.email or (self.contact.email if self.contact else "")


@keep_history()
class KeyPerson(Record):
    """Who of the staff keeps everything about a student together, from a day to a day; nobody named: the tutor."""

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="key_people")
    staff = models.ForeignKey(User, on_delete=models.PROTECT, related_name="key_person_of")
    since = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "key people"
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(fields=["student"], condition=Q(until=None), name="key_person_one_at_a_time"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="key_person_days"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} since {self.since:%d %b %Y}"


@keep_history()
class MeetingRecord(Record):
    """What a meeting held beside its words: who came, who sent apologies, what was decided, when it meets again.

    It belongs to one conversation, and is as private as that is; its actions are that conversation's next steps.
    Names stand as they were on the day: minutes do not change when somebody leaves.
    """

    session = models.OneToOneField(TutorSession, on_delete=models.CASCADE, related_name="meeting")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="meetings")
    came = ArrayField(models.CharField(max_length=LONGEST_NAME), default=list)
    apologies = ArrayField(models.CharField(max_length=LONGEST_NAME), default=list, blank=True)
    minutes_to = ArrayField(
        models.CharField(max_length=LONGEST_NAME), verbose_name="minutes shared with", default=list, blank=True
    )
    minutes_words = models.CharField("how the minutes go, and on whose consent", max_length=300, blank=True)
    decided = models.TextField("what was decided", max_length=5_000)
    next_on = models.DateField("next meeting", null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["student", "next_on"], condition=Q(next_on__isnull=False), name="meeting_again")
        ]

    def __str__(self) -> str:
        return f"Meeting of {len(self.came)}"
