"""Reading one: after a fresh proof, and first that it is opened is noted, and committed (decision 0011)."""

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
from safeguarding.investigations.models import Investigation, InvestigationEntry
from safeguarding.investigations.selectors import investigations_readable
from safeguarding.opening import HOLDS, JUST_NOW

OPENED = "file.investigation_opened"


class InvestigationPage(StaffPageMixin, StepUpRequiredMixin):
    """A page with the words of one; 404 for one that whoever acts may not read, as for none."""

    permission_required: Any = Permission.INVESTIGATE

    def investigation(self, pk: uuid.UUID) -> Investigation:
        return get_object_or_404(investigations_readable(), pk=pk)

    def opened(self, investigation: Investigation) -> HttpResponse | None:
        """None where the words may be read now; else the way there, on the record already."""
        own = Event.objects.filter(actor_id=self.me.pk, action=OPENED, object_id=str(investigation.pk))
        now = timezone.now()
        there = InvestigationEntry.objects.filter(investigation=investigation).exists()
        if own.filter(at__gt=now - HOLDS).exists() and there:
            return None
        if own.filter(at__gt=now - JUST_NOW).exists():
            messages.error(self.request, "It did not open. Try again in half a minute.")
            return redirect("investigations:list")
        record(OPENED, by=self.me, obj=investigation)
        return redirect(self.request.get_full_path())
