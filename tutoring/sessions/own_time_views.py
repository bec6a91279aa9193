"""My time: what one's own conversations take. There is no such page about anybody else."""

from typing import Any

from django.views.generic import TemplateView

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from tutoring.sessions.own_time import BESIDE, SORTS, in_hours, my_time


class OwnTime(StaffPageMixin, TemplateView):
    """Of whoever is signed in: no address names a person."""

    permission_required = Permission.LOG_SESSION
    template_name = "tutor_sessions/own_time.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(terms=my_time(self.school), sorts=SORTS, beside=in_hours(BESIDE), **kwargs)
