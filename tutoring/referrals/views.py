"""Referring a student; the list; one referral with its history; a tap, handing over, closing."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.enums import HOUSE_ROLES, YEAR_ROLES
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.mixins import PermissionRequiredMixin
from students.models import Student
from tutoring.groups.selectors import students_visible_to
from tutoring.referrals import selectors, services
from tutoring.referrals.forms import CloseForm, HandOverForm, NoteForm, ReferralForm
from tutoring.referrals.models import Referral

SHOWN = 50
STATES = {"": "Open and closed", "open": "Open", "late": "Overdue", "closed": "Closed"}
SAVED = "The referral is saved. Waymark keeps the record and sends nothing:"
SAVED_BEFORE = "This was saved already; it is here once."
CLOSED_MEANWHILE = "This referral was closed meanwhile, so nothing was saved. Your words are below."


class ReferralCreate(StaffPageMixin, View):
    """Refer one student; of a form sent twice there is one referral."""

    permission_required = Permission.MAKE_REFERRAL
    request: UserRequest

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        token = drafts.token_from(request.GET.get("draft"))
        return self._page(pupil, drafts.open_form(request.user, f"referral:{pupil.pk}", token))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"referral:{pupil.pk}")
        draft = drafts.reopen_form(request.user, f"referral:{pupil.pk}", request.POST)
        form = self._form(pupil, draft, request.POST)
        if not form.is_valid():
            return self._page(pupil, draft, form)
        asked = form.asked()
        made = services.make_referral(by=request.user, student=pupil, submission=draft.token, asked=asked)
        if not made.created and not services.says_the_same(made.referral, asked):
            return self._page(pupil, draft.renewed(), form, status=409, sent_before=made.referral)
        done = f"{SAVED} write to {asked.agency} or ring them." if made.created else SAVED_BEFORE
        messages.success(request, done)
        return redirect("referrals:referral-detail", pk=made.referral.pk)

    def _student(self, pk: uuid.UUID) -> Student:
        students = students_visible_to(self.request.user, Permission.MAKE_REFERRAL)
        return get_object_or_404(students.select_related("school"), pk=pk)

    def _form(self, student: Student, draft: drafts.OpenForm, data: Any = None) -> ReferralForm:
        self.agencies = list(selectors.agencies_found(student.school))
        people = list(selectors.people_to_hold(student))
        return ReferralForm(data, draft=draft, me=self.request.user, agencies=self.agencies, people=people)

    def _page(
        self, student: Student, draft: drafts.OpenForm, form: ReferralForm | None = None, status: int = 200, **more: Any
    ) -> HttpResponse:
        form = form or self._form(student, draft)
        save_url = reverse("accounts:draft-save", args=[draft.form])
        context = {"student": student, "draft": draft, "form": form, "save_url": save_url, "agencies": self.agencies}
        return render(self.request, "referrals/referral_form.html", context | more, status=status)


class ReferralList(StaffPageMixin, TemplateView):
    """Mine, of the house or year I lead, or all I may read; overdue first; what is chosen stands in the address."""

    permission_required = Permission.VIEW_REFERRAL
    template_name = "referrals/referral_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scopes = {"": "All I may read", "mine": "Mine"}
        if self.me.roles & (HOUSE_ROLES | YEAR_ROLES):
            scopes["led"] = "The house or year I lead"
        asked, today = self.request.GET, timezone.localdate()
        whose, state = asked.get("whose", ""), asked.get("state", "open")
        wanted = selectors.Wanted(
            whose=whose if whose in scopes else "",
            state=state if state in STATES else "open",
            agency=drafts.token_from(asked.get("agency")),
        )
        found = selectors.referrals_listed(self.me, wanted, today)
        return super().get_context_data(
            page=Paginator(found, SHOWN).get_page(asked.get("page")),
            wanted=wanted,
            scopes=scopes.items(),
            states=STATES.items(),
            agencies=list(selectors.agencies_of(self.school).prefetch_related(None)),
            **kwargs,
        )


class ReferralPage(PermissionRequiredMixin, View):
    """A page about one referral that whoever acts may read."""

    permission_required = Permission.VIEW_REFERRAL
    request: UserRequest

    def referral(self, pk: uuid.UUID) -> Referral:
        return get_object_or_404(selectors.referrals_readable(), pk=pk)

    def closed(self, pk: uuid.UUID) -> HttpResponse:
        messages.info(self.request, "This referral is closed; it stays as it ended.")
        return redirect("referrals:referral-detail", pk=pk)


class ReferralDetail(ReferralPage):
    """What was sent, how it stands, the history; a line is added here."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        referral = self.referral(pk)
        services.record_opening(referral, by=request.user)
        draft = drafts.open_form(request.user, f"referral-note:{pk}", drafts.token_from(request.GET.get("draft")))
        return self._page(referral, draft, NoteForm(draft=draft, referral=referral))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        referral = self.referral(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"referral-note:{pk}")
        draft = drafts.reopen_form(request.user, f"referral-note:{pk}", request.POST)
        form = NoteForm(request.POST, draft=draft, referral=referral)
        if not form.is_valid():
            return self._page(referral, draft, form)
        try:
            services.add_note(
                by=request.user, referral=referral, submission=draft.token, line=form.line(), draft=draft.token
            )
        except services.ClosedError:
            form.add_error(None, CLOSED_MEANWHILE)
            return self._page(self.referral(pk), draft, form, status=409)
        messages.success(request, "Noted.")
        return redirect("referrals:referral-detail", pk=pk)

    def _page(self, referral: Referral, draft: drafts.OpenForm, form: NoteForm, status: int = 200) -> HttpResponse:
        hands_over = referral.is_open and selectors.may_hand_over(self.request.user, referral)
        people = list(selectors.people_to_hold(referral.student)) if hands_over else []
        context = {
            "referral": referral,
            "student": referral.student,
            "notes": selectors.notes_of(referral),
            "people": selectors.contacts_in_use(referral.agency),
            "hand_over": HandOverForm(people=people, now=referral.key_person) if hands_over else None,
            "may_write": referral.is_open or status == 409,
            "tap_token": uuid.uuid4(),
            "may_meet": students_visible_to(self.request.user, Permission.LOG_SESSION)
            .filter(pk=referral.student_id)
            .exists(),
            "draft": draft,
            "form": form,
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "referrals/referral_detail.html", context, status=status)


class ReferralTap(ReferralPage):
    """One tap: a reply came, or it was chased today."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        referral = self.referral(pk)
        token = drafts.token_from(request.POST.get("token")) or uuid.uuid4()
        try:
            line = services.line_of_tap(request.POST.get("what", ""), timezone.localdate())
            services.add_note(by=request.user, referral=referral, submission=token, line=line)
        except services.ClosedError:
            return self.closed(pk)
        except ValueError:
            messages.info(request, "Choose what happened.")
        else:
            messages.success(request, f"Noted. We ask again on {line.expected_by:%-d %B}.")
        return redirect("referrals:referral-detail", pk=pk)


class ReferralHandOver(ReferralPage):
    """Another key person."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        referral = self.referral(pk)
        people = list(selectors.people_to_hold(referral.student))
        form = HandOverForm(request.POST, people=people, now=referral.key_person)
        if not form.is_valid():
            messages.info(request, "Choose somebody who may read it.")
            return redirect("referrals:referral-detail", pk=pk)
        try:
            services.hand_over(by=request.user, referral=referral, to=form.cleaned_data["to"])
        except services.ClosedError:
            return self.closed(pk)
        messages.success(request, f"{form.cleaned_data['to']} is the key person.")
        return redirect("referrals:referral-detail", pk=pk)


class ReferralClose(ReferralPage):
    """To its end: what came of it, and what the referrer is told."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        referral = self.referral(pk)
        if not referral.is_open:
            return self.closed(pk)
        draft = drafts.open_form(request.user, f"referral-close:{pk}", drafts.token_from(request.GET.get("draft")))
        return self._page(referral, draft, CloseForm(draft=draft))

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        referral = self.referral(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"referral-close:{pk}")
        draft = drafts.reopen_form(request.user, f"referral-close:{pk}", request.POST)
        form = CloseForm(request.POST, draft=draft)
        if not form.is_valid():
            return self._page(referral, draft, form)
        try:
            services.close_referral(by=request.user, referral=referral, draft=draft.token, **form.cleaned_data)
        except services.ClosedError:
            form.add_error(None, CLOSED_MEANWHILE)
            return self._page(referral, draft, form, status=409)
        messages.success(request, f"Closed. {referral.referred_by} finds your feedback with it.")
        return redirect("referrals:referral-detail", pk=pk)

    def _page(self, referral: Referral, draft: drafts.OpenForm, form: CloseForm, status: int = 200) -> HttpResponse:
        save_url = reverse("accounts:draft-save", args=[draft.form])
        context = {"referral": referral, "student": referral.student, "draft": draft, "form": form}
        return render(self.request, "referrals/referral_close.html", context | {"save_url": save_url}, status=status)
