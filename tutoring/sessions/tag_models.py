"""The words a school puts on its conversations, to find them again."""

from django.db import models
from django.db.models.functions import Lower

from accounts.models import School
from core.models import Record


class SessionTag(Record):
    """A word of the school's own. Conversations carry the word itself, so it is retired and never removed."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="session_tags", db_index=False)
    name = models.CharField("word", max_length=40)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = [Lower("name")]
        constraints = [models.UniqueConstraint("school", Lower("name"), name="session_tag_name_unique")]

    def __str__(self) -> str:
        return self.name
