"""My team: the people one manages, and how far each is with the entitlement of the term."""

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from tutoring.desk.calendar import calendar_of
from tutoring.desk.team import team_of


class Team(StaffPageMixin, TemplateView):
    """Counts by name of whom the reader may read; nobody's words and no student's name."""

    permission_required = Permission.VIEW_TEAM_SESSION
    template_name = "desk/team.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        calendar = calendar_of(self.school, timezone.localdate())
        team = team_of(self.me, self.school, calendar)
        return super().get_context_data(team=team, calendar=calendar, **kwargs)
