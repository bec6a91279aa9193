"""The pages of this room: who is kept from what, without a child, for the headteacher."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from accounts.permissions import Permission
from accounts.requests import UserRequest
from audit.services import record
from safeguarding.opening import FilePage
from safeguarding.sharing import selectors, services
from safeguarding.sharing.models import Confirmation


class KeptList(FilePage, View):
    """Who keeps whom from how many concerns, since when; and what waits for the headteacher's word."""

    permission_required = (Permission.OPEN_FILE, Permission.KEEP_STAFF_FILE)

    def get(self, request: UserRequest) -> HttpResponse:
        everybody = selectors.everybody_kept()
        record("file.listed", by=self.me, shown=len(everybody))
        return render(request, "safeguarding/sharing/kept_list.html", {"everybody": everybody})


class ConfirmationDecide(FilePage, View):
    """The headteacher agrees to it, or does not."""

    http_method_names = ["post"]
    permission_required = (Permission.OPEN_FILE, Permission.KEEP_STAFF_FILE)

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        if not Confirmation.objects.filter(pk=pk).exists():
            raise Http404
        if request.POST.get("agreed") not in ("yes", "no"):
            messages.error(request, "Nothing was saved: say whether you agree.")
        elif services.decide_confirmation(by=self.me, confirmation=pk, agreed=request.POST["agreed"] == "yes"):
            messages.success(request, "Your answer is written down, and stands with the concern.")
        else:
            messages.error(request, "Nothing was saved: it is decided already, or you are part of it yourself.")
        return redirect("safeguarding:kept-list")
