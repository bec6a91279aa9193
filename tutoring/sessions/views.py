"""Logging a conversation, reading it, changing it, and the list of them."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import DetailView, ListView, View

from accounts.drafts import discard_draft
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.models import School
from accounts.permissions import Permission, permissions_of
from accounts.requests import UserRequest
from core.mixins import PermissionRequiredMixin
from students.models import Student
from tutoring.groups.selectors import roles_over, students_visible_to
from tutoring.sessions import selectors, services
from tutoring.sessions.agreement_views import hint_at_reading_level
from tutoring.sessions.agreements import may_go_home
from tutoring.sessions.filter_form import SessionFilter
from tutoring.sessions.log_form import LogForm, build_log_form, meant_by
from tutoring.sessions.models import TutorSession
from tutoring.sessions.owed import next_owed
from tutoring.sessions.reflections import students_with_reflection


class SessionCreate(PermissionRequiredMixin, View):
    """Log a session with one student, on a page of its own; the student's story holds the same form."""

    permission_required = Permission.LOG_SESSION
    request: UserRequest

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        found = self._student(student)
        return self._page(
            build_log_form(request.user, found, token=request.GET.get("draft"), meant=meant_by(request.GET))
        )

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        found = self._student(student)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"session:{found.pk}")
        log = build_log_form(request.user, found, data=request.POST)
        if not log.is_valid():
            return self._page(log)
        words = log.words()
        logged = services.log_session(by=request.user, student=found, submission=log.draft.token, words=words)
        if not logged.created and not services.says_the_same(logged.session, words):
            return self._sent_before(log, logged.session)
        discard_draft(by=request.user, token=log.draft.token)
        said = "Session saved." if logged.created else "This session was saved already; it is here once."
        messages.success(request, said)
        return redirect(self._after(found, logged.session, words.agreed))

    def _student(self, pk: uuid.UUID) -> Student:
        visible = students_visible_to(self.request.user, Permission.LOG_SESSION).select_related("school", "house")
        return get_object_or_404(students_with_reflection(visible), pk=pk)

    def _page(self, log: LogForm, status: int = 200, **more: Any) -> HttpResponse:
        sessions = selectors.sessions_of_student(log.student)[:5]
        services.record_reading(sessions, by=self.request.user)
        steps = selectors.open_steps_readable(self.request.user).filter(student=log.student)
        context = {"student": log.student, "log": log, "sessions": sessions, "open_steps": steps} | more
        return render(self.request, "tutor_sessions/session_form.html", context, status=status)

    def _sent_before(self, log: LogForm, saved: TutorSession) -> HttpResponse:
        """The same form came before with other words: both stay, this one under a token of its own."""
        log.draft = log.draft.renewed()
        return self._page(log, status=409, sent_before=saved)

    def _after(self, student: Student, session: TutorSession, agreed: list[str]) -> str:
        hint_at_reading_level(self.request, student, agreed)
        if self.request.POST.get("then") == "next":
            student_next = next_owed(self.request.user, student)
            if student_next:
                return reverse("desk:student-story", args=[student_next.pk])
            messages.info(self.request, "Nobody else on your list is still to be seen this term.")
        elif agreed:  # the student is still here, to say what they think of it
            return reverse("tutor_sessions:session-detail", args=[session.pk])
        return reverse("desk:student-story", args=[student.pk])


class SessionList(PermissionRequiredMixin, ListView):  # type: ignore[type-arg]
    """My sessions, or all that I may read; newest first."""

    permission_required = Permission.LOG_SESSION
    template_name = "tutor_sessions/session_list.html"
    context_object_name = "sessions"
    paginate_by = 25
    request: UserRequest

    def get_queryset(self) -> QuerySet[TutorSession]:
        self.filter = SessionFilter(self.request.GET, school=cast(School, self.request.user.school))
        chosen = self.filter.cleaned_data if self.filter.is_valid() else {}
        user = self.request.user
        sessions = selectors.sessions_readable() if chosen.get("whose") else selectors.sessions_written_by(user)
        return selectors.sessions_about(
            sessions, kind=chosen.get("kind"), topic=chosen.get("topic", ""), tag=chosen.get("tag")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(filter=self.filter, **kwargs)
        services.record_reading(context["sessions"], by=self.request.user)
        return context


class SessionDetail(PermissionRequiredMixin, DetailView):  # type: ignore[type-arg]
    """One conversation, whole, for those who may read it: also somebody named in it whose role writes none."""

    permission_required = Permission.USE_WAYMARK
    template_name = "tutor_sessions/session_detail.html"
    context_object_name = "session"
    request: UserRequest

    def get_queryset(self) -> QuerySet[TutorSession]:
        return selectors.sessions_whole(selectors.sessions_readable())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = self.object.author_id == self.request.user.pk
        services.record_opening(self.object, by=self.request.user)
        can_change = mine and selectors.session_is_open(self.object)
        student = self.object.student
        may = permissions_of(roles_over(self.request.user, student))
        return super().get_context_data(
            can_change=can_change,
            can_plan=Permission.MAKE_PLAN in may,
            can_refer=Permission.MAKE_REFERRAL in may,
            home_copy=mine and may_go_home(self.object, may),
            unanswered=any(agreement.is_open for agreement in self.object.agreements.all()),
            mine=mine,
            student=student,
            **kwargs,
        )


class SessionUpdate(PermissionRequiredMixin, View):
    """The author changes a session within its term; a change from elsewhere is never overwritten."""

    permission_required = Permission.LOG_SESSION
    request: UserRequest

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        session = self._session(pk)
        log = build_log_form(request.user, session.student, token=request.GET.get("draft"), session=session)
        return self._page(log, session)

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        session = self._session(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"session-edit:{session.pk}")
        log = build_log_form(request.user, session.student, data=request.POST, session=session)
        if not log.is_valid():
            return self._page(log, session)
        try:
            words = log.words()
            services.update_session(
                by=request.user, session=session, version=log.version, words=words, draft=log.draft.token
            )
        except services.StaleError:
            theirs = self._session(pk)
            log.version = theirs.version
            return self._page(log, theirs, status=409, theirs=theirs)
        messages.success(request, "Session changed.")
        hint_at_reading_level(request, session.student, words.agreed)
        return redirect("tutor_sessions:session-detail", pk=session.pk)

    def _session(self, pk: uuid.UUID) -> TutorSession:
        sessions = selectors.sessions_whole(selectors.sessions_readable())
        session = get_object_or_404(sessions.select_related("student__school"), pk=pk)
        if session.author_id != self.request.user.pk or not selectors.session_is_open(session):
            raise PermissionDenied("Only its author changes a session, and within its term.")
        return session

    def _page(self, log: LogForm, session: TutorSession, status: int = 200, **more: Any) -> HttpResponse:
        context = {"student": log.student, "log": log, "session": session} | more
        return render(self.request, "tutor_sessions/session_update.html", context, status=status)
