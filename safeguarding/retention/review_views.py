"""Reviewing a file, the second person's word, and the certificate that remains."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import View

from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.downloads import as_attachment
from core.limits import EXPORTS, limited
from core.pdf import PdfUnavailableError
from safeguarding.retention import forms, selectors, services
from safeguarding.retention.certificate_pdf import take_certificate
from safeguarding.retention.enums import Decision
from safeguarding.retention.models import Certificate, Review
from safeguarding.retention.selectors import Kept
from safeguarding.retention.views import KeepingPage


class ReviewWrite(KeepingPage, View):
    """Whoever reads every part decides: keep it until a further day, or propose to destroy it."""

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        row = self._with_a_file(student)
        return self._page(row, forms.ReviewForm(due=row.is_due))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        row = self._with_a_file(student)
        form = forms.ReviewForm(request.POST, due=row.is_due)
        if not form.is_valid():
            return self._page(row, form)
        try:
            said = self._save(row, form.cleaned_data)
        except services.RefusedError as error:
            form.add_error(None, f"Nothing was saved: {error}")
            return self._page(row, form)
        messages.success(request, said)
        return redirect("retention:file", student=student)

    def _save(self, row: Kept, said: dict[str, Any]) -> str:
        if said["decision"] == Decision.KEEP:
            services.keep_longer(by=self.me, student=row.student, until=said["until"], why=said["why"])
            return f"Kept until {said['until']:%-d %B %Y}."
        services.propose(by=self.me, student=row.student, why=said["why"], early_why=said.get("early_why", ""))
        return "Proposed. Nothing is destroyed until a second person approves: tell them."

    def _with_a_file(self, student: uuid.UUID) -> Kept:
        row = self.kept(student)
        if not row.days:
            raise Http404
        return row

    def _page(self, row: Kept, form: forms.ReviewForm) -> HttpResponse:
        return self.answer("review_form", {"row": row, "form": form})


class ApprovalPage(KeepingPage):
    """What the second person sees: whose file, why, how much. No word of it."""

    permission_required: Any = Permission.APPROVE_DESTRUCTION

    def review(self, pk: uuid.UUID) -> Review:
        return get_object_or_404(selectors.reviews().filter(decision=Decision.DESTROY), pk=pk)


class Proposal(ApprovalPage, View):
    """The second of two people approves; PostgreSQL asks who, whether it is held, and whether its day has come."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        return self._page(self.review(pk), forms.ApproveForm())

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        review, form = self.review(pk), forms.ApproveForm(request.POST)
        if not form.is_valid():
            return self._page(review, form)
        try:
            made = services.destroy(by=self.me, review=review)
        except services.RefusedError as error:
            form.add_error(None, f"Nothing was destroyed: {error}")
            return self._page(review, form)
        messages.success(request, "The file is destroyed. This certificate remains.")
        return redirect("retention:certificate", pk=made.pk)

    def _page(self, review: Review, form: forms.ApproveForm) -> HttpResponse:
        context = {
            "said": selectors.shown(review),
            "student": review.student,
            "counts": selectors.counts_of(review),
            "around": selectors.around(review),
            "form": form,
            "mine": review.by_id == self.me.pk,
        }
        return self.answer("proposal", context)


class ProposalRefuse(ApprovalPage, View):
    """It is not carried out: refused, or taken back by whoever proposed it."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        return self._page(self.review(pk), forms.RefuseForm())

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        review, form = self.review(pk), forms.RefuseForm(request.POST)
        if not form.is_valid():
            return self._page(review, form)
        try:
            services.withdraw(by=self.me, review=review, why=form.cleaned_data["why"])
        except services.RefusedError as error:
            form.add_error(None, f"Nothing was saved: {error}")
            return self._page(review, form)
        messages.success(request, "The proposal is over; the file stays.")
        return redirect("retention:proposal", pk=pk)

    def _page(self, review: Review, form: forms.RefuseForm) -> HttpResponse:
        return self.answer("refuse_form", {"review": review, "form": form})


class CertificateDetail(ApprovalPage, View):
    """What remains of a file."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponseBase:
        return self.answer("certificate", {"made": self._certificate(pk)})

    def _certificate(self, pk: uuid.UUID) -> Certificate:
        return get_object_or_404(selectors.certificates(), pk=pk)


class CertificatePdf(CertificateDetail):
    """The same on paper, for the records of the school."""

    @limited(EXPORTS)
    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponseBase:
        made = self._certificate(pk)
        try:
            content = take_certificate(by=self.me, certificate=made)
        except PdfUnavailableError:
            messages.error(request, "This machine cannot make PDFs. Tell whoever runs Waymark; nothing was made.")
            return redirect("retention:certificate", pk=pk)
        return as_attachment(
            content, f"confidential-certificate-{timezone.localdate()}-{made.reference}.pdf", "application/pdf"
        )
