"""What is written on a concern when it goes further: an action, a referral, a meeting, the parents, a decision."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.requests import UserRequest
from core.encryption import EncryptionError
from safeguarding.case import services
from safeguarding.case.agency_forms import ReferralForm
from safeguarding.case.enums import Gathering, Told
from safeguarding.case.fields import CaseForm
from safeguarding.case.forms import ActionForm, MeetingForm
from safeguarding.case.selectors import last_days_by_law
from safeguarding.case.services import Written
from safeguarding.case.told_forms import DecisionForm, ParentsForm
from safeguarding.desk_views import SENT_ON, ConcernPage
from safeguarding.enums import Kind, Step
from safeguarding.models import Concern
from safeguarding.selectors import holders_of
from safeguarding.services import CannotReadError, SentOnError, add_entry, decide

NO_KEY = "Nothing was saved: the key of this concern cannot be opened here. Your text stands below."
NOT_A_READER = "It can only be in the hands of somebody who reads it."


class CaseWrite(ConcernPage, View):
    """A form of the room: kept as it is typed, and on the file once it is sent."""

    form_class: type[CaseForm]
    key: str
    button = "Put it on the file"
    done = "It stands on the file."

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        concern = self.of(pk)
        token = drafts.token_from(request.GET.get("draft"))
        draft = drafts.open_form(request.user, self.form_key(pk), token)
        return self.page(concern, draft, self.form(concern, draft))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        concern = self.of(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, self.form_key(pk))
        draft = drafts.reopen_form(request.user, self.form_key(pk), request.POST)
        form = self.form(concern, draft, request.POST)
        if not form.is_valid():
            return self.page(concern, draft, form)
        try:
            self.save(concern, form, draft.token)
        except (EncryptionError, SentOnError) as error:
            form.add_error(None, f"{SENT_ON} Your text stands below." if isinstance(error, SentOnError) else NO_KEY)
            return self.page(concern, draft, form)
        except CannotReadError:
            form.add_error("owner", NOT_A_READER)
            return self.page(concern, draft, form)
        messages.success(request, self.done)
        return redirect("safeguarding:concern-detail", pk=concern.pk)

    def of(self, pk: uuid.UUID) -> Concern:
        """The concern that the address means."""
        return self.concern(pk)

    def form_key(self, pk: uuid.UUID) -> str:
        return f"file-{self.key}:{pk}"

    def form(self, concern: Concern, draft: drafts.OpenForm, data: Any = None) -> CaseForm:
        people = holders_of(concern, self.me)
        return self.form_class(data, draft=draft, concern=concern, people=people, me=self.me, **self.given())

    def given(self) -> dict[str, Any]:
        """What else the form is told."""
        return {}

    def save(self, concern: Concern, form: Any, token: uuid.UUID) -> None:
        raise NotImplementedError

    def written(self, form: CaseForm, token: uuid.UUID, text: str = "") -> Written:
        said = form.cleaned_data
        return Written(
            text=text or said.get("text", ""), facts=form.facts, token=token, happened_on=said.get("happened_on"),
            significant=bool(said.get("significant")),
        )  # fmt: skip

    def page(self, concern: Concern, draft: drafts.OpenForm, form: CaseForm, **more: Any) -> HttpResponse:
        context = {
            "concern": concern,
            "draft": draft,
            "form": form,
            "button": self.button,
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "safeguarding/case/write.html", context | more)


class ActionCreate(CaseWrite):
    form_class, key, button = ActionForm, "action", "Set the action"
    done = "It stands on the file, and on the desk of whoever has it in hand."

    def save(self, concern: Concern, form: ActionForm, token: uuid.UUID) -> None:
        said = form.cleaned_data
        services.set_action(
            by=self.me, concern=concern, owner=said["owner"], due_on=said["due_on"], today=timezone.localdate(),
            written=self.written(form, token),
        )  # fmt: skip


class ReferralCreate(CaseWrite):
    form_class, key = ReferralForm, "referral"
    done = "The referral stands on the file. The desk says when the answer is due."

    def save(self, concern: Concern, form: ReferralForm, token: uuid.UUID) -> None:
        said = form.cleaned_data
        services.make_referral(
            by=self.me, concern=concern, agency=said["agency"], title=form.title, owner=said["owner"],
            due_on=said["due_on"], written=self.written(form, token),
        )  # fmt: skip


class MeetingWrite(CaseWrite):
    """`?kind=`: which one, where it comes from the list of what is due."""

    form_class, key = MeetingForm, "meeting"
    waits_for: Concern
    done = "The meeting stands on the file, and what follows it on the desk."

    def of(self, pk: uuid.UUID) -> Concern:
        self.waits_for = super().of(pk)
        return self.waits_for

    def given(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "")
        return ({"kind": kind} if kind in Gathering else {}) | {"by_law": last_days_by_law(self.waits_for)}

    def save(self, concern: Concern, form: MeetingForm, token: uuid.UUID) -> None:
        said, held = form.cleaned_data, form.is_held
        written = self.written(form, token)
        services.write_meeting(
            by=self.me, concern=concern, kind=Gathering(said["kind"]), on=said["held_on"], held=held,
            goes_on=said["goes_on"], following=form.following,
            written=Written(
                written.text, written.facts, token, happened_on=said["held_on"] if held else None,
                significant=written.significant and held,
            ),
        )  # fmt: skip


class ParentsWrite(CaseWrite):
    form_class, key = ParentsForm, "parents"

    def save(self, concern: Concern, form: ParentsForm, token: uuid.UUID) -> None:
        said = form.cleaned_data
        words = {"title": Told(said["told"]).label, "text": said["text"], "facts": form.facts}
        add_entry(
            by=self.me, concern=concern, kind=Kind.PARENTS, words=words, happened_on=said["happened_on"], token=token
        )  # fmt: skip


class DecisionWrite(CaseWrite):
    form_class, key = DecisionForm, "decision"
    done = "Decided. Whoever raised it sees that it is being acted on."

    def save(self, concern: Concern, form: DecisionForm, token: uuid.UUID) -> None:
        said = form.cleaned_data
        decide(
            by=self.me, concern=concern, step=Step(said["step"]), why=said["text"], due_on=said["due_on"],
            facts=form.facts, happened_on=said["happened_on"], significant=said["significant"], token=token,
        )  # fmt: skip
