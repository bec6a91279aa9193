"""What was agreed: handing the device to the student, taking it back, and a copy on paper."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import View

from accounts.drafts_views import safe_next
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.downloads import as_attachment
from core.limits import WORD_CHECKS, limited
from core.mixins import PermissionRequiredMixin
from core.pdf import PdfUnavailableError
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.sessions import agreements, handed_over, selectors
from tutoring.sessions.agreement_forms import LINES, LONGEST, AnswerForm, said_in
from tutoring.sessions.enums import Happened
from tutoring.sessions.models import TutorSession
from tutoring.sessions.reading_level import hard_sentences, hints_on_words, level_in_words


class OfAuthor(PermissionRequiredMixin, View):
    """A page about a conversation for its author alone: 404 for who cannot read it, 403 for who only reads."""

    permission_required = Permission.LOG_SESSION
    request: UserRequest

    def session(self, pk: uuid.UUID) -> TutorSession:
        session = get_object_or_404(selectors.sessions_readable().select_related("student__school", "author"), pk=pk)
        if session.author_id != self.request.user.pk:
            raise PermissionDenied("Only its author hands a conversation over.")
        return session


class HandOver(OfAuthor):
    """The student's own page: a first name, the words agreed, three answers; no way on into the product."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        session = self.session(pk)
        if handed_over.handed_over(request) != pk:
            return redirect("tutor_sessions:session-detail", pk=pk)
        forms = self._forms(session)
        return self._page(session, forms) if forms else redirect("tutor_sessions:hand-back")

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        session = self.session(pk)
        holds = handed_over.handed_over(request)
        if holds is None:
            return self._begin(request, session)
        if holds != pk:
            return redirect("tutor_sessions:hand-back")
        forms = self._forms(session)
        wrong = [form for form in forms if not form.is_valid()]
        if wrong:
            return self._page(session, forms)
        said = said_in(forms)
        if not said:
            return self._page(session, forms, nothing=True)
        try:
            agreements.answer_agreements(by=request.user, session=session, said=said)
        except agreements.AnsweredBeforeError:
            return self._page(session, self._forms(session), status=409, meanwhile=True)
        return redirect("tutor_sessions:hand-back")

    def _begin(self, request: UserRequest, session: TutorSession) -> HttpResponse:
        """The tutor gives the device away: only where it can be locked behind a proof of their own."""
        if not self._forms(session):
            return redirect("tutor_sessions:session-detail", pk=session.pk)
        if not handed_over.can_be_locked(request.user):
            return handed_over.ask_for_lock(request)
        handed_over.begin(request, session.pk)
        return redirect("tutor_sessions:hand-over", pk=session.pk)

    def _forms(self, session: TutorSession) -> list[AnswerForm]:
        mine = handed_over.handed_over(self.request) == session.pk and self.request.method == "POST"
        data = self.request.POST if mine else None
        return [AnswerForm(data, agreement=a) for a in agreements.agreements_of(session) if a.is_open]

    def _page(self, session: TutorSession, forms: list[AnswerForm], status: int = 200, **more: bool) -> HttpResponse:
        context = {"name": session.student.preferred_forename, "forms": forms, "session_pk": session.pk} | more
        return render(self.request, "tutor_sessions/hand_over.html", context, status=status)


class HandBack(PermissionRequiredMixin, View):
    """Asks for the device back; with a fresh proof of the tutor's it leads on: to the words, or to the sheet."""

    permission_required = Permission.LOG_SESSION
    request: UserRequest

    def get(self, request: UserRequest) -> HttpResponse:
        key, page = handed_over.handed_over(request), handed_over.page_given(request)
        if key is None:
            return redirect("desk:today")
        wrote = page == handed_over.REFLECT
        if handed_over.take_back(request):
            return redirect("desk:student-preparation" if wrote else "tutor_sessions:session-detail", pk=key)
        proof = f"{reverse('sign_in:step-up')}?{urlencode({'next': request.path})}"
        context = {"proof": proof, "again": reverse(page, args=[key]), "wrote": wrote}
        return render(request, "tutor_sessions/hand_back.html", context)


class AgreedCopy(OfAuthor):
    """One A4 page for the student, or with `?for=home` for the family, where the student is happy with that."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponseBase:
        session, for_home = self.session(pk), request.GET.get("for") == "home"
        try:
            made = agreements.copy_agreements(by=request.user, session=session, for_home=for_home)
        except PdfUnavailableError:
            messages.error(request, "This machine cannot make PDFs. Tell whoever runs Waymark; nothing was copied.")
            return redirect("tutor_sessions:session-detail", pk=pk)
        return as_attachment(made, "what-we-agreed.pdf", "application/pdf")


class OutcomeSay(PermissionRequiredMixin, View):
    """One tap: whether what was agreed happened."""

    permission_required = Permission.LOG_SESSION
    http_method_names = ["post"]
    request: UserRequest

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        agreement = get_object_or_404(agreements.agreements_to_follow(request.user), pk=pk)
        said = request.POST.get("happened", "")
        if said not in Happened.values:
            return HttpResponse("Say whether it happened.", status=400, content_type="text/plain")
        agreements.say_outcome(by=request.user, agreement=agreement, happened=Happened(said))
        messages.success(request, f"Noted: {Happened(said).label.lower()}.")
        return redirect(safe_next(request, reverse("desk:student-preparation", args=[agreement.student_id])))


class AgreedCheck(PermissionRequiredMixin, View):
    """How hard the lines agreed are to read, while they are typed (delight 5); kept nowhere, and it stops nobody."""

    permission_required = Permission.LOG_SESSION
    http_method_names = ["post"]
    request: UserRequest

    @limited(WORD_CHECKS)
    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        mine = students_visible_to(request.user, Permission.LOG_SESSION).select_related("school")
        student = get_object_or_404(mine, pk=pk)
        typed = [request.POST.get(name, "")[:LONGEST] for name in LINES]
        found = hints_on_words(typed, student.school.plain_year)
        return render(request, "tutor_sessions/_comment_hints.html", {"hints": found})


def hint_at_reading_level(request: HttpRequest, student: Student, agreed: list[str], who: str = "") -> None:
    """Says where the words agreed are hard to read; it never stops anybody, and repeats none of the words.

    `who` answers them, where it is not this student alone.
    """
    if hints_on_words(agreed, student.school.plain_year):
        hardest = hard_sentences(agreed, student.school.plain_year) or agreed
        messages.info(
            request,
            f"What you agreed reads {level_in_words(hardest)}. Shorter words and sentences are easier to keep"
            f" to; you can change them until {who or student.preferred_forename} has answered.",
        )
