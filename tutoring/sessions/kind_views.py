"""School settings: the kinds of conversations of the school."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import CreateView, ListView, UpdateView

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.stale import StaleAwareMixin
from tutoring.sessions.kind_forms import SessionKindForm
from tutoring.sessions.models import SessionKind
from tutoring.sessions.selectors import kinds_of
from tutoring.sessions.services import save_kind


class KindPage(StaffPageMixin):
    """A page of the school's kinds."""

    permission_required = Permission.CHANGE_SCHOOL

    def get_queryset(self) -> QuerySet[SessionKind]:
        return kinds_of(self.school)


class KindList(KindPage, ListView):  # type: ignore[type-arg]
    """All of them, in the order of the log form."""

    template_name = "tutor_sessions/kind_list.html"
    context_object_name = "kinds"


class KindForm(KindPage):
    """The form of one."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"school": self.school}  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        kind = save_kind(kind=form.instance, by=self.me)
        messages.success(self.request, f"Saved: {kind}.")
        return redirect("tutor_sessions:kind-list")


class KindCreate(KindForm, CreateView):  # type: ignore[type-arg]
    """A kind of the school's own."""

    template_name = "tutor_sessions/kind_form.html"
    form_class = SessionKindForm
    context_object_name = "kind"


class KindEdit(KindForm, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Another name, other prompts, whether it counts."""

    template_name = "tutor_sessions/kind_form.html"
    form_class = SessionKindForm
    context_object_name = "kind"
