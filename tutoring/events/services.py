"""Keeping an event and for whom it is; writing what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.drafts import discard_draft
from accounts.models import House, User
from audit.services import record
from core.ids import UUID
from tutoring.events.models import Audience, SchoolEvent
from tutoring.events.selectors import may_change
from tutoring.groups.models import TutorGroup


@dataclass(frozen=True)
class ForWhom:
    """For whom an event is; all three empty for the whole school."""

    years: Iterable[int] = ()
    houses: Iterable[House] = ()
    groups: Iterable[TutorGroup] = ()

    def lines(self) -> set[tuple[UUID | None, int | None, UUID | None]]:
        """(house, year, group), one of the three named in each."""
        years = {(None, year, None) for year in self.years}
        houses = {(house.pk, None, None) for house in self.houses}
        return years | houses | {(None, None, group.pk) for group in self.groups}


@transaction.atomic
def save_event(*, by: User, event: SchoolEvent, for_whom: ForWhom) -> SchoolEvent:
    """New or changed, also called off; the database asks who may (migration 0002)."""
    if not event._state.adding and not _kept_by(by, event):
        raise PermissionDenied("An event is changed by whoever runs it and by those who keep the school’s events.")
    event.save()
    wanted = for_whom.lines()
    there = {(row.house_id, row.year_group, row.group_id): row.pk for row in Audience.objects.filter(event=event)}
    Audience.objects.filter(pk__in=[key for line, key in there.items() if line not in wanted]).delete()
    Audience.objects.bulk_create(
        Audience(event=event, house_id=house, year_group=year, group_id=group)
        for house, year, group in sorted(wanted - there.keys(), key=str)
    )
    record("school_event.saved", by=by, obj=event)
    return event


@transaction.atomic
def tell_outcome(*, by: User, event: SchoolEvent, draft: UUID) -> SchoolEvent:
    """What came of it, as the form has put it on the event; whoever says it first is named with the day."""
    if not _kept_by(by, event):
        raise PermissionDenied("What came of it is said by whoever runs it and by those who keep the school’s events.")
    if event.told_by_id is None:
        event.told_by, event.told_on = by, timezone.localdate()
    event.save()
    discard_draft(by=by, token=draft)
    record("school_event.told", by=by, obj=event)
    return event


def _kept_by(user: User, event: SchoolEvent) -> bool:
    """As the event stands in the database: a form may have named another to run it."""
    return may_change(user, SchoolEvent.objects.only("lead_id").get(pk=event.pk))
