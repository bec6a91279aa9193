"""Reading a word of the file: first that it is opened stands on the record, committed; then PostgreSQL shows it.

A page that shows words notes the opening and sends the browser to itself again: the note is then of a transaction that
is over, as `guard.concerns_opened` wants it. It holds for a minute. A search, or the child's whole file, opens words as
well; each concern that is then looked at is noted all the same.
"""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.step_up import StepUpRequiredMixin
from audit.models import Event
from audit.services import record
from safeguarding.models import Concern, Entry

HOLDS = dt.timedelta(seconds=60)
JUST_NOW = dt.timedelta(seconds=20)


class FilePage(StaffPageMixin, StepUpRequiredMixin):
    """A page of the file: for those who may open it, after a fresh proof of who they are."""

    permission_required: Any = Permission.OPEN_FILE

    def opened(self, thing: models.Model, of: models.QuerySet[Concern]) -> HttpResponse | None:
        """None where the words of these concerns may be read now; else the way there, on the record already.

        `thing` is the concern, or the student whose whole file it is.
        """
        waiting = of.exclude(pk__in=Entry.objects.filter(concern__in=of).values("concern"))
        own = Event.objects.filter(actor_id=self.me.pk, action="file.opened", object_id=str(thing.pk))
        if own.filter(at__gt=timezone.now() - HOLDS).exists() and not waiting.exists():
            return None
        if own.filter(at__gt=timezone.now() - JUST_NOW).exists():
            messages.error(self.request, "It did not open. Try again in half a minute.")
            return redirect("safeguarding:desk")
        record("file.opened", by=self.me, obj=thing)
        return redirect(self.request.get_full_path())
