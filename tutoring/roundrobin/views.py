"""Asking all teachers of a student, the answers side by side, and answering: signed in, or by the link in the mail."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.quiet_hours import in_words
from accounts.requests import UserRequest
from accounts.selectors import staff_of
from audit.services import record
from core.limits import ASK_GUESSES, ASK_LINKS, is_within, too_many
from core.mixins import PermissionRequiredMixin
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.roundrobin import links, selectors, services
from tutoring.roundrobin.forms import AnswerForm, AskForm
from tutoring.roundrobin.models import Ask


class AskTeachers(PermissionRequiredMixin, View):
    """As it opens it can be sent: the usual questions, all who teach the student, five school days."""

    permission_required = Permission.ASK_TEACHERS
    request: UserRequest

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        return self._page(pupil, self._form(pupil))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        form = self._form(pupil, request.POST)
        if not form.is_valid():
            return self._page(pupil, form)
        given = form.cleaned_data
        asked = services.ask_teachers(
            by=request.user, student=pupil, round_id=given["round_id"], proforma=form.chosen(),
            teachers=form.people(), answer_by=given["answer_by"], site=request.build_absolute_uri("/"),
        )  # fmt: skip
        if asked:
            messages.success(request, f"{asked} asked. Their answers stand here as they come; you need not chase.")
        return redirect("roundrobin:sheet", pk=given["round_id"])

    def _student(self, pk: uuid.UUID) -> Student:
        students = students_visible_to(self.request.user, Permission.ASK_TEACHERS).select_related("school")
        return get_object_or_404(students, pk=pk)

    def _form(self, student: Student, data: Any = None) -> AskForm:
        days = selectors.usual_days(student, timezone.localdate())
        me = self.request.user
        others = staff_of(student.school).exclude(pk=me.pk)
        return AskForm(data, teaching=selectors.teachers_of(student), colleagues=others, days=days, by=me)

    def _page(self, student: Student, form: AskForm) -> HttpResponse:
        context = {"student": student, "form": form, "rounds": selectors.rounds_of(student)}
        return render(self.request, "roundrobin/ask_form.html", context)


class Sheet(PermissionRequiredMixin, View):
    """One request: answers side by side, and who has not answered yet, by name and in no order of merit."""

    permission_required = Permission.ASK_TEACHERS

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        asks = selectors.asks_of_round(pk)
        if not asks:
            raise Http404
        first = asks[0]
        record("ask.opened", by=request.user, obj=first, round=str(pk))
        context = {
            "ask": first, "student": first.student, "answered": [a for a in asks if a.answered_at],
            "missing": [a for a in asks if not a.answered_at], "count": len(asks),
            "quiet": in_words(),
        }  # fmt: skip
        return render(request, "roundrobin/sheet.html", context)


class AskedOfMe(StaffPageMixin, TemplateView):
    """What I am asked, each with its answers to tap; what I answered lately."""

    permission_required = Permission.USE_WAYMARK
    template_name = "roundrobin/asked_of_me.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = selectors.names_asked()
        asked = [(ask, names.get(ask.pk, ""), AnswerForm(ask=ask)) for ask in selectors.asks_open(self.me)]
        done = [(ask, names.get(ask.pk, "")) for ask in selectors.asks_answered(self.me)]
        return super().get_context_data(asked=asked, done=done, **kwargs)


class Answer(PermissionRequiredMixin, View):
    """One request, for whoever it was put to; what was answered is shown and stays."""

    permission_required = Permission.USE_WAYMARK
    request: UserRequest

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        return self._page(self._ask(pk))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        ask = self._ask(pk)
        form = AnswerForm(request.POST, ask=ask)
        if ask.answered_at is None and not form.is_valid():
            return self._page(ask, form)
        if ask.answered_at or not services.answer_ask(
            by=request.user, ask=ask, answers=form.answers(), words=form.cleaned_data["words"]
        ):
            messages.info(request, "You had answered already; it stays as it was.")
        else:
            messages.success(request, "Thank you, your answer is in.")
        return redirect("roundrobin:asked-of-me")

    def _ask(self, pk: uuid.UUID) -> Ask:
        return get_object_or_404(selectors.asks_of(self.request.user), pk=pk)

    def _page(self, ask: Ask, form: AnswerForm | None = None) -> HttpResponse:
        context = {"ask": ask, "name": selectors.names_asked().get(ask.pk, ""), "form": form or AnswerForm(ask=ask)}
        return render(self.request, "roundrobin/answer.html", context)


@method_decorator(login_not_required, name="dispatch")
class AnswerByLink(View):
    """Opening it uses nothing up, so that a mail scanner takes nothing away; the answer does."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with links.at_door(kwargs["token"]) as ask:
            return self._answer(request, ask)

    def _answer(self, request: HttpRequest, ask: Ask | None) -> HttpResponseBase:
        limit, who = (ASK_LINKS, ask.pk) if ask else (ASK_GUESSES, "all")
        if not is_within(limit, who):
            return too_many(request, limit)
        if ask is None or not links.is_good(ask):
            return self._gone(request, ask)
        form = AnswerForm(request.POST if request.method == "POST" else None, ask=ask)
        if not form.is_valid():
            context = {"ask": ask, "name": selectors.names_asked().get(ask.pk, ""), "form": form}
            return render(request, "roundrobin/link.html", context)
        if services.answer_at_door(ask=ask, answers=form.answers(), words=form.cleaned_data["words"]):
            return render(request, "roundrobin/thanks.html")
        return self._gone(request, ask)

    def _gone(self, request: HttpRequest, ask: Ask | None) -> HttpResponse:
        """410: used, too old, or never was; which, is said to whoever holds a real link only."""
        return render(request, "roundrobin/gone.html", {"ask": ask}, status=410)
