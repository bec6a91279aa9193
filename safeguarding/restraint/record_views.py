"""One record with its words, and what is added to it: talks, reviews, the letter home."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.downloads import as_attachment
from core.encryption import EncryptionError
from core.limits import EXPORTS, limited
from core.pdf import PdfUnavailableError
from safeguarding.restraint import letters, never, selectors, services
from safeguarding.restraint.entry_forms import ASKS, EntryForm, LetterForm
from safeguarding.restraint.enums import Kind
from safeguarding.restraint.models import Incident
from safeguarding.restraint.opening import IncidentPage
from safeguarding.restraint.selectors import Said
from safeguarding.selectors import students_by_label
from students.models import Student

NOT_SEALED = "Nothing was kept: the key of this pupil cannot be opened here. Your text stands below."
TELL_AUTHORITY = (
    "Parents are not told. Tell the local authority instead, today: ring children’s social care where the pupil lives,"
    " and write here whom you told."
)
# What is asked of whoever adds it, beside reading the record.
NEEDS = {
    Kind.ADDED: Permission.RECORD_INCIDENT,
    Kind.TOLD: Permission.RECORD_INCIDENT,
    Kind.STAFF: Permission.RECORD_INCIDENT,
    Kind.PUPIL: Permission.KEEP_INCIDENTS,
    Kind.PLAN: Permission.KEEP_INCIDENTS,
    Kind.REVIEWED: Permission.REVIEW_INCIDENT,
    Kind.EXCUSED: Permission.EXCUSE_REPORT,
}


class IncidentDetail(IncidentPage, View):
    """The record, what followed, and what is still to do."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        incident = self.incident(pk)
        way = self.opened(incident)
        if way:
            return way
        entries = selectors.entries_of(incident)
        said = selectors.recorded_of(entries)
        words: dict[str, Any] = said.words if said else {}
        texts = [str(words.get(name, "")) for name in ("before", "tried", "why", "how", "account")]
        context = {
            "incident": incident,
            "name": vars(incident)["pupil"] or words.get("name", "A pupil"),
            "said": said,
            "entries": [entry for entry in entries if entry is not said],
            "remarks": never.remarks_on(texts, incident.kinds),
            "may": [(kind.value, kind.label) for kind in ASKS if may_add(self, incident, kind)],
            "sees_family": self.sees_family(incident),
            "tellers": selectors.who_may_tell(self.me),
            "looked": selectors.readers_so_far(incident.pk)[:50],
        }
        return render(request, "safeguarding/restraint/detail.html", context)

    def sees_family(self, incident: Incident) -> bool:
        """Whether whoever acts sees somebody at home."""
        student = Student.objects.filter(pk=incident.student_id).first()
        return bool(student and selectors.parents_of(student))


def may_add(page: IncidentPage, incident: Incident, kind: Kind) -> bool:
    """Whether the form for it is offered; PostgreSQL has the last word."""
    if not page.me.has_perm(NEEDS[kind]):
        return False
    if kind == Kind.REVIEWED:
        named = {row.person_id for row in incident.staff.all()} | {incident.recorded_by_id}
        return page.me.pk not in named
    return not (kind in (Kind.TOLD, Kind.EXCUSED) and not incident.owes_report)


class EntryCreate(IncidentPage, View):
    """One thing more; the draft of it is kept as it is typed."""

    def get(self, request: UserRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
        incident, what = self._incident(pk, kind)
        draft = drafts.open_form(request.user, f"force-{kind}:{pk}", drafts.token_from(request.GET.get("draft")))
        return self._page(incident, what, draft)

    def post(self, request: UserRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
        incident, what = self._incident(pk, kind)
        key = f"force-{kind}:{pk}"
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = EntryForm(request.POST, draft=draft, kind=what, incident=incident)
        if not form.is_valid():
            return self._page(incident, what, draft, form)
        said = form.cleaned_data
        try:
            services.add_entry(
                by=self.me, incident=incident, kind=what, at=form.happened_at, words={"text": said["text"]},
                how=said.get("how", ""), token=draft.token,
            )  # fmt: skip
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
            return self._page(incident, what, draft, form)
        messages.success(request, "It stands on the record.")
        if what == Kind.EXCUSED:
            messages.warning(request, TELL_AUTHORITY)
        return redirect("restraint:detail", pk=pk)

    def _incident(self, pk: uuid.UUID, kind: str) -> tuple[Incident, Kind]:
        incident = self.incident(pk)
        if kind not in ASKS or not may_add(self, incident, Kind(kind)):
            raise Http404
        return incident, Kind(kind)

    def _page(
        self, incident: Incident, kind: Kind, draft: drafts.OpenForm, form: EntryForm | None = None
    ) -> HttpResponse:
        context = {
            "incident": incident,
            "kind": kind,
            "draft": draft,
            "form": form or EntryForm(draft=draft, kind=kind, incident=incident),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "safeguarding/restraint/entry_form.html", context)


class LetterCreate(IncidentPage, View):
    """The letter home in words chosen for it. Whoever does not see the family cannot write to them (404)."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        incident = self.incident(pk)
        way = self.opened(incident)
        if way:
            return way
        draft = drafts.open_form(request.user, f"force-letter:{pk}", drafts.token_from(request.GET.get("draft")))
        return self._page(incident, draft)

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        incident, key = self.incident(pk), f"force-letter:{pk}"
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = self._form(incident, draft, request.POST)
        if not form.is_valid():
            return self._page(incident, draft, form)
        field: Any = form.fields["to"]
        chosen = dict(field.choices)
        words = {
            "to": [chosen[to] for to in form.cleaned_data["to"]],
            "text": form.cleaned_data["text"].replace("\r\n", "\n"),
            "by": str(self.me),
        }
        try:
            services.add_entry(
                by=self.me, incident=incident, kind=Kind.LETTER, at=timezone.now(), words=words, token=draft.token
            )
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
            return self._page(incident, draft, form)
        messages.success(request, "The letter is kept. Take it as a PDF, give it to them, and say so: then it is done.")
        return redirect("restraint:detail", pk=pk)

    def _student(self, incident: Incident) -> Student:
        return get_object_or_404(Student, pk=incident.student_id)

    def _form(self, incident: Incident, draft: drafts.OpenForm, data: Any = None) -> LetterForm:
        student = self._student(incident)
        able = [parent.contact for parent in selectors.parents_of(student) if not parent.obstacle]
        return LetterForm(
            data, draft=draft, to=[(str(contact.pk), contact.name) for contact in able],
            usual=letters.usual_letter(incident, student, self.me),
            others=[*letters.names_beside(students_by_label(self.me).values(), student), *self._named(incident, data)],
        )  # fmt: skip

    def _named(self, incident: Incident, data: Any) -> list[tuple[str, str]]:
        """The pupils whom the record names: read on opening the page and carried by it; the record soon shuts."""
        if data is not None:
            return letters.carried(data.get("beside", ""), incident)
        said = selectors.recorded_of(selectors.entries_of(incident))
        return letters.names_typed(str(said.words.get("others", "")) if said else "", self._student(incident).name)

    def _page(self, incident: Incident, draft: drafts.OpenForm, form: LetterForm | None = None) -> HttpResponse:
        student = self._student(incident)
        parents = selectors.parents_of(student)
        if not parents:
            raise Http404
        context = {
            "incident": incident,
            "student": student,
            "beside": letters.to_carry(self._named(incident, self.request.POST if form else None), incident),
            "kept_out": [parent for parent in parents if parent.obstacle],
            "draft": draft,
            "form": form or self._form(incident, draft),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "safeguarding/restraint/letter_form.html", context)


class LetterPdf(IncidentPage, View):
    """The letter as it was kept, a page for each to whom it goes."""

    @limited(EXPORTS)
    def get(self, request: UserRequest, pk: uuid.UUID, entry: uuid.UUID) -> HttpResponseBase:
        incident = self.incident(pk)
        way = self.opened(incident)
        if way:
            return way
        letter = self._letter(incident, entry)
        student = get_object_or_404(Student, pk=incident.student_id)
        try:
            made = letters.make_letter(
                by=self.me, incident=incident, student=student, school=self.school, words=letter.words
            )
        except PdfUnavailableError:
            messages.error(request, "This machine cannot make PDFs. Tell whoever runs Waymark; nothing was made.")
            return redirect("restraint:detail", pk=pk)
        # The name of a file stands on screens and in lists of downloads: it names nobody.
        return as_attachment(made, f"letter-home-{incident.day}.pdf", "application/pdf")

    def _letter(self, incident: Incident, entry: uuid.UUID) -> Said:
        for said in selectors.entries_of(incident):
            if said.entry.pk == entry and said.entry.kind == Kind.LETTER and not said.unreadable:
                return said
        raise Http404
