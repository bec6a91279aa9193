"""The school's tags: which there are, which a conversation may carry, and keeping the list."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from accounts.models import School, User
from audit.services import record
from tutoring.sessions.models import SessionKind, SessionTag

# So that a conversation is found again and not filed.
MOST = 5


def tags_of(school: School) -> QuerySet[SessionTag]:
    """All of them; those no longer in use too."""
    return SessionTag.objects.filter(school=school)


def with_tags(kinds: QuerySet[SessionKind]) -> QuerySet[SessionKind]:
    """The same kinds, each with the school's tags in use beside it: the form asks for both in one query."""
    offered = SessionTag.objects.filter(school=OuterRef("school"), is_active=True)
    return kinds.annotate(tags=ArraySubquery(offered.values("name")))


def tags_beside(kinds: list[SessionKind]) -> list[str]:
    """The words in use, of kinds that carry them."""
    return list(vars(kinds[0]).get("tags", [])) if kinds else []


def save_tag(*, by: User, tag: SessionTag) -> SessionTag:
    """Keep a new tag, or one that is retired or used again."""
    tag.save()
    record("session_tag.saved", by=by, obj=tag, in_use=tag.is_active)
    return tag
