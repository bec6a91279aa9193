"""What every page of a member of staff needs: the permission check, the person and the school, with their types."""

from typing import cast

from accounts.models import School, User
from core.mixins import PermissionRequiredMixin


class StaffPageMixin(PermissionRequiredMixin):
    """`me` and `school`: whoever passed the permission check holds a membership, and so is at a school."""

    @property
    def me(self) -> User:
        return cast(User, self.request.user)

    @property
    def school(self) -> School:
        return cast(School, self.me.school)
