"""What to do with a worry about a child, now. Nothing about any child is asked or stored here yet."""

from typing import Any

from django.views.generic import TemplateView

from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.mixins import PermissionRequiredMixin
from safeguarding.selectors import safeguarding_leads


class RaiseConcern(PermissionRequiredMixin, TemplateView):
    """The first steps and today's safeguarding leads; the same page for everybody, whatever the address carries."""

    permission_required = Permission.USE_WAYMARK
    request: UserRequest
    template_name = "safeguarding/raise_concern.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(leads=safeguarding_leads(self.request.user), **kwargs)
