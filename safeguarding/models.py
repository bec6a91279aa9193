"""The safeguarding file: what PostgreSQL shows only to those who must see it. Why and how: docs/decisions/0011.

Keys are made by the client and random (UUIDv4): one of a later concern tells nothing of an earlier one. Nothing here
ever leaves by a cascade. What somebody wrote is sealed with the concern's own key (safeguarding.keys).
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import School, User
from audit.history import keep_history
from core.encryption import SealedField
from safeguarding.categories import label_of
from safeguarding.enums import Kind, Level, Part, Status, Step, Store
from students.models import Student


class Secret(models.Model):
    """A row of the file. Its key tells neither when it was made nor how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class StudentKey(models.Model):
    """32 random bytes for one student, under the key ring. Every student has one, so that having one tells nothing."""

    student = models.OneToOneField(Student, primary_key=True, on_delete=models.PROTECT, related_name="+")
    wrapped = SealedField()

    def __str__(self) -> str:
        return f"Key of {self.student_id}"


@keep_history()
class Concern(Secret):
    """One worry, as it was raised, and where it stands. Who, what and where is in its entries, sealed."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    store = models.CharField(max_length=10, choices=Store.choices)
    reporter = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(editable=False)
    about_staff = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    category = models.CharField(max_length=40, blank=True)
    immediate = models.BooleanField("danger now", default=False)
    happened_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    level = models.CharField("how soon", max_length=12, choices=Level.choices, blank=True)
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    step = models.CharField("next step", max_length=20, choices=Step.choices, blank=True)
    due_on = models.DateField("by", null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "-raised_at"], name="concern_by_status"),
            models.Index(fields=["reporter", "raised_at"], name="concern_by_reporter"),
            models.Index(fields=["-raised_at"], name="concern_newest"),
            # What is not the children's, for guard.file_hidden.
            models.Index(fields=["store"], condition=~Q(store="children"), name="concern_elsewhere"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(about_staff=models.F("reporter")), name="concern_not_about_oneself"),
        ]

    def __str__(self) -> str:
        return f"Concern of {self.raised_at:%d %b %Y}"

    @property
    def category_label(self) -> str:
        return label_of(self.category) if self.category else ""


@keep_history()
class ConcernChild(Secret):
    """A child a concern is about or has to do with."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="children")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    part = models.CharField("what they have to do with it", max_length=10, choices=Part.choices, default=Part.SUBJECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["concern", "student"], name="concern_child_once")]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.student_id}"


class ConcernKey(Secret):
    """The concern's key: one copy under each child's key, or, as long as no child is known, one under the ring.

    Without a history: once the copies under children's keys are unreadable, the concern is too.
    """

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="keys")
    student = models.ForeignKey(Student, null=True, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField(null=True)
    under_ring = SealedField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(student=None, wrapped=None, under_ring__isnull=False)
                | Q(student__isnull=False, wrapped__isnull=False, under_ring=None),
                name="concern_key_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"Key of {self.concern_id}"


class Entry(Secret):
    """What somebody wrote on the file, and when. Never changed and never taken away: what is wrong gets another."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(editable=False)
    happened_on = models.DateField(null=True, blank=True)
    significant = models.BooleanField("stands out in the chronology", default=False)
    words = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["concern", "written_at"], name="entry_by_concern")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.written_at:%d %b %Y}"


class Attachment(Secret):
    """A file that came with an entry, in the same transaction; sealed like its words, its name and kind too.

    In the database and not beside it: the same policies hold it, and one backup holds the file whole.
    """

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="attachments")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="attachments")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    about = models.BinaryField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"With entry {self.entry_id}"


class Receipt(Secret):
    """What whoever raised a concern sees of it afterwards: where it stands, and what a lead chose to tell them."""

    concern = models.OneToOneField(Concern, on_delete=models.PROTECT, related_name="receipt")
    reporter = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    received_at = models.DateTimeField(null=True, blank=True)
    acting_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    told = SealedField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-raised_at"]
        indexes = [models.Index(fields=["reporter", "-raised_at"], name="receipt_by_reporter")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What two people say to each other when they mean the same concern without naming a child."""
        return self.id.hex[:6].upper()


@keep_history(exclude=("why",))
class KeptFrom(Secret):
    """Somebody who reads the file, but not this child's, or not this concern: a relative, a friend, a party to it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = SealedField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(student=None, concern__isnull=False) | Q(student__isnull=False, concern=None),
                name="kept_from_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"Kept from {self.person_id}"


class LeadAlert(Secret):
    """That somebody who reads the file has something to read, for the mail; of what, it does not say."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], condition=Q(sent_at=None), name="alert_waiting")]

    def __str__(self) -> str:
        return f"To {self.person_id}"
