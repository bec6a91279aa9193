"""Recording a restrictive intervention, the list of what one may read, and what happens once it is sent."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.encryption import EncryptionError
from safeguarding.restraint import never, selectors, services
from safeguarding.restraint.enums import MEANS, What
from safeguarding.restraint.forms import IncidentForm
from safeguarding.selectors import students_by_label

NOT_SEALED = "Nothing was kept: it cannot be sealed just now. Tell a leader in person; your text stands below."
A_PAGE = 100


class IncidentList(StaffPageMixin, View):
    """Names, days and what is still to do; words open one by one. `?show=open` leaves out what is done."""

    permission_required = Permission.RECORD_INCIDENT

    def get(self, request: UserRequest) -> HttpResponse:
        rows, only_open = selectors.incidents_readable(), request.GET.get("show") == "open"
        rows = selectors.incidents_to_follow(rows) if only_open else rows
        page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "incidents": list(page.object_list), "only_open": only_open}
        return render(request, "safeguarding/restraint/list.html", context)


class IncidentCreate(StaffPageMixin, View):
    """One form, from anywhere. `?student=` begins it with a name."""

    permission_required = Permission.RECORD_INCIDENT
    request: UserRequest

    def get(self, request: UserRequest) -> HttpResponse:
        token = drafts.token_from(request.GET.get("draft"))
        return self._page(drafts.open_form(request.user, self._key(), token))

    def post(self, request: UserRequest) -> HttpResponse:
        key = self._key()
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = self._form(draft, request.POST)
        if not form.is_valid():
            return self._page(draft, form)
        words = form.words()
        try:
            incident = services.record_incident(
                by=self.me, token=draft.token, student=form.cleaned_data["student"], facts=form.facts(), words=words,
                staff=form.named(self.me),
            )  # fmt: skip
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
            return self._page(draft, form, status=503)
        for remark in never.remarks_on(words.texts, incident.kinds):
            messages.warning(request, f"{remark} {never.AND_NOW}")
        return redirect("restraint:sent", pk=incident.pk)

    def _key(self) -> str:
        """A draft of its own for each pupil from whose page one comes."""
        return f"force:{self._student_key() or uuid.UUID(int=0)}"

    def _student_key(self) -> uuid.UUID | None:
        return drafts.token_from(self.request.GET.get("student"))

    def _form(self, draft: drafts.OpenForm, data: Any = None) -> IncidentForm:
        known, key = students_by_label(self.me), self._student_key()
        about = next((label for label, student in known.items() if student.pk == key), "")
        staff = {
            label: person for label, person in selectors.staff_by_label(self.school).items() if person.pk != self.me.pk
        }
        return IncidentForm(data, draft=draft, students=known, staff=staff, about=about)

    def _page(self, draft: drafts.OpenForm, form: IncidentForm | None = None, *, status: int = 200) -> HttpResponse:
        context = {
            "draft": draft,
            "form": form or self._form(draft),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
            "never": never.ALWAYS,
            "means": [(What(kind).label, text) for kind, text in MEANS.items()],
        }
        return render(self.request, "safeguarding/restraint/form.html", context, status=status)


class NeverCheck(StaffPageMixin, View):
    """What a careful colleague would ask about what is typed so far; kept nowhere, and it stops nobody."""

    permission_required = Permission.RECORD_INCIDENT
    http_method_names = ["post"]

    def post(self, request: UserRequest) -> HttpResponse:
        texts = [request.POST.get(name, "") for name in ("before", "tried", "why", "how", "account")]
        context = {"remarks": never.remarks_on(texts, request.POST.getlist("kinds")), "and_now": never.AND_NOW}
        return render(request, "safeguarding/restraint/_never_check.html", context)


class IncidentSent(StaffPageMixin, View):
    """That it is kept, and what is to be done today. No word of it stands here."""

    permission_required = Permission.RECORD_INCIDENT

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        incident = get_object_or_404(selectors.incidents_readable(), pk=pk)
        return render(request, "safeguarding/restraint/sent.html", {"incident": incident})
