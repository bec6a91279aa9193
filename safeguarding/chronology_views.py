"""The child's file: one chronology on the screen, and as a PDF to take to a conference."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import View

from accounts.requests import UserRequest
from core.downloads import as_attachment
from core.limits import EXPORTS, limited
from core.pdf import PdfUnavailableError
from safeguarding.chronology import Chronology, Shown, chronology_of, concerns_of_child
from safeguarding.chronology_pdf import take_chronology
from safeguarding.desk_forms import DAY, SELECT
from safeguarding.enums import Kind
from safeguarding.opening import FilePage
from safeguarding.rooms import rooms
from students.models import Student


class ShownForm(forms.Form):
    """What of the chronology is shown, in the address: no name and no word of the file is in it."""

    kind = forms.ChoiceField(
        label="What it is", required=False, choices=[("", "Everything"), *Kind.choices],
        widget=forms.Select(attrs=SELECT),
    )  # fmt: skip
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    until = forms.DateField(label="Until", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    significant = forms.BooleanField(label="Only what stands out", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "A day after the first.")
        return cleaned

    @property
    def shown(self) -> Shown:
        """Everything where the form is wrong: nothing is left out by mistake."""
        return Shown(**self.cleaned_data) if self.is_valid() else Shown()


class ChildFile(FilePage, View):
    """404 where whoever acts reads no concern of this child, as for a child of whom there is none."""

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponseBase:
        concerns = concerns_of_child(student)
        if not concerns.exists():
            raise Http404
        child = get_object_or_404(Student, pk=student)
        form = ShownForm(request.GET)
        return self.opened(child, concerns) or self.answer(chronology_of(child, form.shown), form)

    def answer(self, chronology: Chronology, form: ShownForm) -> HttpResponseBase:
        cards = rooms.child_cards(chronology.student, self.me)
        context = {"chronology": chronology, "student": chronology.student, "form": form, "cards": cards}
        return render(self.request, "safeguarding/child_file.html", context)


class ChildFilePdf(ChildFile):
    """The same as a file, only after the opening is on the record; what is taken is too, with its digest."""

    @limited(EXPORTS)
    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponseBase:
        return super().get(request, student)

    def answer(self, chronology: Chronology, form: ShownForm) -> HttpResponseBase:
        try:
            made = take_chronology(by=self.me, chronology=chronology)
        except PdfUnavailableError:
            messages.error(self.request, "This machine cannot make PDFs. Tell whoever runs Waymark; nothing was made.")
            return redirect("safeguarding:child-file", student=chronology.student.pk)
        # The name of a file stands on screens and in lists of downloads: it names nobody.
        return as_attachment(made, f"confidential-chronology-{timezone.localdate()}.pdf", "application/pdf")
