"""Writing to the record: the one door."""

from collections.abc import Iterable
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
    event = _event(action, by, obj, student, detail)
    event.save(force_insert=True)
    return event


def record_each(action: str, *, by: Actor | None, objs: Iterable[models.Model], **detail: Any) -> None:
    """One event for each thing, in one query."""
    Event.objects.bulk_create(_event(action, by, obj, None, detail) for obj in objs)


def _event(
    action: str, by: Actor | None, obj: models.Model | None, student: UUID | str | None, detail: dict[str, Any]
) -> Event:
    origin = current_origin()
    return Event(
        action=action,
        actor_id=by.pk if by else None,
        actor_name=one_line(str(by), 200) if by else "system",
        school_id=by.school_id if by else _school_of(obj),
        object_type=obj._meta.label if obj else "",
        object_id=str(obj.pk) if obj else "",
        student_id=student or _student_of(obj),
        detail={name: _plain(value) for name, value in detail.items()},
        request_id=str(origin.request_id),
        address=origin.address,
        agent=origin.agent,
    )


def _school_of(obj: models.Model | None) -> Any:
    return obj.pk if obj and obj._meta.label == "accounts.School" else getattr(obj, "school_id", None)


def _student_of(obj: models.Model | None) -> Any:
    """A thing of a student knows whose it is; a student is its own."""
    if obj is None:
        return None
    return obj.pk if obj._meta.label == "students.Student" else getattr(obj, "student_id", None)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return one_line(value, 1000) if isinstance(value, str) else value
