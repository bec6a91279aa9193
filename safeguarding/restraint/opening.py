"""Reading a record: after a fresh proof, and first that it is opened is noted, and committed (decision 0011)."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.step_up import StepUpRequiredMixin
from audit.models import Event
from audit.services import record
from safeguarding.opening import HOLDS, JUST_NOW
from safeguarding.restraint.models import Incident, IncidentEntry
from safeguarding.restraint.selectors import incidents_readable, with_staff


class IncidentPage(StaffPageMixin, StepUpRequiredMixin):
    """A page with the words of one record; 404 for one that whoever acts may not read, as for none."""

    permission_required: Any = Permission.RECORD_INCIDENT

    def incident(self, pk: uuid.UUID) -> Incident:
        return get_object_or_404(with_staff(incidents_readable()), pk=pk)

    def opened(self, incident: Incident) -> HttpResponse | None:
        """None where the words may be read now; else the way there, on the record already."""
        own = Event.objects.filter(actor_id=self.me.pk, action="file.force_opened", object_id=str(incident.pk))
        if self._noted(own, HOLDS) and IncidentEntry.objects.filter(incident=incident).exists():
            return None
        if self._noted(own, JUST_NOW):
            messages.error(self.request, "It did not open. Try again in half a minute.")
            return redirect("restraint:list")
        record("file.force_opened", by=self.me, obj=incident)
        return redirect(self.request.get_full_path())

    def _noted(self, own: Any, within: dt.timedelta) -> bool:
        return bool(own.filter(at__gt=timezone.now() - within).exists())
