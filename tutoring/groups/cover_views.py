"""Cover: who stands in for whom now, soon and lately, in one list; arranging it, and ending it early."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from tutoring.groups.cover import NoCoverError, arrange_covers, covers_listed, end_cover
from tutoring.groups.cover_forms import CoverForm


class CoverList(StaffPageMixin, View):
    """The list, and below it the form of one more."""

    permission_required = Permission.ARRANGE_COVER

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(CoverForm(me=self.me, school=self.school))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CoverForm(request.POST, me=self.me, school=self.school)
        if not form.is_valid():
            return self._page(form)
        said: dict[str, Any] = form.cleaned_data
        try:
            arrange_covers(by=self.me, **said)
        except NoCoverError as error:
            form.add_error(error.field, str(error))
            return self._page(form)
        until = f"{said['ends_on']:%-d %B %Y}"
        both = f"{said['deputy']} stands in for {said['work'].user}"
        messages.success(request, f"{both} until {until}. Both see it on Today.")
        return redirect("groups:cover-list")

    def _page(self, form: CoverForm) -> HttpResponse:
        covers = covers_listed(self.me, timezone.localdate())
        return render(self.request, "groups/cover_list.html", {"form": form, "covers": covers})


class CoverEnd(StaffPageMixin, View):
    """One tap, for whoever could have arranged it."""

    permission_required = Permission.ARRANGE_COVER

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        ended = end_cover(pk, by=self.me)
        if ended is None:
            raise Http404
        messages.success(request, f"{ended.user} no longer stands in: their sight by it has ended.")
        return redirect("groups:cover-list")
