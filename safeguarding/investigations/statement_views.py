"""Statements: asking for one, taking it down, letting it go; and the page of a colleague who is asked."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from accounts.step_up import StepUpRequiredMixin
from core.encryption import EncryptionError
from safeguarding.investigations import selectors, statements
from safeguarding.investigations.enums import Status
from safeguarding.investigations.models import Investigation, Statement
from safeguarding.investigations.opening import InvestigationPage
from safeguarding.investigations.statement_forms import AskForm, LetGoForm, StatementForm
from safeguarding.investigations.views import NOT_SEALED
from safeguarding.selectors import NOT_READABLE

CAME = "It came already, or was let go. Nothing was written; your text stands below."
ASK_NOT_NOW = "There is a finding. Open it again first, if somebody else has to be asked."


def too_late(request: UserRequest) -> HttpResponse:
    """Nobody waits for it any more: the text is shown, so that it is not lost, and nothing of what was asked.

    Absent, as a statement that never was, or of another school: the same page for all of them.
    """
    context = {"said": CAME, "text": request.POST.get("text", "")}
    return render(request, "safeguarding/investigations/too_late.html", context, status=404)


class StatementAsk(InvestigationPage, View):
    """Of one person who is in it."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        investigation = self.investigation(pk)
        way = self.opened(investigation)
        if way:
            return way
        if investigation.status != Status.OPEN:
            messages.error(request, ASK_NOT_NOW)
            return redirect("investigations:detail", pk=pk)
        token = drafts.token_from(request.GET.get("draft"))
        return self._page(investigation, drafts.open_form(request.user, self._key(pk), token))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        investigation, key = self.investigation(pk), self._key(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = AskForm(request.POST, draft=draft, people=selectors.everybody_in(investigation))
        if not form.is_valid():
            return self._page(investigation, draft, form)
        person = form.people[form.cleaned_data["party"]]
        try:
            statements.ask(
                by=self.me, investigation=investigation, party=person.party, question=form.cleaned_data["question"],
                token=draft.token,
            )  # fmt: skip
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
            return self._page(investigation, draft, form)
        except statements.NotOpenError:
            form.add_error(None, ASK_NOT_NOW)
            return self._page(investigation, draft, form)
        if person.party.staff_id:
            messages.success(request, f"{person.name} is mailed that there is something to read, and nothing of what.")
        else:
            messages.success(request, "Asked. Take it down with them; until all are in nobody reads any.")
        return redirect("investigations:detail", pk=pk)

    def _key(self, pk: uuid.UUID) -> str:
        return f"investigation-ask:{pk}"

    def _page(self, investigation: Investigation, draft: drafts.OpenForm, form: AskForm | None = None) -> HttpResponse:
        context = {
            "investigation": investigation,
            "draft": draft,
            "form": form or AskForm(draft=draft, people=selectors.everybody_in(investigation)),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "safeguarding/investigations/ask_form.html", context)


class StatementTake(InvestigationPage, View):
    """Taken down in the words of who says it; seen by whoever writes only while they write."""

    def get(self, request: UserRequest, pk: uuid.UUID, statement: uuid.UUID) -> HttpResponse:
        asked = self._asked(pk, statement)
        token = drafts.token_from(request.GET.get("draft"))
        return self._page(asked, drafts.open_form(request.user, f"statement:{statement}", token))

    def post(self, request: UserRequest, pk: uuid.UUID, statement: uuid.UUID) -> HttpResponse:
        asked, key = self._waiting(pk).filter(pk=statement).first(), f"statement:{statement}"
        if asked is None:
            return too_late(request)
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = StatementForm(request.POST, draft=draft)
        if form.is_valid() and self._kept(asked, form, draft):
            messages.success(request, "It is in. It is sealed until all are in, also for you.")
            return redirect("investigations:detail", pk=pk)
        return self._page(asked, draft, form)

    def _kept(self, asked: Statement, form: StatementForm, draft: drafts.OpenForm) -> bool:
        try:
            statements.take_down(by=self.me, statement=asked, text=form.cleaned_data["text"], token=draft.token)
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
        except statements.AlreadyInError:
            form.add_error(None, CAME)
        return not form.errors

    def _waiting(self, pk: uuid.UUID) -> QuerySet[Statement]:
        rows = self.investigation(pk).statements.filter(staff=None, in_at=None, let_go_at=None)
        return rows.select_related("investigation")

    def _asked(self, pk: uuid.UUID, statement: uuid.UUID) -> Statement:
        return get_object_or_404(self._waiting(pk), pk=statement)

    def _page(self, asked: Statement, draft: drafts.OpenForm, form: StatementForm | None = None) -> HttpResponse:
        context = {
            "investigation": asked.investigation,
            "asked": asked,
            "draft": draft,
            "form": form or StatementForm(draft=draft),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "safeguarding/investigations/statement_form.html", context)


class StatementLetGo(InvestigationPage, View):
    """It will not come, and why."""

    def get(self, request: UserRequest, pk: uuid.UUID, statement: uuid.UUID) -> HttpResponse:
        return self._page(self._asked(pk, statement), LetGoForm())

    def post(self, request: UserRequest, pk: uuid.UUID, statement: uuid.UUID) -> HttpResponse:
        asked, form = self._asked(pk, statement), LetGoForm(request.POST)
        if not form.is_valid():
            return self._page(asked, form)
        try:
            statements.let_go(by=self.me, statement=asked, why=form.cleaned_data["why"])
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
            return self._page(asked, form)
        except statements.AlreadyInError:
            messages.info(request, "It came in the meantime.")
        return redirect("investigations:detail", pk=pk)

    def _asked(self, pk: uuid.UUID, statement: uuid.UUID) -> Statement:
        rows = self.investigation(pk).statements.filter(in_at=None, let_go_at=None)
        return get_object_or_404(rows.select_related("investigation"), pk=statement)

    def _page(self, asked: Statement, form: LetGoForm) -> HttpResponse:
        context = {"investigation": asked.investigation, "form": form}
        return render(self.request, "safeguarding/investigations/let_go_form.html", context)


class StatementOfMine(StaffPageMixin, StepUpRequiredMixin, View):
    """What a colleague is asked, and room for their words. Nothing else of it is theirs to see."""

    permission_required = Permission.USE_WAYMARK

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        asked = self._asked(pk)
        token = drafts.token_from(request.GET.get("draft"))
        return self._page(asked, drafts.open_form(request.user, f"asked:{pk}", token))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        asked, key = statements.statements_asked_of(self.me).filter(pk=pk).first(), f"asked:{pk}"
        if asked is None:
            return too_late(request)
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = StatementForm(request.POST, draft=draft)
        if form.is_valid() and self._kept(asked, form, draft):
            messages.success(request, "Thank you. It is in, and cannot be changed; say so if there is more to tell.")
            return redirect("desk:today")
        return self._page(asked, draft, form)

    def _kept(self, asked: Statement, form: StatementForm, draft: drafts.OpenForm) -> bool:
        try:
            statements.write_own(by=self.me, statement=asked, text=form.cleaned_data["text"], token=draft.token)
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
        except statements.AlreadyInError:
            form.add_error(None, CAME)
        return not form.errors

    def _asked(self, pk: uuid.UUID) -> Statement:
        return get_object_or_404(statements.statements_asked_of(self.me), pk=pk)

    def _page(self, asked: Statement, draft: drafts.OpenForm, form: StatementForm | None = None) -> HttpResponse:
        context: dict[str, Any] = {
            "asked": asked,
            "draft": draft,
            "form": form or StatementForm(draft=draft),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        try:
            context["question"] = statements.question_of(asked, statements.cipher_of_mine(asked))
        except EncryptionError:
            context["question"] = NOT_READABLE
        return render(self.request, "safeguarding/investigations/asked_form.html", context)
