"""Home visits: planning one, the list, one visit with its two buttons, and what was found."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView, View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from accounts.selectors import staff_of
from audit.services import record
from core.mixins import PermissionRequiredMixin
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.visits import selectors, services
from tutoring.visits.enums import State
from tutoring.visits.forms import NoteForm, PlanForm
from tutoring.visits.models import HomeVisit

SHOWN = 40


class VisitPlan(PermissionRequiredMixin, View):
    """When, who is told, and the risk check; of a form sent twice there is one visit."""

    permission_required = Permission.PLAN_VISIT
    request: UserRequest

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        draft = drafts.open_form(request.user, f"visit:{pupil.pk}", drafts.token_from(request.GET.get("draft")))
        return self._page(pupil, draft)

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"visit:{pupil.pk}")
        draft = drafts.reopen_form(request.user, f"visit:{pupil.pk}", request.POST)
        form = self._form(pupil, draft, request.POST)
        if not form.is_valid():
            return self._page(pupil, draft, form)
        words = form.words() | {"site": request.build_absolute_uri("/")}
        visit = services.plan_visit(by=request.user, student=pupil, submission=draft.token, **words)
        messages.success(request, "The visit is planned. Press the button when you leave: the timer runs from then.")
        return redirect("visits:visit-detail", pk=visit.pk)

    def _student(self, pk: uuid.UUID) -> Student:
        return get_object_or_404(students_visible_to(self.request.user, Permission.PLAN_VISIT), pk=pk)

    def _form(self, student: Student, draft: drafts.OpenForm, data: Any = None) -> PlanForm:
        me = self.request.user
        told, companions = selectors.people_to_tell(student, me), staff_of(student.school).exclude(pk=me.pk)
        return PlanForm(data, draft=draft, told=told, companions=companions)

    def _page(self, student: Student, draft: drafts.OpenForm, form: PlanForm | None = None) -> HttpResponse:
        save_url = reverse("accounts:draft-save", args=[draft.form])
        context = {"student": student, "draft": draft, "form": form or self._form(student, draft), "save_url": save_url}
        return render(self.request, "visits/visit_form.html", context)


class VisitList(StaffPageMixin, TemplateView):
    """Mine, past their time first; those of others that I may know of; mine that are over."""

    permission_required = Permission.USE_WAYMARK
    template_name = "visits/visit_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        going_on = list(selectors.visits_going_on())
        mine = [v for v in going_on if self.me.pk in (v.visitor_id, v.companion_id, v.told_id)]
        others = [v for v in going_on if v not in mine]
        done = selectors.visits_done(self.me)[:SHOWN]
        return super().get_context_data(mine=mine, others=others, done=done, **kwargs)


class _Visit(PermissionRequiredMixin, View):
    """One visit, for whoever may read it."""

    permission_required = Permission.USE_WAYMARK
    request: UserRequest

    def _visit(self, pk: uuid.UUID) -> HomeVisit:
        return get_object_or_404(selectors.visits_readable(), pk=pk)

    def _page(self, visit: HomeVisit, form: NoteForm | None = None) -> HttpResponse:
        goes = services.may_go(visit, self.request.user)
        ended = goes and visit.state == State.BACK
        context = {
            "visit": visit, "goes": goes, "contacts": selectors.addresses_of(visit.student_id),
            "form": (form or NoteForm()) if ended and not visit.child_seen else None,
            "log_url": log_url(visit) if ended else "",
        }  # fmt: skip
        return render(self.request, "visits/visit_detail.html", context)


class VisitDetail(_Visit):
    """The plan, where it is, the two buttons, and afterwards what was found."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        visit = self._visit(pk)
        record("visit.opened", by=request.user, obj=visit)
        return self._page(visit)


MOVES: dict[str, tuple[Callable[..., bool], str]] = {
    "out": (services.leave_now, "You are out. Press “I am back safe” when you are."),
    "back": (services.come_back, "Good that you are back. Two questions, then log the conversation."),
    "cancel": (services.cancel_visit, "The visit is cancelled."),
}


class VisitMove(_Visit):
    """The big buttons: one tap, and tapped twice it counts once."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        visit = self._visit(pk)
        move = MOVES.get(request.POST.get("move", ""))
        if move:
            service, said = move
            if service(by=request.user, visit=visit):
                messages.success(request, said)
            else:
                messages.info(request, "Nothing was changed: this is how the visit stands.")
        return redirect("visits:visit-detail", pk=pk)


class VisitNote(_Visit):
    """Whether the child was seen, and who was there; then on to logging the conversation."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        visit, form = self._visit(pk), NoteForm(request.POST)
        if not services.may_go(visit, request.user):
            raise PermissionDenied("Only whoever went on the visit says so.")
        if not form.is_valid():
            return self._page(visit, form)
        if not services.note_visit(by=request.user, visit=visit, **form.cleaned_data):
            messages.info(request, "Nothing was changed: this is how the visit stands.")
            return redirect("visits:visit-detail", pk=pk)
        messages.success(request, "Noted. Now log the conversation, with its next steps.")
        return redirect(log_url(visit) or reverse("visits:visit-detail", args=[pk]))


def log_url(visit: HomeVisit) -> str:
    """The usual form, with the kind, day and minutes of the visit; "" for whoever does not see the student."""
    if getattr(visit, "student", None) is None:
        return ""
    meant = {"kind": "home_visit", "held_on": visit.day.isoformat(), "minutes": visit.minutes or ""}
    return f"{reverse('tutor_sessions:session-create', args=[visit.student_id])}?{urlencode(meant)}"
