"""Files that go with a child: the list, one transfer, and its steps."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from accounts import drafts
from accounts.permissions import Permission
from accounts.requests import UserRequest
from audit.services import record
from safeguarding.opening import FilePage
from safeguarding.transfer import forms, selectors, services
from safeguarding.transfer.enums import Basis, Method
from safeguarding.transfer.models import Transfer


class TransferPage(FilePage):
    """One transfer of a child whose whole file one reads; 404 for any other, as for one that is not there."""

    permission_required: Any = Permission.KEEP_FILE

    def transfer(self, pk: uuid.UUID) -> Transfer:
        people = ("begun_by", "sent_by", "receipt_noted_by", "reopened_by", "not_sent_by", "package__made_by")
        return get_object_or_404(Transfer.objects.select_related("student__school", *people), pk=pk)


class TransferList(TransferPage, View):
    """Who leaves with a file: what is due, what waits for a receipt, what is over. Names and days only."""

    def get(self, request: UserRequest) -> HttpResponse:
        rows = selectors.leavers_with_file(self.me)
        record("file.listed", by=self.me, shown=len(rows))
        context = {"open": [row for row in rows if row.is_open], "over": [row for row in rows if not row.is_open]}
        return render(request, "safeguarding/transfer/transfer_list.html", context)


class TransferBegin(TransferPage, View):
    """From the list: the child's transfer, new or begun already."""

    http_method_names = ["post"]

    def post(self, request: UserRequest) -> HttpResponse:
        key = drafts.token_from(request.POST.get("student"))
        rows = selectors.leavers_with_file(self.me, student=key) if key else []
        if not rows:
            messages.error(request, "Nothing was begun: choose a child from the list.")
            return redirect("transfer:list")
        return redirect("transfer:detail", pk=services.begin(by=self.me, student=rows[0].student).pk)


class TransferDetail(TransferPage, View):
    """How far it has come, and what comes next."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        transfer = self.transfer(pk)
        context = {
            "transfer": transfer,
            "row": selectors.leaver_of(transfer),
            "to": selectors.destination_of(transfer),
            "receipt": selectors.receipt_of(transfer),
            "packages": selectors.packages_of(transfer),
            "chasers": selectors.chasers_of(transfer),
            "since": selectors.raised_since(transfer),
            "copy_basis": selectors.sealed(transfer, "copy_basis"),
            "reopened_why": selectors.sealed(transfer, "reopened_why"),
            "why_not": selectors.sealed(transfer, "why_not"),
        }
        return render(request, "safeguarding/transfer/transfer_detail.html", context)


class TransferDo(TransferPage, View):
    """One step with its form; what is wrong stands at the field, and nothing typed is lost."""

    what = ""
    form: type[forms.StepForm]

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        transfer = self.transfer(pk)
        return self._page(transfer, self._form(transfer))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        transfer = self.transfer(pk)
        form = self._form(transfer, request.POST)
        if not form.is_valid():
            return self._page(transfer, form)
        try:
            said = _DOING[self.what][1](self, transfer, form.cleaned_data)
        except services.RefusedError as error:
            form.add_error(None, f"Nothing was saved: {error}")
            return self._page(transfer, form)
        messages.success(request, said)
        return redirect("transfer:detail", pk=pk)

    def _form(self, transfer: Transfer, data: Any = None) -> forms.StepForm:
        return _DOING[self.what][0](data, transfer=transfer)

    def _page(self, transfer: Transfer, form: forms.StepForm) -> HttpResponse:
        return render(self.request, "safeguarding/transfer/step_form.html", {"transfer": transfer, "form": form})


def _where(view: TransferDo, transfer: Transfer, said: dict[str, Any]) -> str:
    to = {name: said[name] for name in ("name", "urn", "dsl", "contact")}
    services.say_where(by=view.me, transfer=transfer, to=to, basis=Basis(said["basis"]))
    return "Saved where the file goes."


def _sent(view: TransferDo, transfer: Transfer, said: dict[str, Any]) -> str:
    services.mark_sent(by=view.me, transfer=transfer, method=Method(said["method"]))
    return "It went. The file here rests; a receipt is expected within 5 days."


def _receipt(view: TransferDo, transfer: Transfer, said: dict[str, Any]) -> str:
    told = {name: said[name] for name in ("name", "role", "how")}
    services.note_receipt(by=view.me, transfer=transfer, on=said["on"], said=told)
    return "The receipt is noted."


def _chaser(view: TransferDo, transfer: Transfer, said: dict[str, Any]) -> str:
    services.note_chaser(by=view.me, transfer=transfer, words=said["said"])
    return "Noted that you asked."


def _copy(view: TransferDo, transfer: Transfer, said: dict[str, Any]) -> str:
    services.say_copy(by=view.me, transfer=transfer, kept=said["kept"], basis=said["basis"], until=said["until"])
    return "Saved what becomes of the copy."


def _reopen(view: TransferDo, transfer: Transfer, said: dict[str, Any]) -> str:
    services.reopen(by=view.me, transfer=transfer, why=said["why"])
    return "The file can be written on again."


def _stays(view: TransferDo, transfer: Transfer, said: dict[str, Any]) -> str:
    services.let_it_stay(by=view.me, transfer=transfer, why=said["why"])
    return "The file stays here."


_DOING: dict[str, tuple[type[forms.StepForm], Callable[[TransferDo, Transfer, dict[str, Any]], str]]] = {
    "destination": (forms.DestinationForm, _where),
    "sent": (forms.SentForm, _sent),
    "receipt": (forms.ReceiptForm, _receipt),
    "chaser": (forms.ChaserForm, _chaser),
    "copy": (forms.CopyForm, _copy),
    "reopen": (forms.ReopenForm, _reopen),
    "stays": (forms.StaysForm, _stays),
}
