"""School settings: the words that the school puts on its conversations."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import CreateView, ListView, UpdateView

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.stale import StaleAwareMixin
from tutoring.sessions.models import SessionTag
from tutoring.sessions.tag_forms import SessionTagForm
from tutoring.sessions.tags import save_tag, tags_of


class TagPage(StaffPageMixin):
    """A page of the school's tags."""

    permission_required = Permission.CHANGE_SCHOOL

    def get_queryset(self) -> QuerySet[SessionTag]:
        return tags_of(self.school)


class TagList(TagPage, ListView):  # type: ignore[type-arg]
    """All of them, by word."""

    template_name = "tutor_sessions/tag_list.html"
    context_object_name = "tags"


class TagForm(TagPage):
    """The form of one."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"school": self.school}  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        tag = save_tag(tag=form.instance, by=self.me)
        messages.success(self.request, f"Saved: {tag}.")
        return redirect("tutor_sessions:tag-list")


class TagCreate(TagForm, CreateView):  # type: ignore[type-arg]
    """A word more."""

    template_name = "tutor_sessions/tag_form.html"
    form_class = SessionTagForm
    context_object_name = "tag"


class TagEdit(TagForm, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Retired, or used again."""

    template_name = "tutor_sessions/tag_form.html"
    form_class = SessionTagForm
    context_object_name = "tag"
