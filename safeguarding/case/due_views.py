"""What is due: the list over all concerns, what came of one, another day, a challenge."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from accounts.permissions import Permission
from accounts.requests import UserRequest
from audit.services import record
from safeguarding.case import services
from safeguarding.case.agency_forms import ChallengeForm
from safeguarding.case.enums import DueKind, Ended, Rung
from safeguarding.case.forms import EndForm, MoveForm
from safeguarding.case.models import Due
from safeguarding.case.selectors import dues_of, next_rungs, open_dues, waits_for_a_step
from safeguarding.case.standings import days_open
from safeguarding.case.views import CaseWrite
from safeguarding.models import Concern
from safeguarding.opening import FilePage
from safeguarding.selectors import entries_of

A_PAGE = 100
WHOSE = {"": "Everybody’s", "mine": "Mine", "nobodys": "In nobody’s hands"}


class DueList(FilePage, View):
    """Everything that is still waited for, by its day; names and days only, no words."""

    def get(self, request: UserRequest) -> HttpResponse:
        whose = request.GET.get("whose", "")
        rows = open_dues()
        if whose == "mine":
            rows = rows.filter(owner=self.me)
        elif whose == "nobodys":
            rows = rows.filter(owner=None)
        page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
        dues = list(page.object_list)
        record("file.listed", by=self.me, shown=len(dues))
        # A child's reviews are in the hands of everybody who keeps the file.
        keeps = whose == "" and page.number == 1 and self.me.has_perm(Permission.KEEP_FILE)
        days = days_open() if keeps else []
        context = {"dues": dues, "days": days, "page": page, "whose": whose, "choices": WHOSE.items()}
        return render(request, "safeguarding/case/due_list.html", context)


class DueWrite(CaseWrite):
    """A form about something due; beside it what was written about it so far, once its opening is on the record."""

    due: Due
    also_ended = False

    def of(self, pk: uuid.UUID) -> Concern:
        self.due = get_object_or_404(Due, pk=pk)
        return self.concern(self.due.concern_id)

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        concern = self.of(pk)
        way = self._has_ended() or self.opened(concern, Concern.objects.filter(pk=concern.pk))
        return way or super().get(request, pk)

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        self.of(pk)
        return self._has_ended() or super().post(request, pk)

    def _has_ended(self) -> HttpResponse | None:
        """Sent twice, or a colleague was quicker: what came of it stands there."""
        if self.also_ended or self.due.done_on is None:
            return None
        messages.info(self.request, "It has come to its end already: see what came of it.")
        return redirect("safeguarding:concern-detail", pk=self.due.concern_id)

    def page(self, concern: Concern, *args: Any, **more: Any) -> HttpResponse:
        shown = next(one for one in dues_of(concern, entries_of(concern)) if one.due.pk == self.due.pk)
        return super().page(concern, *args, **more, one=shown)


class DueEnd(DueWrite):
    """What came of it; an agency's answer. It stays so."""

    form_class, key = EndForm, "ended"

    def given(self) -> dict[str, Any]:
        return {"kind": DueKind(self.due.kind)}

    def save(self, concern: Concern, form: EndForm, token: uuid.UUID) -> None:
        said = form.cleaned_data
        services.end_due(
            by=self.me, due=self.due, ended=Ended(said["ended"]), on=said["happened_on"],
            written=self.written(form, token),
        )  # fmt: skip


class DueMove(DueWrite):
    form_class, key, button = MoveForm, "moved", "Move it"
    done = "Moved. The day before stays on the file."

    def given(self) -> dict[str, Any]:
        return {"due_on": self.due.due_on.isoformat(), "owner": self.due.owner_id, "before": self.due}

    def save(self, concern: Concern, form: MoveForm, token: uuid.UUID) -> None:
        said = form.cleaned_data
        services.move_due(
            by=self.me, due=self.due, due_on=said["due_on"], owner=said["owner"],
            written=self.written(form, token, said["why"]),
        )  # fmt: skip


class ChallengeCreate(DueWrite):
    """To the next step of a disagreement about a referral; answered or not, each step before must be written down."""

    form_class, key = ChallengeForm, "challenge"
    done = "The challenge stands on the file. The desk says when the answer is due."
    also_ended = True

    def of(self, pk: uuid.UUID) -> Concern:
        self.due = get_object_or_404(Due, pk=pk, kind=DueKind.ANSWER)
        return self.concern(self.due.concern_id)

    def given(self) -> dict[str, Any]:
        return {"rungs": next_rungs(self.due), "waits": waits_for_a_step(self.due)}

    def save(self, concern: Concern, form: ChallengeForm, token: uuid.UUID) -> None:
        said = form.cleaned_data
        services.challenge(
            by=self.me, referral=self.due, rung=Rung(said["rung"]), owner=said["owner"], due_on=said["due_on"],
            written=self.written(form, token),
        )  # fmt: skip
