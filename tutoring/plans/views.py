"""Making a plan, reading it, changing it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import DetailView, View

from accounts.drafts import discard_draft
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.mixins import PermissionRequiredMixin
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.plans import selectors, services
from tutoring.plans.bank import models_readable
from tutoring.plans.evidence import evidence_of
from tutoring.plans.habits import add_habits
from tutoring.plans.history import changes_of
from tutoring.plans.models import ActionPlan
from tutoring.plans.plan_form import OpenPlan, build_plan_form, form_key
from tutoring.plans.sign_off import given_steps
from tutoring.sessions.models import TutorSession
from tutoring.sessions.selectors import sessions_readable


class PlanCreate(PermissionRequiredMixin, View):
    """A new plan with one student; of a form sent twice there is one."""

    permission_required = Permission.MAKE_PLAN
    request: UserRequest

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        return self._open(self._student(student))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        return self._save(self._student(student))

    def _student(self, pk: uuid.UUID) -> Student:
        students = students_visible_to(self.request.user, Permission.MAKE_PLAN)
        return get_object_or_404(students.select_related("school"), pk=pk)

    def _open(self, student: Student, begun: services.Begun = services.NOTHING) -> HttpResponse:
        token = self.request.GET.get("draft")
        return self._page(build_plan_form(self.request.user, student, token=token, begun=begun))

    def _save(self, student: Student, begun: services.Begun = services.NOTHING) -> HttpResponse:
        request = self.request
        if not is_own_form(request):
            return refuse_form_of_another(request, form_key(student, begun=begun))
        opened = build_plan_form(request.user, student, data=request.POST, begun=begun)
        if not opened.is_valid():
            return self._page(opened)
        words = opened.words()
        made = services.make_plan(
            by=request.user, student=student, submission=opened.draft.token, words=words, begun=begun
        )
        if not made.created and not services.says_the_same(made.plan, words):
            opened.draft = opened.draft.renewed()
            return self._page(opened, status=409, sent_before=made.plan)
        discard_draft(by=request.user, token=opened.draft.token)
        messages.success(request, "Plan saved." if made.created else "This plan was saved already; it is here once.")
        return redirect("plans:plan-detail", pk=made.plan.pk)

    def _page(self, opened: OpenPlan, status: int = 200, **more: Any) -> HttpResponse:
        context = {"student": opened.student, "opened": opened} | more
        return render(self.request, "plans/plan_form.html", context, status=status)


class PlanFromSession(PlanCreate):
    """The same form with what a 1:1 has said already: its open steps and the student's words."""

    def get(self, request: UserRequest, session: uuid.UUID) -> HttpResponse:
        talk = self._session(session)
        return self._open(self._student(talk.student_id), services.Begun(session=talk))

    def post(self, request: UserRequest, session: uuid.UUID) -> HttpResponse:
        talk = self._session(session)
        return self._save(self._student(talk.student_id), services.Begun(session=talk))

    def _session(self, pk: uuid.UUID) -> TutorSession:
        return get_object_or_404(sessions_readable(), pk=pk)


class PlanFromModel(PlanCreate):
    """The same form with what a model of the bank holds, each step on a school day."""

    def get(self, request: UserRequest, student: uuid.UUID, **kwargs: uuid.UUID) -> HttpResponse:
        return self._open(self._student(student), self._begun(kwargs["model"]))

    def post(self, request: UserRequest, student: uuid.UUID, **kwargs: uuid.UUID) -> HttpResponse:
        return self._save(self._student(student), self._begun(kwargs["model"]))

    def _begun(self, pk: uuid.UUID) -> services.Begun:
        return services.Begun(model=get_object_or_404(models_readable(), pk=pk))


class PlanDetail(PermissionRequiredMixin, DetailView):  # type: ignore[type-arg]
    """One plan, to be read together with the student: what, who does what by when, reviews, what it said before."""

    permission_required = Permission.VIEW_PLAN
    template_name = "plans/plan_detail.html"
    context_object_name = "plan"
    request: UserRequest

    def get_queryset(self) -> Any:
        return selectors.plans_with_details(selectors.plans_readable()).select_related("from_session", "from_model")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan: ActionPlan = self.object
        services.record_opening(plan, by=self.request.user)
        add_habits([plan], plan.student.school)
        return super().get_context_data(
            student=plan.student,
            can_make=students_visible_to(self.request.user, Permission.MAKE_PLAN).filter(pk=plan.student_id).exists(),
            changes=changes_of(plan),
            evidence=evidence_of(plan),
            given=given_steps(plan, plan.steps.all()),
            **kwargs,
        )


class OpenPlanView(PermissionRequiredMixin, View):
    """A page that does something with a plan that is still open."""

    permission_required = Permission.MAKE_PLAN
    request: UserRequest

    def plan(self, pk: uuid.UUID) -> ActionPlan:
        return get_object_or_404(selectors.plans_changeable(self.request.user), pk=pk)

    def closed(self, plan: ActionPlan) -> HttpResponse | None:
        """Back to its page, where the plan is closed."""
        if plan.is_open:
            return None
        messages.info(self.request, "This plan is closed; it stays as it ended.")
        return redirect("plans:plan-detail", pk=plan.pk)


class PlanUpdate(OpenPlanView):
    """Change an open plan; a change from elsewhere is never overwritten."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        plan = self.plan(pk)
        token = request.GET.get("draft")
        return self.closed(plan) or self._page(
            build_plan_form(request.user, plan.student, token=token, plan=plan), plan
        )

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        plan = self.plan(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, form_key(plan.student, plan))
        opened = build_plan_form(request.user, plan.student, data=request.POST, plan=plan)
        if not opened.is_valid():
            return self._page(opened, self.plan(pk))
        try:
            services.update_plan(
                by=request.user, plan=plan, version=opened.version, words=opened.words(), draft=opened.draft.token
            )
        except services.StaleError:
            theirs = self.plan(pk)
            opened.version = theirs.version
            return self._page(opened, theirs, status=409, theirs=theirs)
        messages.success(request, "Plan changed.")
        return redirect("plans:plan-detail", pk=plan.pk)

    def _page(self, opened: OpenPlan, plan: ActionPlan, status: int = 200, **more: Any) -> HttpResponse:
        context = {"student": opened.student, "opened": opened, "plan": plan} | more
        return render(self.request, "plans/plan_update.html", context, status=status)
