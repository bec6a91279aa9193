"""Writing a meeting up, changing it, going on to the next one."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.generic import View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from students.models import Student
from students.selectors import contacts_of_student
from tutoring.groups.selectors import staff_who_see, students_visible_to
from tutoring.referrals import meetings
from tutoring.referrals.around import people_around
from tutoring.referrals.meeting_form import MeetingForm, seats
from tutoring.referrals.models import MeetingRecord
from tutoring.sessions.models import TutorSession
from tutoring.sessions.rights import kinds_for, log_rights
from tutoring.sessions.selectors import session_is_open
from tutoring.sessions.services import StaleError, says_the_same
from tutoring.sessions.steps import StepFormSet, names_outside, rows_of_draft, rows_of_steps


@dataclass
class Sheet:
    """The form with its steps and its draft; `version` is 0 for a new meeting."""

    student: Student
    draft: drafts.OpenForm
    form: MeetingForm
    steps: StepFormSet
    version: int = 0

    def is_valid(self) -> bool:
        """Both parts are checked, so that all mistakes show at once."""
        return all([self.form.is_valid(), self.steps.is_valid()])

    @property
    def save_url(self) -> str:
        return reverse("accounts:draft-save", args=[self.draft.form])


class MeetingPage(StaffPageMixin, View):
    """Puts the form together: the same for a new meeting and for one that is changed."""

    permission_required = Permission.LOG_SESSION
    request: UserRequest

    def sheet(self, student: Student, key: str, data: Any = None, session: TutorSession | None = None) -> Sheet:
        me = self.me
        token = drafts.token_from(self.request.GET.get("draft"))
        draft = drafts.reopen_form(me, key, data) if data else drafts.open_form(me, key, token)
        team = [u for u in staff_who_see(student, Permission.VIEW_TEAM_SESSION) if u.pk != me.pk]
        around = [person for person in people_around(student) if person.until is None]
        kept = list(session.steps.filter(done_on=None).select_related("owner_staff")) if session else []
        kinds = [
            kind
            for kind in kinds_for(student, log_rights(me, student, session), session)
            if kind.kind in meetings.MEETINGS
        ]
        form = MeetingForm(
            data, instance=session, student=student, kinds=kinds, me=me, typed=draft.fields,
            at_table=seats(student, me=me, staff=team, around=around, home=list(contacts_of_student(student))),
            readers=[user for user in staff_who_see(student) if user.pk != me.pk],
        )  # fmt: skip
        outside = [*dict.fromkeys([*(str(person) for person in around), *names_outside(kept), ""])]
        rows = rows_of_draft(draft.fields) if draft.restored else rows_of_steps(kept)
        steps = StepFormSet(data, student=student, me=me, team=team, rows=rows, outside=outside)
        said = data.get("version") if data else draft.first("version")
        version = (int(said) if said and said.isdecimal() else session.version) if session else 0
        return Sheet(student, draft, form, steps, version)

    def page(self, sheet: Sheet, status: int = 200, **more: Any) -> HttpResponse:
        context = {"student": sheet.student, "sheet": sheet, "draft": sheet.draft, "form": sheet.form, "log": sheet}
        return render(self.request, "referrals/meeting_form.html", context | more, status=status)


class MeetingCreate(MeetingPage):
    """Write one up; what the last one decided, and what of it is still to be done, stands beside."""

    def get(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        return self._page(self.sheet(pupil, f"meeting:{pupil.pk}"))

    def post(self, request: UserRequest, student: uuid.UUID) -> HttpResponse:
        pupil = self._student(student)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"meeting:{pupil.pk}")
        sheet = self.sheet(pupil, f"meeting:{pupil.pk}", request.POST)
        if not sheet.is_valid():
            return self._page(sheet)
        words, held = sheet.form.words(sheet.steps), sheet.form.held()
        logged = meetings.write_meeting(
            by=request.user, student=pupil, submission=sheet.draft.token, words=words, held=held
        )
        if not logged.created and not says_the_same(logged.session, words):
            sheet.draft = sheet.draft.renewed()
            return self._page(sheet, status=409, sent_before=logged.session)
        messages.success(request, "Meeting saved." if logged.created else "This was saved already; it is here once.")
        return redirect("tutor_sessions:session-detail", pk=logged.session.pk)

    def _student(self, pk: uuid.UUID) -> Student:
        seen = students_visible_to(self.me, Permission.LOG_SESSION)
        return get_object_or_404(seen.select_related("school", "house"), pk=pk)

    def _page(self, sheet: Sheet, status: int = 200, **more: Any) -> HttpResponse:
        held = meetings.meetings_of_student(sheet.student)
        last = held[0] if held else None
        actions = meetings.open_actions(last) if last else []
        return self.page(sheet, status, last=last, open_actions=actions, **more)


class MeetingUpdate(MeetingPage):
    """The author changes it within its term; a change from elsewhere is never overwritten."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        session = self._session(pk)
        return self.page(self.sheet(session.student, f"meeting-edit:{pk}", session=session), session=session)

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        session, key = self._session(pk), f"meeting-edit:{pk}"
        if not is_own_form(request):
            return refuse_form_of_another(request, key)
        sheet = self.sheet(session.student, key, request.POST, session)
        if not sheet.is_valid():
            return self.page(sheet, session=session)
        words, held = sheet.form.words(sheet.steps), sheet.form.held()
        try:
            meetings.change_meeting(
                by=request.user, session=session, version=sheet.version, words=words, held=held, draft=sheet.draft.token
            )
        except StaleError:
            theirs = self._session(pk)
            sheet.version = theirs.version
            return self.page(sheet, status=409, session=theirs, theirs=theirs)
        messages.success(request, "Meeting changed.")
        return redirect("tutor_sessions:session-detail", pk=pk)

    def _session(self, pk: uuid.UUID) -> TutorSession:
        session = get_object_or_404(meetings.sessions_with_meeting(), pk=pk)
        if session.author_id != self.me.pk or not session_is_open(session):
            raise PermissionDenied("Only its author changes a meeting, and within its term.")
        return session


class NextMeeting(StaffPageMixin, View):
    """Of one that was written up: its next one is written up now (GET), or gets another day, or none (POST)."""

    permission_required = Permission.LOG_SESSION

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        return redirect("referrals:meeting-create", student=self._meeting(pk).student_id)

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        meeting = self._meeting(pk)
        if meeting.session.author_id != self.me.pk:
            raise PermissionDenied("Whoever wrote it up says when the next one is.")
        day = _day(request.POST.get("next_on", ""))
        if day and day <= meeting.session.held_on:
            messages.info(request, "The next one is after this one.")
        else:
            meetings.move_next_meeting(by=self.me, meeting=meeting, to=day)
            messages.success(request, f"Next meeting on {day:%-d %B %Y}." if day else "No next meeting.")
        return redirect("tutor_sessions:session-detail", pk=pk)

    def _meeting(self, pk: uuid.UUID) -> MeetingRecord:
        return get_object_or_404(meetings.meetings_readable(), session=pk)


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None
