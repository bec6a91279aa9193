"""The one authentication backend: allauth signs people in, the permission table says what they may do."""

from typing import Any

import rules
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from accounts.demo import DEMO_PASSWORD
from accounts.models import User


class RoleBackend(AuthenticationBackend):
    """Sign-in by e-mail; has_perm answers from accounts.permissions without asking the database for grants."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The demo's known password opens nothing once DEMO is off, even in a database that the demo made."""
        if not settings.DEMO and credentials.get("password") == DEMO_PASSWORD:
            return None
        user: User | None = super().authenticate(request, **credentials)
        return user

    def get_user(self, user_id: Any) -> User | None:
        """With the school in the same query: every page says its name."""
        user = User.objects.select_related("school").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        return user_obj.is_active and rules.has_perm(perm, user_obj, obj)

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return False

    def get_all_permissions(self, user_obj: User, obj: Any = None) -> set[str]:
        return {perm for perm in rules.permissions.permissions if self.has_perm(user_obj, perm, obj)}
