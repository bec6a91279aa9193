"""Making the sealed package: its passphrase is on this page alone, the package in the answer alone."""

import uuid

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from accounts.requests import UserRequest
from audit.models import Event
from audit.services import record
from core.downloads import as_attachment
from core.limits import EXPORTS, limited
from core.patience import take_your_time
from core.pdf import PdfUnavailableError
from safeguarding.chronology import concerns_of_child
from safeguarding.opening import JUST_NOW
from safeguarding.transfer import services
from safeguarding.transfer.contents import Whole, incidents_of, whole_of
from safeguarding.transfer.models import Transfer
from safeguarding.transfer.package import seal_file
from safeguarding.transfer.phrases import is_ours, new_phrase
from safeguarding.transfer.views import TransferPage


@method_decorator(sensitive_post_parameters("phrase"), name="dispatch")
class PackageMake(TransferPage, View):
    """The opening stands on the record first. The form carries the phrase back, so that nothing here has to keep it."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponseBase:
        transfer = self.transfer(pk)
        if transfer.sent_at:
            messages.error(request, "It went already: the package that went is the one that is noted here.")
            return redirect("transfer:detail", pk=pk)
        return self._all_opened(transfer) or self._page(transfer, whole_of(transfer.student))

    @limited(EXPORTS)
    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponseBase:
        transfer, phrase = self.transfer(pk), request.POST.get("phrase", "")
        if transfer.sent_at or not is_ours(phrase) or not request.POST.get("read"):
            messages.error(request, "Nothing was made. Tick that you read the file through, and try again.")
            return redirect("transfer:package", pk=pk)
        way = self._all_opened(transfer)
        if way:
            # The same form once more, now that the note is committed; elsewhere only where it did not open.
            again = isinstance(way, HttpResponseRedirect) and way.url == request.get_full_path()
            return redirect(request.get_full_path(), preserve_request=True) if again else way
        take_your_time()
        try:
            whole = whole_of(transfer.student, request.POST.getlist("file"))
            made = seal_file(whole, by=self.me, phrase=phrase)
        except PdfUnavailableError:
            messages.error(request, "This machine cannot make PDFs. Tell whoever runs Waymark; nothing was made.")
            return redirect("transfer:detail", pk=pk)
        services.note_package(by=self.me, transfer=transfer, **made.said)
        return as_attachment(
            made.content, f"confidential-{timezone.localdate()}-{made.sha256[:8]}.pdf", "application/pdf"
        )

    def _all_opened(self, transfer: Transfer) -> HttpResponseBase | None:
        """Concerns and lines by the child's file; each record of force by itself, all noted before one is read."""
        way = self.opened(transfer.student, concerns_of_child(transfer.student_id))
        return self._force_opened(transfer) or way

    def _force_opened(self, transfer: Transfer) -> HttpResponseBase | None:
        waiting = [one for one in incidents_of(transfer.student_id) if not one.entries.exists()]
        noted = Event.objects.filter(
            actor_id=self.me.pk, action="file.force_opened", object_id__in=[str(one.pk) for one in waiting],
            at__gt=timezone.now() - JUST_NOW,
        )  # fmt: skip
        if not waiting:
            return None
        if noted.exists():
            messages.error(self.request, "It did not open. Try again in half a minute.")
            return redirect("safeguarding:desk")
        for one in waiting:
            record("file.force_opened", by=self.me, obj=one)
        return redirect(self.request.get_full_path())

    def _page(self, transfer: Transfer, whole: Whole) -> HttpResponseBase:
        said = [line.said for line in whole.chronology.lines]
        unreadable = sum(bool(one.unreadable) for one in said)
        unreadable += sum(bool(one.said.unreadable) for force in whole.forces for one in force.written)
        unreadable += sum(not line.words for line in whole.lines) + sum(not one.readable for one in whole.standings)
        context = {"transfer": transfer, "whole": whole, "unreadable": unreadable, "phrase": new_phrase()}
        return render(self.request, "safeguarding/transfer/package_form.html", context)
