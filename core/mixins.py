"""The permission check every class-based view starts with."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin as DjangoPermissionRequiredMixin
from django.http import HttpRequest


class PermissionRequiredMixin(DjangoPermissionRequiredMixin):
    """403 for a signed-in person without the permission; LoginRequiredMiddleware has dealt with everybody else."""

    raise_exception = True
    request: HttpRequest

    def has_permission(self) -> bool:
        wanted: Any = self.get_permission_required()
        return bool(self.request.user.has_perms(wanted))
