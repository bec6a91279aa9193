"""Rewards and sanctions: one's own entries and what is to be followed up, entering for many, one entry."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from students.models import Student
from tutoring.conduct import selectors, services
from tutoring.conduct.forms import EntryForm, follow_up_form, withdraw_form
from tutoring.conduct.models import ConductEntry, ConductType
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import groups_tutored_by, groups_visible_to, students_visible_to

SHOWN = 50
LONGEST_SEARCH = 80
TYPED = ("submission", "kind", "day", "comment")


class EntryList(StaffPageMixin, TemplateView):
    """What waits to be followed up, then the latest entries."""

    permission_required = Permission.ENTER_CONDUCT
    template_name = "conduct/entry_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            waiting=selectors.follow_ups_waiting(self.me)[:SHOWN],
            entries=selectors.entries_by(self.me)[:SHOWN],
            **kwargs,
        )


class EntryCreate(StaffPageMixin, View):
    """For those of a group, of one's own, or found by name."""

    permission_required = Permission.ENTER_CONDUCT

    def get(self, request: Any) -> HttpResponse:
        return self._answer()

    def post(self, request: Any) -> HttpResponse:
        return self._answer()

    def _answer(self) -> HttpResponse:
        """Another list is shown with all that was typed and ticked (`show`), else it is saved."""
        sent = self.request.POST
        groups = list(groups_visible_to(self.me, Permission.ENTER_CONDUCT))
        group = self._chosen(groups)
        text = self._said("q").replace("\0", "").strip()[:LONGEST_SEARCH]
        listed = selectors.students_to_choose(self.me, group, text)
        reach = students_visible_to(self.me, Permission.ENTER_CONDUCT).select_related("house")
        ticked = selectors.those_ticked(reach, sent.getlist("students") or self.request.GET.getlist("student"))
        saves = bool(sent) and "show" not in sent
        form = EntryForm(
            sent if saves else None,
            kinds=self._kinds(listed, ticked, saves),
            reach=reach,
            listed=listed,
            ticked=ticked,
            typed={name: sent[name] for name in TYPED if sent.get(name)},
        )
        if form.is_bound and form.is_valid():
            saved = self._saved(form)
            if saved is not None:
                return saved
        context = {"groups": groups, "group": group, "text": text, "form": form, "listed": listed}
        return render(self.request, "conduct/entry_form.html", context)

    def _kinds(self, listed: list[Student], ticked: list[Student], saves: bool) -> QuerySet[ConductType]:
        """What all who are ticked may be given; while nobody is, or whoever is said as it is saved, of any listed."""
        if ticked and not saves:
            return selectors.types_for(self.school, ticked, all_of_them=True)
        return selectors.types_for(self.school, [*listed, *ticked])

    def _said(self, name: str) -> str:
        """What the form says, else the address."""
        return self.request.POST.get(name) or self.request.GET.get(name, "")

    def _chosen(self, groups: list[TutorGroup]) -> TutorGroup | None:
        """The group of the address, else the first one I tutor; none for all of one's own ("mine")."""
        wanted = self._said("group")
        if not wanted:
            mine = set(groups_tutored_by(self.me))
            return next((group for group in groups if group in mine), None)
        found = next((group for group in groups if str(group.pk) == wanted), None)
        if wanted != "mine" and found is None:
            raise Http404("No such group")
        return found

    def _saved(self, form: EntryForm) -> HttpResponse | None:
        given = form.cleaned_data
        try:
            done = services.enter_conduct(
                by=self.me, students=given["for_whom"], kind=given["kind"], day=given["day"],
                comment=given["comment"], submission=given["submission"],
            )  # fmt: skip
        except services.RefusedError as refused:
            form.add_error(None, str(refused))
            return None
        number = len(done.entries)
        whom = f"{number} student{'' if number == 1 else 's'}"
        if done.created:
            messages.success(self.request, f"{given['kind']}: entered for {whom}.")
        else:
            messages.info(self.request, f"This form was saved before, for {whom}; nothing was entered twice.")
        return redirect("conduct:entry-list")


class EntryDetail(StaffPageMixin, View):
    """One entry; its author follows it up or withdraws it here (`do`)."""

    permission_required = Permission.ENTER_CONDUCT

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        return self._page(self._entry(pk), follow_up_form(), withdraw_form())

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        entry, wants = self._entry(pk), request.POST.get("do")
        follows = follow_up_form(request.POST if wants == "follow-up" else None)
        withdraws = withdraw_form(request.POST if wants == "withdraw" else None)
        form = follows if wants == "follow-up" else withdraws
        if entry.author_id != self.me.pk:
            raise Http404("Not yours to change")
        if not (form.is_bound and form.is_valid()):
            return self._page(entry, follows, withdraws)
        words = form.cleaned_data["words"]
        try:
            if form is follows:
                services.follow_up(by=self.me, entry=entry, words=words)
            else:
                services.withdraw(by=self.me, entry=entry, reason=words)
        except services.RefusedError as refused:
            form.add_error(None, str(refused))
            return self._page(self._entry(pk), follows, withdraws, status=409)
        messages.success(request, "Followed up." if form is follows else "Withdrawn. It counts no longer.")
        return redirect("conduct:entry-list")

    def _entry(self, pk: uuid.UUID) -> ConductEntry:
        return get_object_or_404(selectors.entries_readable(), pk=pk)

    def _page(self, entry: ConductEntry, follows: Any, withdraws: Any, status: int = 200) -> HttpResponse:
        is_mine = entry.author_id == self.me.pk
        context = {
            "entry": entry,
            "follows": follows if is_mine and (entry.waits or follows.errors) else None,
            "withdraws": withdraws if is_mine and (entry.may_be_withdrawn or withdraws.errors) else None,
        }
        return render(self.request, "conduct/entry_detail.html", context, status=status)
