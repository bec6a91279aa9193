"""The safeguarding desk: the queue, one concern, and what is done with it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.requests import UserRequest
from audit.services import record
from core.downloads import as_attachment
from core.encryption import EncryptionError
from safeguarding import beside, conflicts, selectors, services
from safeguarding.attachments import LARGEST_REQUEST, opened_file
from safeguarding.conflict_forms import kept_form
from safeguarding.desk_forms import (
    WHAT_TO_WRITE,
    WRITTEN,
    EntryForm,
    LevelForm,
    LinkForm,
    OwnerForm,
    SentenceForm,
    StepForm,
)
from safeguarding.enums import Kind, Level, Part, Status, Step
from safeguarding.forms import LINE
from safeguarding.models import Concern, ConcernChild
from safeguarding.opening import FilePage
from safeguarding.rooms import rooms

A_PAGE = 100
# Written with more than words: a button or a form of their own stands beside.
ELSEWHERE = {Kind.CLOSED, Kind.DECISION, Kind.PARENTS}
SENT_ON = (
    "Nothing was saved: this file went to the next school. Open it again under Files that go with a child, with the"
    " reason."
)
REFUSED = {
    services.NotChildrensError: "Nobody was linked: what is said of adults hangs on no child’s file.",
    services.HeldError: "Nobody was unlinked: the child’s file is held, and nothing is taken off it.",
}


class Desk(FilePage, View):
    """What waits, what is in hand; `?show=closed` for what is closed. Names and days only, no words."""

    def get(self, request: UserRequest) -> HttpResponse:
        closed = request.GET.get("show") == "closed"
        page = Paginator(selectors.concerns_on_desk(closed=closed), A_PAGE).get_page(request.GET.get("page"))
        queue = list(page.object_list)
        record("file.listed", by=self.me, shown=len(queue))
        cards = [] if closed else rooms.desk_cards(self.me)
        context = {"queue": queue, "closed": closed, "page": page, "cards": cards}
        return render(request, "safeguarding/desk.html", context)


class ConcernPage(FilePage):
    """One concern that whoever acts may read; 404 for any other, as for one that is not there."""

    def concern(self, pk: uuid.UUID) -> Concern:
        rows = selectors.concerns_kept().filter(pk=pk)
        return get_object_or_404(rows.select_related("owner", "reporter", "about_staff", "receipt", "follows__receipt"))


class ConcernDetail(ConcernPage, View):
    """Everything on one screen: the words, what was done, the children beside it, who has looked."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        concern = self.concern(pk)
        way = self.opened(concern, Concern.objects.filter(pk=pk))
        if way:
            return way
        return self.page(concern)

    def page(self, concern: Concern, **more: Any) -> HttpResponse:
        children = list(concern.children.select_related("student").order_by("part", "student__sort_name", "pk"))
        known = selectors.students_by_label(self.me)
        entries = selectors.entries_of(concern)
        context = {
            "concern": concern,
            "children": children,
            "added": concern.followed_by.select_related("receipt").order_by("raised_at"),
            "beside": [beside.about(child.student, self.me) for child in children],
            "entries": entries,
            "cards": rooms.concern_cards(concern, entries, self.me),
            "cards_beside": rooms.cards_beside(concern, self.me),
            "earlier": selectors.earlier_concerns(concern),
            "looked": selectors.readers_so_far(concern.pk)[:50],
            "told": selectors.told_of(concern.receipt),
            "levels": Level.choices,
            "parts": Part.choices,
            "written": [(kind.value, kind.label) for kind in WRITTEN if kind not in ELSEWHERE],
            "owner_form": OwnerForm(people=selectors.holders_of(concern, self.me), now=concern.owner),
            "step_form": StepForm(),
            "sentence_form": SentenceForm(initial={"sentence": selectors.told_of(concern.receipt)}),
            "kept": conflicts.kept_from(concern),
            "kept_form": kept_form(self.me, concern),
            "known": known,
            "link_form": LinkForm(students=known, linked=set()),
        }
        return render(self.request, "safeguarding/concern_detail.html", context | more)


class ConcernDo(ConcernPage, View):
    """One press: have it in hand, how soon, whose, the next step, a sentence back, a child, open again."""

    http_method_names = ["post"]
    what = ""

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        concern = self.concern(pk)
        doing = getattr(self, f"_{self.what}")
        try:
            said = doing(concern, request.POST)
        except EncryptionError:
            said = ""
            messages.error(request, "Nothing was saved: the key of this concern cannot be opened here.")
        except services.CannotReadError:
            said = ""
            messages.error(request, "Nothing was saved: it can only be in the hands of somebody who reads it.")
        except services.SentOnError:
            said = ""
            messages.error(request, SENT_ON)
        except (services.NotChildrensError, services.HeldError) as error:
            said = ""
            messages.error(request, REFUSED[type(error)])
        if said:
            messages.success(request, said)
        return redirect("safeguarding:concern-detail", pk=pk)

    def _receive(self, concern: Concern, data: Any) -> str:
        if services.receive(by=self.me, concern=concern):
            return "It is in your hands. Whoever raised it sees that it was received."
        return "A colleague has it in hand already."

    def _level(self, concern: Concern, data: Any) -> str:
        form = LevelForm(data)
        if not form.is_valid():
            return self._wrong(form)
        level = Level(form.cleaned_data["level"])
        services.set_level(by=self.me, concern=concern, level=level)
        return f"How soon: {level.label.lower()}."

    def _owner(self, concern: Concern, data: Any) -> str:
        form = OwnerForm(data, people=selectors.holders_of(concern, self.me))
        if not form.is_valid():
            return self._wrong(form)
        services.give_to(by=self.me, concern=concern, owner=form.cleaned_data["owner"])
        return f"In the hands of {form.cleaned_data['owner']}."

    def _step(self, concern: Concern, data: Any) -> str:
        form = StepForm(data)
        if not form.is_valid():
            return self._wrong(form)
        step = Step(form.cleaned_data["step"])
        services.decide(
            by=self.me, concern=concern, step=step, why=form.cleaned_data["why"], due_on=form.cleaned_data["due_on"]
        )
        return f"Decided: {step.label}. Whoever raised it sees that it is being acted on."

    def _tell(self, concern: Concern, data: Any) -> str:
        form = SentenceForm(data)
        if not form.is_valid():
            return self._wrong(form)
        services.tell_reporter(by=self.me, concern=concern, sentence=form.cleaned_data["sentence"])
        return "Whoever raised it sees this sentence now." if form.cleaned_data["sentence"] else "They see no sentence."

    def _link(self, concern: Concern, data: Any) -> str:
        linked = set(concern.children.values_list("student", flat=True))
        form = LinkForm(data, students=selectors.students_by_label(self.me), linked=linked)
        if not form.is_valid():
            return self._wrong(form)
        child, part = form.cleaned_data["child"], Part(form.cleaned_data["part"])
        services.link_child(by=self.me, concern=concern, student=child, part=part)
        return f"Linked: {child.name}."

    def _unlink(self, concern: Concern, data: Any) -> str:
        child, why = self._child(concern, data), str(data.get("why", "")).strip()[:LINE]
        if not why:
            messages.error(self.request, "Nobody was unlinked: say why, it stands on the file.")
            return ""
        services.unlink_child(by=self.me, child=child, why=why)
        return f"Unlinked: {child.student.name}."

    def _child(self, concern: Concern, data: Any) -> ConcernChild:
        linked = ConcernChild.objects.select_related("student", "concern")
        return get_object_or_404(linked, concern=concern, pk=drafts.token_from(data.get("child")))

    def _part(self, concern: Concern, data: Any) -> str:
        child = self._child(concern, data)
        if data.get("part") not in Part:
            return self._wrong(None)
        services.change_part(by=self.me, child=child, part=Part(data["part"]))
        return "Changed."

    def _reopen(self, concern: Concern, data: Any) -> str:
        if concern.status != Status.CLOSED:
            return "It is open."
        services.reopen(by=self.me, concern=concern, why="Opened again from the desk.")
        return "Open again."

    def _wrong(self, form: Any) -> str:
        why = next(iter(form.errors.values()))[0] if form and form.errors else "Choose from the list."
        messages.error(self.request, f"Nothing was saved: {why}")
        return ""


class AttachmentDetail(ConcernPage, View):
    """One file, to be saved and opened elsewhere; once the opening of its concern stands on the record."""

    def get(self, request: UserRequest, pk: uuid.UUID, attachment: uuid.UUID) -> HttpResponseBase:
        concern = self.concern(pk)
        way = self.opened(concern, Concern.objects.filter(pk=pk))
        if way:
            return way
        row = get_object_or_404(concern.attachments.all(), pk=attachment)
        try:
            name, content = opened_file(row, concern)
        except EncryptionError:
            messages.error(request, selectors.NOT_READABLE)
            return redirect("safeguarding:concern-detail", pk=pk)
        record("file.attachment_taken", by=self.me, obj=concern)
        return as_attachment(content, name)


class EntryCreate(ConcernPage, View):
    """Something more for the file; the draft of it is kept as it is typed."""

    files_off_disk, largest_request = True, LARGEST_REQUEST

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        concern = self.concern(pk)
        token = drafts.token_from(request.GET.get("draft"))
        return self._page(concern, drafts.open_form(request.user, f"file-entry:{pk}", token))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        concern, key = self.concern(pk), f"file-entry:{pk}"
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        draft = drafts.reopen_form(request.user, key, request.POST)
        form = EntryForm(request.POST, request.FILES, draft=draft, kind="", still=rooms.still_open(concern))
        if not form.is_valid():
            return self._page(concern, draft, form)
        try:
            self._save(concern, form.cleaned_data, draft.token)
        except EncryptionError:
            form.add_error(
                None, "Nothing was saved: the key of this concern cannot be opened here. Your text stands below."
            )
            return self._page(concern, draft, form)
        except services.SentOnError:
            form.add_error(None, f"{SENT_ON} Your text stands below.")
            return self._page(concern, draft, form)
        messages.success(request, "It stands on the file.")
        return redirect("safeguarding:concern-detail", pk=pk)

    def _save(self, concern: Concern, said: dict[str, Any], token: uuid.UUID) -> None:
        kind = Kind(said["kind"])
        written = {"happened_on": said["happened_on"], "significant": said["significant"]}
        written |= {"files": said["attached"], "token": token}
        if kind == Kind.DECISION:
            step, due_on = Step(said["step"]), said["due_on"]
            services.decide(by=self.me, concern=concern, step=step, why=said["text"], due_on=due_on, **written)
        elif kind == Kind.CLOSED:
            still = [one.label for one in rooms.still_open(concern)]
            services.close(by=self.me, concern=concern, outcome=said["text"], still=still, **written)
        else:
            services.add_entry(by=self.me, concern=concern, kind=kind, words={"text": said["text"]}, **written)

    def _page(self, concern: Concern, draft: drafts.OpenForm, form: EntryForm | None = None) -> HttpResponse:
        kind, still = self.request.GET.get("kind", ""), rooms.still_open(concern)
        context = {
            "concern": concern,
            "draft": draft,
            "form": form or EntryForm(draft=draft, kind=kind if kind in Kind else Kind.NOTE, still=still),
            "still": still,
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
            "what_to_write": [(kind.label, text) for kind, text in WHAT_TO_WRITE.items()],
        }
        return render(self.request, "safeguarding/entry_form.html", context)
