"""Raising a concern, and what whoever raised one sees of it afterwards."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView, View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.enums import Role
from accounts.mixins import StaffPageMixin
from accounts.models import School
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.encryption import EncryptionError
from safeguarding import selectors
from safeguarding.attachments import LARGEST_REQUEST
from safeguarding.categories import ALWAYS, guidance_for, label_of
from safeguarding.enums import Store
from safeguarding.forms import CHILDREN, RaiseForm
from safeguarding.models import Receipt
from safeguarding.services import raise_concern
from safeguarding.writing_check import remarks

NOT_SEALED = "Nothing was sent: it cannot be sealed just now. Tell the lead in person; your text stands below."


def draft_key(student: uuid.UUID | None) -> str:
    """A draft of its own for each child from whose page one comes, and one for everybody else."""
    return f"concern:{student or uuid.UUID(int=0)}"


class RaiseConcern(StaffPageMixin, View):
    """One form, from anywhere. `?student=` begins it with a name, `?from=` says in which conversation it arose."""

    permission_required = Permission.RAISE_CONCERN
    files_off_disk, largest_request = True, LARGEST_REQUEST
    request: UserRequest

    def get(self, request: UserRequest) -> HttpResponse:
        token = drafts.token_from(request.GET.get("draft"))
        return self._page(drafts.open_form(request.user, self._key(), token))

    def post(self, request: UserRequest) -> HttpResponse:
        key = self._key()
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = self._form(draft, request.POST, request.FILES)
        if not form.is_valid():
            return self._page(draft, form)
        try:
            receipt = raise_concern(
                by=self.me,
                token=draft.token,
                students=form.linked,
                words=form.words(arose_in=self._arose_in()),
                facts=form.facts(follows=self._follows()),
                files=form.cleaned_data["attached"],
            )
        except EncryptionError:
            form.add_error(None, NOT_SEALED)
            return self._page(draft, form, status=503)
        return redirect("safeguarding:receipt-detail", pk=receipt)

    def _follows(self) -> uuid.UUID | None:
        return None

    def _key(self) -> str:
        return draft_key(self._student_key())

    def _student_key(self) -> uuid.UUID | None:
        return drafts.token_from(self.request.GET.get("student"))

    def _arose_in(self) -> str:
        """The conversation it arose in, as a pointer: no word of it is copied, and nothing there points back."""
        return str(drafts.token_from(self.request.GET.get("from")) or "")

    def _form(self, draft: drafts.OpenForm, data: Any = None, files: Any = None) -> RaiseForm:
        known = selectors.students_by_label(self.me)
        key = self._student_key()
        about = next((label for label, student in known.items() if student.pk == key), "")
        return RaiseForm(
            data, files, draft=draft, students=known, staff=selectors.colleagues(self.me, self.school), about=about
        )

    def _page(
        self, draft: drafts.OpenForm, form: RaiseForm | None = None, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        form = form or self._form(draft)
        context = {
            "draft": draft,
            "form": form,
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
            "leads": selectors.safeguarding_leads(self.me),
            **guidance_shown(str(form["category"].value() or ""), self.school),
            "chairs": selectors.readers_of(Store.HEAD, self.me),
        }
        return render(self.request, "safeguarding/raise_concern.html", context | more, status=status)


class AddToConcern(RaiseConcern):
    """Something more about what one raised: a concern that follows the first. What was sent is never changed."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.receipt_key: uuid.UUID = kwargs.pop("pk")
        return super().dispatch(request, *args, **kwargs)

    @property
    def receipt(self) -> Receipt:
        return get_object_or_404(selectors.receipts_of(self.me), pk=self.receipt_key)

    def _follows(self) -> uuid.UUID | None:
        return self.receipt.concern_id

    def _key(self) -> str:
        return f"concern-more:{self.receipt.pk}"

    def _page(
        self, draft: drafts.OpenForm, form: RaiseForm | None = None, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        return super()._page(draft, form, status=status, follows=self.receipt, **more)


class WritingCheck(StaffPageMixin, View):
    """What a careful colleague would point out about what is typed so far; kept nowhere, and it stops nobody."""

    permission_required = Permission.RAISE_CONCERN
    http_method_names = ["post"]

    def post(self, request: UserRequest) -> HttpResponse:
        boxes = (request.POST.get(f"child_{number}", "") for number in range(CHILDREN))
        names = [name.partition(",")[0] for name in boxes if name]
        found = [
            *remarks(request.POST.get("seen", ""), names=names),
            *remarks(request.POST.get("child_words", ""), names=names, words_of="child"),
        ]
        return render(request, "safeguarding/_writing_check.html", {"remarks": found})


class CategoryGuidance(StaffPageMixin, View):
    """What to do in a case of the kind that was chosen; a part of the page beside the form."""

    permission_required = Permission.RAISE_CONCERN

    def get(self, request: UserRequest) -> HttpResponse:
        return render(
            request, "safeguarding/_guidance.html", guidance_shown(request.GET.get("category", ""), self.school)
        )


def guidance_shown(category: str, school: School) -> dict[str, Any]:
    """For the template: what always holds, and what holds for this kind of concern."""
    dsl = school.called[Role.DSL].mid
    own = {"guidance": guidance_for(category, dsl=dsl), "title": label_of(category)} if category else {}
    return {"always": ALWAYS.for_school(dsl)} | own


class ReceiptList(StaffPageMixin, TemplateView):
    """What I raised, and how far it has come."""

    permission_required = Permission.RAISE_CONCERN
    template_name = "safeguarding/receipt_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipts = [(receipt, selectors.told_of(receipt)) for receipt in selectors.receipts_of(self.me)[:200]]
        return super().get_context_data(receipts=receipts, **kwargs)


class ReceiptDetail(StaffPageMixin, View):
    """That it arrived, with whom, and what happens next. No child is named here: screens are seen by others."""

    permission_required = Permission.RAISE_CONCERN

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        receipt = get_object_or_404(selectors.receipts_of(self.me), pk=pk)
        context = {
            "receipt": receipt,
            "told": selectors.told_of(receipt),
            "finds_reader": selectors.finds_reader(receipt),
        }
        return render(request, "safeguarding/receipt_detail.html", context)
