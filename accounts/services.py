"""Changing the school's own settings."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import School, User
from audit.services import record


@transaction.atomic
def change_school(school: School, *, fields: Sequence[str], by: User) -> School:
    """Keep the named fields of an already validated school; says in the record which ones changed."""
    if fields:
        school.save(update_fields=list(fields))
        record("school.changed", by=by, obj=school, fields=sorted(fields))
    return school
