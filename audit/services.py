"""Writing to the record: the one door."""

from typing import Any, Protocol

from django.db import models

from audit.models import Event
from audit.origin import current_origin, one_line
from core.ids import UUID


class Actor(Protocol):
    """Whoever acts: a signed-in person; None stands for the system itself."""

    pk: UUID
    school_id: UUID | None


def record(
    action: str,
    *,
    by: Actor | None,
    obj: models.Model | None = None,
    student: UUID | str | None = None,
    **detail: Any,
) -> Event:
    """Add one event inside the caller's transaction, so that it stands if and only if the action does.

    `action` is a verb phrase such as "session.logged"; `student` the key of the student it is about; `detail` holds
    counts and ids, never narrative text. The database sets the time, and the person wherever somebody is signed in.
    """
    origin = current_origin()
    return Event.objects.create(
        action=action,
        actor_id=by.pk if by else None,
        actor_name=one_line(str(by), 200) if by else "system",
        school_id=by.school_id if by else None,
        object_type=obj._meta.label if obj else "",
        object_id=str(obj.pk) if obj else "",
        student_id=student or _student_of(obj),
        detail={name: _plain(value) for name, value in detail.items()},
        request_id=origin.request_id,
        address=origin.address,
        agent=origin.agent,
    )


def _student_of(obj: models.Model | None) -> Any:
    """A thing of a student knows whose it is; a student is its own."""
    if obj is None:
        return None
    return obj.pk if obj._meta.label == "students.Student" else getattr(obj, "student_id", None)


def _plain(value: Any) -> Any:
    return one_line(value, 1000) if isinstance(value, str) else value
