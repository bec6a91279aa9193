"""Writing to the record."""

from typing import Any, Protocol

from django.db import models

from audit.models import Event
from core.ids import UUID


class Actor(Protocol):
    """Whoever acts: a signed-in person; None stands for the system itself."""

    pk: UUID
    school_id: UUID | None


def record(action: str, *, by: Actor | None, obj: models.Model | None = None, **detail: Any) -> Event:
    """Add one event inside the caller's transaction, so that it stands if and only if the action does.

    `action` is a verb phrase such as "session.logged"; `detail` holds counts and ids, never narrative text.
    """
    return Event.objects.create(
        action=action,
        actor_id=by.pk if by else None,
        actor_name=str(by) if by else "system",
        school_id=by.school_id if by else None,
        object_type=obj._meta.label if obj else "",
        object_id=str(obj.pk) if obj else "",
        detail=detail,
    )
