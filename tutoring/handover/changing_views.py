"""Who tutors whom: the groups one leads, and another tutor from a day on, said in words before it is done."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from tutoring.groups.models import TutorGroup
from tutoring.handover import changing
from tutoring.handover.changing_forms import ChangeForm
from tutoring.handover.services import RefusedError


class GroupList(StaffPageMixin, TemplateView):
    """The groups one leads, with who tutors them now and next."""

    permission_required = Permission.CHANGE_TUTOR
    template_name = "handover/group_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        return super().get_context_data(groups=list(changing.groups_changeable(today)), today=today, **kwargs)


class GroupTutor(StaffPageMixin, View):
    """First the preview, then, from the same words, the change."""

    permission_required = Permission.CHANGE_TUTOR

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        group = self._group(pk)
        return self._page(group, ChangeForm(group=group))

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        group = self._group(pk)
        form = ChangeForm(request.POST, group=group)
        if not form.is_valid():
            return self._page(group, form)
        change = form.change()
        if request.POST.get("then") != "change":
            return self._page(group, form, changing.preview(change, by=self.me))
        try:
            changing.change_tutor(change, by=self.me)
        except RefusedError as error:
            form.add_error(None, str(error))
            return self._page(group, form, status=409)
        day, tutor = f"{change.first_day:%-d %B %Y}", change.to.user if change.to else "nobody"
        messages.success(request, f"From {day} on {tutor} has {group}.")
        return redirect("handover:group-list")

    def _group(self, pk: uuid.UUID) -> TutorGroup:
        groups = changing.groups_changeable(timezone.localdate()).select_related("school", "house")
        return get_object_or_404(groups, pk=pk)

    def _page(
        self, group: TutorGroup, form: ChangeForm, preview: changing.Preview | None = None, status: int = 200
    ) -> HttpResponse:
        context = {"group": group, "form": form, "preview": preview}
        return render(self.request, "handover/group_tutor.html", context, status=status)
