"""Keeping a lead from a concern or a child's file, and letting them read it again."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from accounts import drafts
from accounts.enums import Role
from accounts.requests import UserRequest
from safeguarding import conflicts
from safeguarding.conflict_forms import KeptFromForm, kept_form
from safeguarding.desk_views import ConcernPage
from safeguarding.models import Concern, KeptFrom

NOBODY_LEFT = (
    "Nothing was saved: then you alone would be left to read it, and no headteacher has an account to agree to that."
)


class KeptFromCreate(ConcernPage, View):
    """The form of the card, by itself: what is wrong stands here, and nothing typed is lost."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        concern = self.concern(pk)
        return self._page(concern, kept_form(self.me, concern))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        concern = self.concern(pk)
        form = kept_form(self.me, concern, request.POST)
        if not form.is_valid():
            return self._page(concern, form)
        person = form.cleaned_data["person"]
        try:
            conflicts.keep_from(
                by=self.me, concern=concern, person=person, student=form.student, why=form.cleaned_data["why"]
            )
        except conflicts.NobodyLeftError:
            form.add_error("person", NOBODY_LEFT)
            return self._page(concern, form)
        told = " The headteacher is told." if Role.DSL in person.roles else ""
        messages.success(request, f"It stands below.{self._let_go(concern, person.pk)}{told}")
        return redirect("safeguarding:concern-detail", pk=pk)

    def _let_go(self, concern: Concern, person: uuid.UUID) -> str:
        now = Concern.objects.filter(pk=concern.pk, owner=None).exists()
        return " Nobody has it in hand now: give it to somebody." if concern.owner_id == person and now else ""

    def _page(self, concern: Concern, form: KeptFromForm) -> HttpResponse:
        return render(self.request, "safeguarding/kept_from_form.html", {"concern": concern, "kept_form": form})


class KeptFromEnd(ConcernPage, View):
    """They may read it again."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        concern = self.concern(pk)
        rows = KeptFrom.objects.filter(pk__in=[kept.row.pk for kept in conflicts.kept_from(concern)])
        row = get_object_or_404(rows, pk=drafts.token_from(request.POST.get("kept")))
        if conflicts.let_read_again(by=self.me, concern=concern, row=row):
            messages.success(request, f"{row.person} may read it again.")
        return redirect("safeguarding:concern-detail", pk=pk)
