"""What helps: the list, a student's cards, the sheet that prints on one page, and the student's own words."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import ListView, View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from audit.services import record
from core.mixins import PermissionRequiredMixin
from core.paging import ShortListPaginator
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.strategies import selectors, services
from tutoring.strategies.forms import CardForm, OwnWordsForm, PutAwayForm
from tutoring.strategies.models import OwnWords, StrategyCard


class StrategyList(StaffPageMixin, ListView):  # type: ignore[type-arg]
    """The students one teaches or looks after of whom something stands, with what stands."""

    permission_required = Permission.VIEW_STRATEGY
    template_name = "strategies/list.html"
    context_object_name = "students"
    paginate_by = 40
    paginator_class = ShortListPaginator

    def get_queryset(self) -> QuerySet[Student]:
        return selectors.students_with_cards(self.me)


class OfStudent(PermissionRequiredMixin, View):
    """A page about one student whom this person reaches with the permission of the page; 404 else."""

    request: UserRequest

    def student(self, pk: uuid.UUID) -> Student:
        students = students_visible_to(self.request.user, self.permission_required)
        return get_object_or_404(students.select_related("school"), pk=pk)


class Cards(OfStudent):
    """What stands, with the two buttons of each; what was put away; and one line more."""

    permission_required = Permission.WRITE_STRATEGY

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        return self._page(self.student(student))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        form = CardForm(request.POST, in_use=len(selectors.cards_of_student(pupil)))
        if not form.is_valid():
            return self._page(pupil, form)
        services.write_card(by=request.user, student=pupil, **form.cleaned_data)
        messages.success(request, f"Written. All who teach {pupil.preferred_forename} see it from now on.")
        return redirect("strategies:cards", student=pupil.pk)

    def _page(self, student: Student, form: CardForm | None = None) -> HttpResponse:
        cards = selectors.cards_of_student(student)
        context = {
            "student": student, "cards": cards, "gone": selectors.cards_put_away(student),
            "form": form or CardForm(in_use=len(cards)), "most": selectors.MOST_CARDS,
        }  # fmt: skip
        return render(self.request, "strategies/cards.html", context)


class _Card(PermissionRequiredMixin, View):
    """One card in use, of a student for whom this person writes."""

    permission_required = Permission.WRITE_STRATEGY
    http_method_names = ["post"]
    request: UserRequest

    def card(self, pk: uuid.UUID) -> StrategyCard:
        return get_object_or_404(selectors.cards_changeable(self.request.user), pk=pk)

    def back(self, card: StrategyCard, done: bool, said: str) -> HttpResponse:
        if done:
            messages.success(self.request, said)
        else:
            messages.info(self.request, "Nothing was changed: somebody put it away meanwhile.")
        return redirect("strategies:cards", student=card.student_id)


class CardStillTrue(_Card):
    """One tap: it stays, and comes back after a term."""

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        card = self.card(pk)
        return self.back(
            card, services.leave_standing(by=request.user, card=card), "Still true. It comes back in a term."
        )


class CardPutAway(_Card):
    """No longer true: it goes from the page, and is kept."""

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        card, form = self.card(pk), PutAwayForm(request.POST)
        why = form.cleaned_data["why"] if form.is_valid() else ""
        return self.back(card, services.put_away(by=request.user, card=card, why=why), "Put away. It is kept below.")


class Sheet(OfStudent):
    """One page on paper: what helps, their own words, and how they are kept safe, for whoever teaches them."""

    permission_required = Permission.VIEW_STRATEGY

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        record("strategy.sheet_opened", by=request.user, obj=pupil)
        context = {
            "student": pupil, "cards": selectors.cards_of_student(pupil),
            "own_words": selectors.latest_own_words(pupil), "handling": selectors.handling_in_force(pupil),
        }  # fmt: skip
        return render(request, "strategies/sheet.html", context)


class OwnWordsWrite(OfStudent):
    """Written together on this device; every version is kept and none is written over."""

    permission_required = Permission.WRITE_STRATEGY

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        draft = drafts.open_form(request.user, f"own-words:{pupil.pk}", drafts.token_from(request.GET.get("draft")))
        return self._page(pupil, draft)

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"own-words:{pupil.pk}")
        draft = drafts.reopen_form(request.user, f"own-words:{pupil.pk}", request.POST)
        form = self._form(draft, selectors.latest_own_words(pupil), request.POST)
        if not form.is_valid():
            return self._page(pupil, draft, form)
        try:
            services.write_own_words(by=request.user, student=pupil, submission=draft.token, **form.cleaned_data)
        except services.NewerError:
            newer = selectors.own_words_of(pupil)[0]
            form.refuse(newer, _words(newer))
            return self._page(pupil, draft, form, status=409)
        messages.success(request, f"Kept, in {pupil.preferred_forename}’s words. Earlier ones stay below.")
        return redirect("desk:student-strategies", pk=pupil.pk)

    def _form(self, draft: drafts.OpenForm, last: OwnWords | None, data: Any = None) -> OwnWordsForm:
        return OwnWordsForm(data, draft=draft, last=last, words=_words(last) if last else {})

    def _page(
        self, student: Student, draft: drafts.OpenForm, form: OwnWordsForm | None = None, status: int = 200
    ) -> HttpResponse:
        versions = selectors.own_words_of(student)
        context = {
            "student": student, "draft": draft, "versions": versions,
            "form": form or self._form(draft, versions[0] if versions else None),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }  # fmt: skip
        return render(self.request, "strategies/own_words.html", context, status=status)


def _words(said: OwnWords) -> dict[str, str]:
    return {name: getattr(said, name) for name in OwnWords.WORDS}
