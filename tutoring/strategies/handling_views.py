"""A handling plan whole, for the pastoral team: reading it with its versions, writing the next, noting who agreed."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.permissions import Permission
from accounts.requests import UserRequest
from students.models import Student
from tutoring.strategies import selectors, services
from tutoring.strategies.enums import Party
from tutoring.strategies.forms import AgreeForm, HandlingForm
from tutoring.strategies.models import HandlingPlan, TeamPart
from tutoring.strategies.views import OfStudent


class Handling(OfStudent):
    """The plan in force with who agreed, and every version before it."""

    permission_required = Permission.KEEP_HANDLING

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        return page_of_plan(request, pupil)


def page_of_plan(request: UserRequest, student: Student, wrong: AgreeForm | None = None) -> HttpResponse:
    """Where an agreement was typed wrong, with its form as it came."""
    versions = selectors.handling_plans_of(student)
    if versions:
        services.record_opening(versions[0], by=request.user)
    today = {"day": timezone.localdate()}
    agree = {
        party: wrong if wrong and wrong.data.get("party") == party else AgreeForm(party=party, initial=today)
        for party in Party
    }
    agreements = [(*said, agree[said[0]]) for said in versions[0].team_part.agreements] if versions else []
    context = {"student": student, "versions": versions, "agreements": agreements}
    return render(request, "strategies/handling.html", context)


def _party(request: UserRequest) -> str:
    """As it was sent, where there is such a party: it becomes part of the ids of the form's fields."""
    said = request.POST.get("party", "")
    return said if said in Party.values else Party.STAFF.value


class HandlingAgree(OfStudent):
    """Who agreed to the version in force, by name and day: once each."""

    permission_required = Permission.KEEP_HANDLING
    http_method_names = ["post"]

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil, form = self.student(student), AgreeForm(request.POST, party=_party(request))
        versions = selectors.handling_plans_of(pupil)
        if not versions:
            return redirect("strategies:handling", student=pupil.pk)
        if not form.is_valid():
            return page_of_plan(request, pupil, form)
        said = form.cleaned_data
        noted = services.note_agreement(
            by=request.user, part=versions[0].team_part, party=Party(said["party"]), name=said["name"], day=said["day"]
        )
        messages.success(request, f"Noted: {said['name']} agreed.") if noted else messages.info(
            request, "Nothing was changed: it was noted before."
        )
        return redirect("strategies:handling", student=pupil.pk)


class HandlingWrite(OfStudent):
    """The next version: it begins with the words of the one in force, and writes over none."""

    permission_required = Permission.KEEP_HANDLING

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        draft = drafts.open_form(request.user, f"handling:{pupil.pk}", drafts.token_from(request.GET.get("draft")))
        return self._page(pupil, draft, self._form(pupil, draft))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self.student(student)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"handling:{pupil.pk}")
        draft = drafts.reopen_form(request.user, f"handling:{pupil.pk}", request.POST)
        form = self._form(pupil, draft, request.POST)
        if not form.is_valid():
            return self._page(pupil, draft, form)
        based_on = form.cleaned_data["based_on"]
        try:
            services.write_handling(
                by=request.user, student=pupil, based_on=based_on, submission=draft.token, team=form.team(),
                **form.plan(),
            )  # fmt: skip
        except services.NewerError:
            newer = selectors.handling_plans_of(pupil)[0]
            form.refuse(newer, words_of(newer))
            return self._page(pupil, draft, form, status=409)
        messages.success(request, "Kept as the version in force. Now note who agreed to it.")
        return redirect("strategies:handling", student=pupil.pk)

    def _form(self, student: Student, draft: drafts.OpenForm, data: Any = None) -> HandlingForm:
        last = next(iter(selectors.handling_plans_of(student)), None)
        words = {name: text for name, text in words_of(last).items() if name != "ended_why"} if last else {}
        return HandlingForm(data, draft=draft, last=last, words=words)

    def _page(self, student: Student, draft: drafts.OpenForm, form: HandlingForm, status: int = 200) -> HttpResponse:
        save_url = reverse("accounts:draft-save", args=[draft.form])
        context = {"student": student, "draft": draft, "form": form, "save_url": save_url}
        return render(self.request, "strategies/handling_form.html", context, status=status)


def words_of(plan: HandlingPlan) -> dict[str, str]:
    """Field of the form → what this version says in it."""
    mine = {name: getattr(plan, name) for name in (*HandlingPlan.WORDS, "ended_why")}
    return mine | {name: getattr(plan.team_part, name) for name in TeamPart.WORDS}
