"""The list of investigations, opening one, reading it and adding to it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.encryption import EncryptionError
from safeguarding.investigations import selectors, services, statements
from safeguarding.investigations.enums import Entry, Kind, Status
from safeguarding.investigations.forms import ASKS, EntryForm, OpenInvestigationForm, PersonForm
from safeguarding.investigations.models import Investigation
from safeguarding.investigations.opening import InvestigationPage
from safeguarding.restraint.selectors import staff_by_label
from safeguarding.selectors import students_by_label

NOT_NOW = "Nothing was kept: a colleague was quicker, or something is still to come. Your text stands below."
NOT_SEALED = "Nothing was kept: it cannot be sealed just now. Your text stands below."
A_PAGE = 100
FORM = f"investigation-open:{uuid.UUID(int=0)}"


class InvestigationList(StaffPageMixin, View):
    """Names, days and where each stands; words open one by one. `?show=all` has those that are closed too."""

    permission_required = Permission.INVESTIGATE

    def get(self, request: UserRequest) -> HttpResponse:
        rows, everything = selectors.investigations_readable(), request.GET.get("show") == "all"
        rows = rows if everything else selectors.investigations_open(rows)
        page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
        found = list(page.object_list)
        people = selectors.people_in(found)
        context = {"page": page, "rows": [(one, people[one.pk]) for one in found], "everything": everything}
        return render(request, "safeguarding/investigations/list.html", context)


class InvestigationOpen(StaffPageMixin, View):
    """One form; no proof is asked, as nothing may stand between hearing of it and writing it down."""

    permission_required = Permission.INVESTIGATE
    request: UserRequest

    def get(self, request: UserRequest) -> HttpResponse:
        return self._page(drafts.open_form(request.user, FORM, drafts.token_from(request.GET.get("draft"))))

    def post(self, request: UserRequest) -> HttpResponse:
        if not is_own_form(request):
            return refuse_form_of_another(request, FORM)
        draft = drafts.reopen_form(request.user, FORM, request.POST)
        form = self._form(draft, request.POST)
        if not form.is_valid():
            return self._page(draft, form)
        said = form.cleaned_data
        try:
            services.open_investigation(
                by=self.me, token=draft.token, kind=Kind(said["kind"]), happened_on=said["happened_on"],
                people=form.people(), words=form.words(),
            )  # fmt: skip
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
            return self._page(draft, form, status=503)
        messages.success(request, "It is open, and in your hands. Open it to ask for statements and to go on.")
        return redirect("investigations:list")

    def _form(self, draft: drafts.OpenForm, data: Any = None) -> OpenInvestigationForm:
        return OpenInvestigationForm(
            data, draft=draft, students=students_by_label(self.me), staff=staff_by_label(self.school)
        )

    def _page(
        self, draft: drafts.OpenForm, form: OpenInvestigationForm | None = None, *, status: int = 200
    ) -> HttpResponse:
        context = {
            "draft": draft,
            "form": form or self._form(draft),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "safeguarding/investigations/open_form.html", context, status=status)


class InvestigationDetail(InvestigationPage, View):
    """Who, what is said, what was written since, who has looked."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        investigation = self.investigation(pk)
        way = self.opened(investigation)
        if way:
            return way
        entries = selectors.entries_of(investigation)
        people = selectors.people_in([investigation], selectors.names_in(entries))[investigation.pk]
        asked = statements.statements_of(investigation, {person.party.pk: person.name for person in people})
        context = {
            "investigation": investigation,
            "people": people,
            "asked": asked,
            "waiting": [one for one in asked if one.statement.waits],
            "entries": entries,
            "follow_ups": list(investigation.follow_ups.all()),
            "may": [(kind.value, kind.label) for kind in ASKS if may_add(investigation, kind)],
            "looked": selectors.readers_so_far(investigation.pk)[:50],
        }
        return render(request, "safeguarding/investigations/detail.html", context)


def may_add(investigation: Investigation, kind: Entry) -> bool:
    """Whether the form for it is offered; PostgreSQL has the last word."""
    if kind == Entry.CLOSED:
        return not investigation.cannot_close
    return kind != Entry.REOPENED or investigation.status != Status.OPEN


class EntryCreate(InvestigationPage, View):
    """One thing more; the draft of it is kept as it is typed."""

    def get(self, request: UserRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
        investigation, what = self._of(pk, kind)
        token = drafts.token_from(request.GET.get("draft"))
        return self._page(investigation, what, drafts.open_form(request.user, self._key(pk, what), token))

    def post(self, request: UserRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
        investigation, what = self._of(pk, kind)
        key = self._key(pk, what)
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = EntryForm(request.POST, draft=draft, kind=what)
        if not form.is_valid():
            return self._page(investigation, what, draft, form)
        words = {"text": form.cleaned_data["text"]}
        try:
            services.add_entry(by=self.me, investigation=investigation, kind=what, words=words, token=draft.token)
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
        except services.NotNowError:
            form.add_error(None, NOT_NOW)
        if form.errors:
            return self._page(investigation, what, draft, form)
        messages.success(request, "It stands there.")
        return redirect("investigations:detail", pk=pk)

    def _key(self, pk: uuid.UUID, kind: Entry) -> str:
        return f"investigation-{kind.value}:{pk}"

    def _of(self, pk: uuid.UUID, kind: str) -> tuple[Investigation, Entry]:
        investigation = self.investigation(pk)
        if kind not in ASKS or not may_add(investigation, Entry(kind)):
            raise Http404
        return investigation, Entry(kind)

    def _page(
        self, investigation: Investigation, kind: Entry, draft: drafts.OpenForm, form: EntryForm | None = None
    ) -> HttpResponse:
        context = {
            "investigation": investigation,
            "kind": kind,
            "draft": draft,
            "form": form or EntryForm(draft=draft, kind=kind),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "safeguarding/investigations/entry_form.html", context)


class PersonCreate(InvestigationPage, View):
    """Somebody else is in it."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        return self._page(self.investigation(pk), self._form())

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        investigation = self.investigation(pk)
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(investigation, form)
        named = form.person()
        try:
            services.name_person(by=self.me, investigation=investigation, named=named, why=form.cleaned_data["why"])
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
            return self._page(investigation, form)
        except IntegrityError:
            form.add_error("name", "They are in it already.")
            return self._page(investigation, form)
        messages.success(request, f"Named: {named.full}.")
        return redirect("investigations:detail", pk=pk)

    def _form(self, data: Any = None) -> PersonForm:
        return PersonForm(data, students=students_by_label(self.me), staff=staff_by_label(self.school))

    def _page(self, investigation: Investigation, form: PersonForm) -> HttpResponse:
        context = {"investigation": investigation, "form": form}
        return render(self.request, "safeguarding/investigations/person_form.html", context)
