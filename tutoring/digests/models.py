"""What a contact chose, and the mail of one week to one contact, without its words."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audit.history import keep_history
from core.models import Record
from students.enums import Language
from students.models import Contact, Student
from tutoring.digests.enums import Part, Rhythm, State


@keep_history(exclude=("token_hash",))
class DigestChoice(Record):
    """How often somebody at home wants the mail, as they told a member of staff; without a row: never.

    The database refuses a mail to whoever has no parental responsibility, no address, or a court order before them.
    """

    # The database itself takes it away with the contact (migration 0002).
    contact = models.OneToOneField(
        Contact, on_delete=models.DO_NOTHING, db_constraint=False, related_name="digest_choice"
    )
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="digest_choices")
    rhythm = models.CharField("how often", max_length=12, choices=Rhythm.choices, default=Rhythm.NONE)
    language = models.CharField(
        "language they read best", max_length=5, choices=Language.choices, default=Language.ENGLISH
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # For the link in the mail, of which only the hash is kept.
    site = models.URLField("address of this Waymark", max_length=200, blank=True, default="", db_default="")
    token_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    stopped_at = models.DateTimeField("stopped by themselves", null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(stopped_at=None) | Q(rhythm="none"), name="digest_stopped_is_none"),
        ]

    def __str__(self) -> str:
        return self.get_rhythm_display()


class FamilyDigest(Record):
    """The mail of the week that begins on Monday `week`, to one contact: one row, so that it goes once.

    Its words are made of what is true when it goes and are kept nowhere; `went` says which lines it had. Until it is
    taken to be sent, the tutor may leave lines out, or hold it back as a whole.
    """

    contact = models.ForeignKey(Contact, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+", db_index=False)
    week = models.DateField("week beginning")
    left_out = ArrayField(models.CharField(max_length=10, choices=Part.choices), default=list, blank=True)
    held = models.BooleanField("held back", default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    went = ArrayField(models.CharField(max_length=10, choices=Part.choices), default=list, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-week"]
        indexes = [models.Index(fields=["student", "-week"], name="digest_by_student")]
        constraints = [
            models.UniqueConstraint(fields=["contact", "week"], name="digest_once_a_week"),
            models.CheckConstraint(condition=Q(held=False) | Q(state="open"), name="digest_held_does_not_go"),
            models.CheckConstraint(
                condition=Q(state="open", taken_at=None) | (~Q(state="open") & Q(taken_at__isnull=False)),
                name="digest_taken_before_it_goes",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None, went=[])),
                name="digest_sent_has_gone",
            ),
        ]

    def __str__(self) -> str:
        return f"Week of {self.week:%d %b %Y}: {self.get_state_display()}"
