"""Agreeing to a plan, reviewing it, closing it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.requests import UserRequest
from tutoring.plans import services
from tutoring.plans.forms import AgreeForm, CloseForm, ReviewForm
from tutoring.plans.models import ActionPlan
from tutoring.plans.views import OpenPlanView


class PlanAgree(OpenPlanView):
    """Record that the student, or home, agreed: the day and how."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        plan = self.plan(pk)
        return self.closed(plan) or self._page(plan, AgreeForm(instance=plan))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        plan = self.plan(pk)
        if closed := self.closed(plan):
            return closed
        form = AgreeForm(request.POST, instance=plan)
        if not form.is_valid():
            return self._page(plan, form, status=409 if form.is_stale else 200)
        services.agree_plan(by=request.user, plan=plan, **form.cleaned_data)
        messages.success(request, "Saved who agreed.")
        return redirect("plans:plan-detail", pk=plan.pk)

    def _page(self, plan: ActionPlan, form: AgreeForm, status: int = 200) -> HttpResponse:
        context = {"plan": plan, "student": plan.student, "form": form}
        return render(self.request, "plans/plan_agree.html", context, status=status)


class PlanReview(OpenPlanView):
    """How it goes, and when to look again; of a form sent twice there is one review."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        plan = self.plan(pk)
        if closed := self.closed(plan):
            return closed
        draft = drafts.open_form(request.user, _key("review", plan), drafts.token_from(request.GET.get("draft")))
        return self._page(
            plan, ReviewForm(school=plan.student.school, targets=list(plan.targets.all()), typed=draft.fields), draft
        )

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        plan = self.plan(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, _key("review", plan))
        draft = drafts.reopen_form(request.user, _key("review", plan), request.POST)
        form = ReviewForm(request.POST, school=plan.student.school, targets=list(plan.targets.all()), typed={})
        if not form.is_valid():
            return self._page(plan, form, draft)
        fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
        try:
            services.review_plan(
                by=request.user, plan=plan, submission=draft.token, fields=fields, targets=form.said_of_targets()
            )
        except services.StaleError:
            return self._page(plan, form, draft, status=409)
        messages.success(request, "Review saved.")
        return redirect("plans:plan-detail", pk=plan.pk)

    def _page(self, plan: ActionPlan, form: ReviewForm, draft: drafts.OpenForm, status: int = 200) -> HttpResponse:
        save_url = reverse("accounts:draft-save", args=[draft.form])
        context = {"plan": plan, "student": plan.student, "form": form, "draft": draft, "save_url": save_url}
        return render(self.request, "plans/plan_review.html", context | {"stale": status == 409}, status=status)


class PlanClose(OpenPlanView):
    """Close a plan: an outcome for every step, for every target, and for the whole."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        plan = self.plan(pk)
        if closed := self.closed(plan):
            return closed
        draft = drafts.open_form(request.user, _key("close", plan), drafts.token_from(request.GET.get("draft")))
        return self._page(plan, _close_form(None, plan, draft.fields), draft)

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        plan = self.plan(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, _key("close", plan))
        if closed := self.closed(plan):
            return closed
        draft = drafts.reopen_form(request.user, _key("close", plan), request.POST)
        form = _close_form(request.POST, plan, {})
        if not form.is_valid():
            return self._page(plan, form, draft)
        said = request.POST.get("version", "")
        version = int(said) if said.isdecimal() else plan.version
        try:
            services.close_plan(by=request.user, plan=plan, version=version, ending=form.ending(), draft=draft.token)
        except (services.StaleError, services.UnfinishedError):
            theirs = self.plan(pk)
            return self._page(theirs, _close_form(request.POST, theirs, {}), draft, status=409)
        messages.success(request, "Plan closed. Every part of it has its outcome.")
        return redirect("plans:plan-detail", pk=plan.pk)

    def _page(self, plan: ActionPlan, form: CloseForm, draft: drafts.OpenForm, status: int = 200) -> HttpResponse:
        save_url = reverse("accounts:draft-save", args=[draft.form])
        context = {"plan": plan, "student": plan.student, "form": form, "draft": draft, "save_url": save_url}
        return render(self.request, "plans/plan_close.html", context | {"stale": status == 409}, status=status)


def _key(what: str, plan: ActionPlan) -> str:
    return f"plan-{what}:{plan.pk}"


def _close_form(data: object, plan: ActionPlan, typed: drafts.Fields) -> CloseForm:
    steps = [step for step in plan.steps.all() if step.is_open]
    return CloseForm(data, targets=list(plan.targets.all()), steps=steps, typed=typed)
