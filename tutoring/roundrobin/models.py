"""What one teacher is asked of one student, and their answer; all with the same `round` are one request."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from audit.history import keep_history
from core.models import Record
from students.models import Student
from tutoring.roundrobin.enums import How

_STAFF = settings.AUTH_USER_MODEL


@keep_history(exclude=("token_hash",))
class Ask(Record):
    """Everything above `answers` stays as it was asked; the answer is given once.

    `questions` is [{"text": str, "words": [str, …]}, …] as the bank had them on that day, `answers` one word of each.
    Of the link in the mail only the hash is kept. A mail is taken (`…_taken_at`) before it goes and noted after.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="asks")
    round = models.UUIDField(db_index=True)
    asked_by = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="asks_made")
    teacher = models.ForeignKey(_STAFF, on_delete=models.PROTECT, related_name="asks")
    subjects = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=80)
    questions = models.JSONField()
    asked_at = models.DateTimeField(default=timezone.now)
    answer_by = models.DateField()
    remind_on = models.DateField("the school day before")
    token_hash = models.CharField(max_length=64, unique=True)
    good_until = models.DateTimeField("link good until")
    site = models.URLField("address of this Waymark", max_length=200)
    answers = models.JSONField(default=list, blank=True)
    words = models.CharField("anything else", max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=10, choices=How.choices, default=How.UNSAID, blank=True)
    mail_taken_at = models.DateTimeField(null=True, editable=False)
    mailed_at = models.DateTimeField(null=True, editable=False)
    reminder_taken_at = models.DateTimeField(null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["answer_by", "asked_at"]
        indexes = [models.Index(fields=["teacher", "answer_by"], condition=Q(answered_at=None), name="ask_is_open")]
        constraints = [
            models.UniqueConstraint(fields=["round", "teacher"], name="ask_once_a_teacher"),
            models.CheckConstraint(condition=~Q(teacher=models.F("asked_by")), name="ask_is_of_somebody_else"),
            models.CheckConstraint(
                condition=Q(answered_at=None, how="", words="") | (Q(answered_at__isnull=False) & ~Q(how="")),
                name="ask_answered_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, asked on {timezone.localdate(self.asked_at):%-d %B %Y}"

    @property
    def is_late(self) -> bool:
        """Not answered, and the day has gone by."""
        return self.answered_at is None and self.answer_by < timezone.localdate()

    @property
    def answered(self) -> list[tuple[str, str]]:
        """[(question, answer)], as far as answered."""
        return [(q["text"], word) for q, word in zip(self.questions, self.answers, strict=False)]
