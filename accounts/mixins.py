"""What every page of a member of staff needs: the permission check, the person and the school, with their types."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.models import School, User
from accounts.permissions import Permission
from core.mixins import PermissionRequiredMixin


class StaffPageMixin(PermissionRequiredMixin):
    """`me` and `school`: whoever passed the permission check holds a membership, and so is at a school."""

    @property
    def me(self) -> User:
        return cast(User, self.request.user)

    @property
    def school(self) -> School:
        return cast(School, self.me.school)


class ListedFormMixin(StaffPageMixin):
    """The page of a form for one thing of a list: its name, or what adding one is called, under the list's."""

    template_name: str | None = "settings_form.html"
    list_url: str
    list_name: str
    adding: str

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heading = str(self.object or self.adding)  # type: ignore[attr-defined]
        return super().get_context_data(  # type: ignore[misc,no-any-return]
            heading=heading, list_url=self.list_url, list_name=self.list_name, **kwargs
        )


class SettingsFormMixin(ListedFormMixin):
    """One thing of the school’s own (a tag, a stage): its form knows the school; kept, then back to the list."""

    permission_required = Permission.CHANGE_SCHOOL

    def save(self, thing: Any) -> Model:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"school": self.school}  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, f"Saved: {self.save(form.instance)}.")
        return redirect(self.list_url)
