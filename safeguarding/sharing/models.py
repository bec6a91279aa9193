"""Who reads what besides those whose role it is: for want of others, by a second person's word, by a line to staff."""

from django.db import models
from django.db.models import Q

from accounts.models import School, User
from accounts.role_words import RoleWord
from core.encryption import SealedField
from safeguarding.models import Concern, KeptFrom, Secret
from safeguarding.sharing.enums import News, Sealed
from students.models import Student
from tutoring.handover.models import Handover


class LastReader(Secret):
    """Somebody who reads this concern because nobody else did: written by PostgreSQL alone, and ended by it."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "person"], condition=Q(ended_at=None), name="last_reader_once"),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(ended_at=None), name="last_reader_of")]

    def __str__(self) -> str:
        return f"Last reader {self.person_id}"


class Confirmation(Secret):
    """Keeping the designated lead from something would leave its setter alone with it: the headteacher agrees first.

    Made by PostgreSQL when it is so. Until somebody agreed, the lead goes on reading.
    """

    kept = models.OneToOneField(KeptFrom, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed=None, decided_by=None, decided_at=None)
                | Q(agreed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="confirmation_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Asked on {self.asked_at:%d %b %Y}"


class StaffLine(Secret):
    """One line about a child that named staff need to know, for a time (duty 60). Its words stand apart from it."""

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(editable=False)
    until = models.DateField("last day")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["student"], name="staff_line_of")]

    def __str__(self) -> str:
        return f"Line of {self.published_at:%d %b %Y}"


class StaffLineWords(Secret):
    """What a line says, and, for those who keep the file, why it was published: sealed with the child's key."""

    line = models.ForeignKey(StaffLine, on_delete=models.PROTECT, related_name="sealed")
    kind = models.CharField(max_length=4, choices=Sealed.choices)
    words = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "kind"], name="staff_line_words_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.line_id}"


class StaffLineReader(Secret):
    """Somebody a line is for, and when they said that they read and understood it."""

    line = models.ForeignKey(StaffLine, on_delete=models.PROTECT, related_name="readers")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    understood_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "person"], name="staff_line_reader_once")]
        indexes = [models.Index(fields=["person"], name="staff_line_for")]

    def __str__(self) -> str:
        return f"For {self.person_id}"


class GlassBreak(Secret):
    """The headteacher opened one child's file for a stated reason, for an hour (facts 4.4); it stands as it is.

    There is one whether or not there was anything to read. The reason is sealed with the child's key.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(editable=False)
    why = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-opened_at"], name="glass_broken_by"),
            models.Index(fields=["student"], name="glass_broken_of"),
        ]

    def __str__(self) -> str:
        return f"Opened on {self.opened_at:%d %b %Y}"


class GlassSeen(Secret):
    """A lead says that they know of it: from then on it is no more on their desk. Nobody says it for another."""

    glass = models.ForeignKey(GlassBreak, on_delete=models.PROTECT, related_name="seen")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["glass", "person"], name="glass_seen_once")]

    def __str__(self) -> str:
        return f"Seen by {self.person_id}"


class HandoverAnswer(Secret):
    """A lead was asked whether the next tutor needs to know something, as at every handover, and has answered.

    What the answer was is not here: a row says neither that there is a line nor that there is none (delight 14). Each
    lead answers for themselves: where one answered for all, whose answer does not count would tell who is kept away.
    PostgreSQL notes the day it was handed on and to whom, so that another day or another tutor asks anew.
    """

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(editable=False)
    handed_on = models.DateField(null=True, editable=False)
    to = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Answered on {self.answered_at:%d %b %Y}"


class CoverWord(Secret):
    """The headteacher's written word that a leader may stand in for a lead on these days; it stands as it is.

    PostgreSQL lends a lead's role to a deputy of the whole school, or to whoever has such a word (0009).
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    away = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(auto_now_add=True)
    words = SealedField()

    def __str__(self) -> str:
        return f"Of {self.confirmed_at:%d %b %Y}"


class ReaderNews(Secret):
    """Somebody was given a role that reads the file, or a reader another address to sign in with; by PostgreSQL alone.

    `by` is nobody where one of our own jobs did it.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=7, choices=News.choices)
    role = models.CharField(max_length=30)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["school", "-at"], name="reader_news_lately")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.get_what_display()}"

    @property
    def called(self) -> RoleWord:
        """The role in the school's own word."""
        return self.school.called[self.role]
