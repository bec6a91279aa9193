"""Whom at home somebody spoke with and how it went, and messages of praise on their way to an e-mail address."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.history import keep_history
from core.models import Record
from students.enums import Language
from students.models import Contact, Student
from tutoring.sessions.enums import NEWS, Mode, Outcome, Sending, Tone


@keep_history()
class HomeContact(Record):
    """Beside a session that reaches home: with whom, how, what news, what came of it. No word of what was said.

    `with_whom` is the name as it was; `held_on` is the session's day, kept by a trigger.
    """

    session = models.OneToOneField("tutor_sessions.TutorSession", on_delete=models.CASCADE, related_name="home_contact")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="home_contacts", db_index=False)
    # The database itself empties it when the contact goes (migration 0016): who removes contacts may not write here.
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    held_on = models.DateField(null=True, editable=False)
    with_whom = models.CharField("with whom", max_length=200, blank=True)
    mode = models.CharField("how", max_length=10, choices=Mode.choices, default=Mode.PHONE)
    tone = models.CharField("what news", max_length=10, choices=Tone.choices, blank=True)
    outcome = models.CharField("what came of it", max_length=10, choices=Outcome.choices, default=Outcome.REACHED)

    class Meta:
        ordering = ["-held_on"]
        indexes = [models.Index(fields=["student", "-held_on"], name="home_contact_by_student")]
        constraints = [
            models.CheckConstraint(
                condition=Q(tone="") | Q(outcome__in=sorted(NEWS)), name="home_contact_news_was_told"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()}, {self.get_outcome_display().lower()}"

    @property
    def words(self) -> list[str]:
        """In a line: to whom, how, what came of it; whether a message went out yet is for the message to say."""
        outcome = "not sent" if self.never_went else "" if self.is_message else self.get_outcome_display().lower()
        return [part for part in (self.with_whom, self.get_mode_display().lower(), outcome) if part]

    @property
    def never_went(self) -> bool:
        """A message that could not be sent for good: nobody at home heard the news."""
        message: HomeMessage | None = getattr(self, "message", None) if self.is_message else None
        return message is not None and message.state == Sending.FAILED

    @property
    def news(self) -> str:
        """What news home had, in words; "" where none arrived."""
        return "" if self.never_went else self.get_tone_display()

    @property
    def is_message(self) -> bool:
        return self.mode == Mode.MESSAGE and self.outcome == Outcome.MESSAGE


class HomeMessage(Record):
    """A message waiting to be sent, and afterwards whether it was. Its words stay with the session, not here.

    `address` is where it goes, as it was on file then. A message is taken (`taken_at`) before it is handed over, so
    that it goes once or, if the worker dies in that very moment, never: nobody at home gets the same twice.

    An urgent one waits for nothing: neither for the end of quiet hours nor for the weekly mail. PostgreSQL takes it
    only from whoever may send such (migration 0028).
    """

    home_contact = models.OneToOneField(HomeContact, on_delete=models.PROTECT, related_name="message")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=2_000, blank=True)
    urgent = models.BooleanField("goes in quiet hours too", default=False, db_default=False)
    language = models.CharField(
        "language they read best", max_length=5, choices=Language.choices, default=Language.ENGLISH, db_default="en"
    )
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=Sending.choices, default=Sending.WAITING)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["send_after"]
        indexes = [
            models.Index(
                fields=["send_after"], condition=Q(state__in=["waiting", "sending"]), name="home_message_to_send"
            ),
            models.Index(fields=["by"], condition=Q(state="failed"), name="home_message_not_sent"),
        ]
        constraints = [
            # What has left keeps no words; what has not keeps them.
            models.CheckConstraint(
                condition=(Q(state__in=["waiting", "sending"]) & ~Q(body=""))
                | (~Q(state__in=["waiting", "sending"]) & Q(body="")),
                name="home_message_words_until_sent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.subject}"
