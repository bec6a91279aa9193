"""The finding, and the follow-ups at two and six weeks."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.requests import UserRequest
from core.encryption import EncryptionError
from safeguarding.investigations import selectors, services
from safeguarding.investigations.enums import Asked, Entry
from safeguarding.investigations.finding_forms import FindingForm, FollowUpForm
from safeguarding.investigations.models import FollowUp, Investigation
from safeguarding.investigations.opening import InvestigationPage
from safeguarding.investigations.views import NOT_NOW, NOT_SEALED


class FindingCreate(InvestigationPage, View):
    """What was found; its follow-ups are made with it."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        investigation = self.investigation(pk)
        way = self.opened(investigation)
        if way:
            return way
        if investigation.cannot_find:
            messages.error(request, investigation.cannot_find)
            return redirect("investigations:detail", pk=pk)
        token = drafts.token_from(request.GET.get("draft"))
        return self._page(investigation, drafts.open_form(request.user, self._key(pk), token))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        investigation, key = self.investigation(pk), self._key(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = FindingForm(request.POST, draft=draft, people=selectors.everybody_in(investigation))
        if form.is_valid():
            try:
                services.add_entry(
                    by=self.me, investigation=investigation, kind=Entry.FINDING, words=form.words(), token=draft.token
                )
            except EncryptionError:
                form.add_error(None, NOT_SEALED)
            except services.NotNowError:
                form.add_error(None, NOT_NOW)
        if form.errors:
            return self._page(investigation, draft, form)
        messages.success(request, "It stands. In two and in six weeks whoever opened it is asked whether it stopped.")
        return redirect("investigations:detail", pk=pk)

    def _key(self, pk: uuid.UUID) -> str:
        return f"investigation-finding:{pk}"

    def _page(
        self, investigation: Investigation, draft: drafts.OpenForm, form: FindingForm | None = None
    ) -> HttpResponse:
        context = {
            "investigation": investigation,
            "draft": draft,
            "form": form or FindingForm(draft=draft, people=selectors.everybody_in(investigation)),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "safeguarding/investigations/finding_form.html", context)


class FollowUpAnswer(InvestigationPage, View):
    """Has it stopped? Nobody asked is an answer too, with why."""

    def get(self, request: UserRequest, pk: uuid.UUID, follow_up: uuid.UUID) -> HttpResponse:
        due = self._due(pk, follow_up)
        token = drafts.token_from(request.GET.get("draft"))
        return self._page(due, drafts.open_form(request.user, f"investigation-follow:{follow_up}", token))

    def post(self, request: UserRequest, pk: uuid.UUID, follow_up: uuid.UUID) -> HttpResponse:
        due, key = self._due(pk, follow_up), f"investigation-follow:{follow_up}"
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = FollowUpForm(request.POST, draft=draft)
        if not form.is_valid() or not self._kept(due, form, draft):
            return self._page(due, draft, form)
        if form.cleaned_data["stopped"] == Asked.NO:
            messages.warning(request, "It goes on. Open it again, look after them, think about what else is needed.")
        else:
            messages.success(request, "It stands there.")
        return redirect("investigations:detail", pk=pk)

    def _kept(self, due: FollowUp, form: FollowUpForm, draft: drafts.OpenForm) -> bool:
        said = form.cleaned_data
        kind = Entry.DROPPED if said["stopped"] == Asked.LEFT_OUT else Entry.FOLLOWED
        words = {"weeks": due.weeks, "stopped": said["stopped"], "text": said["text"]}
        try:
            services.add_entry(
                by=self.me, investigation=due.investigation, kind=kind, words=words, token=draft.token, follow_up=due
            )
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
        except services.NotNowError:
            form.add_error(None, NOT_NOW)
        return not form.errors

    def _due(self, pk: uuid.UUID, follow_up: uuid.UUID) -> FollowUp:
        rows = self.investigation(pk).follow_ups.filter(answered_at=None, left_out_at=None)
        return get_object_or_404(rows.select_related("investigation"), pk=follow_up)

    def _page(self, due: FollowUp, draft: drafts.OpenForm, form: FollowUpForm | None = None) -> HttpResponse:
        context = {
            "investigation": due.investigation,
            "due": due,
            "draft": draft,
            "form": form or FollowUpForm(draft=draft),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "safeguarding/investigations/follow_form.html", context)
