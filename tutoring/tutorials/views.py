"""Group tutorials: the list of one's groups, one meeting to write up, and one to read."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.ids import UUID
from tutoring.tutorials import selectors
from tutoring.tutorials.enums import There
from tutoring.tutorials.forms import MeetingForm
from tutoring.tutorials.models import Meeting, Series
from tutoring.tutorials.programme import programme_of, topics_to_choose
from tutoring.tutorials.services import OtherwiseMeanwhileError, write_up
from tutoring.tutorials.weeks import school_year


class TutorialList(StaffPageMixin, TemplateView):
    """One's own groups first, then those one leads over: what is not written up, what comes next."""

    permission_required = Permission.RUN_TUTORIAL
    template_name = "tutorials/tutorial_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        groups, year = selectors.tutorials_of(self.me, self.school, today)
        return super().get_context_data(groups=groups, year=year, today=today, **kwargs)


def day_from(text: str) -> dt.date:
    """2026-11-24 as a date; 404 for anything else."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Http404("No such day") from error


class MeetingWrite(StaffPageMixin, View):
    """One week of one group: begins as planned, with everybody as the register says; saved by one button."""

    permission_required = Permission.RUN_TUTORIAL

    def get(self, request: Any, pk: uuid.UUID, day: str) -> HttpResponse:
        return self._answer(pk, day_from(day))

    def post(self, request: Any, pk: uuid.UUID, day: str) -> HttpResponse:
        return self._answer(pk, day_from(day))

    def _answer(self, pk: UUID, day: dt.date) -> HttpResponse:
        series = get_object_or_404(selectors.series_to_run(self.me), pk=pk)
        key, posted = f"tutorial:{series.key_of(day)}", self.request.method == "POST"
        if posted and not is_own_form(self.request):
            return refuse_form_of_another(self.request, key)
        if posted:
            draft = drafts.reopen_form(self.me, key, self.request.POST)
        else:
            draft = drafts.open_form(self.me, key, drafts.token_from(self.request.GET.get("draft")))
        meeting = selectors.meetings_readable().filter(pk=series.key_of(day)).first()
        showing = posted and self.request.POST.get("do") == "lines"
        form = self._form(series, day, meeting, draft, showing)
        if not posted or showing or not form.is_valid():
            return self._page(series, day, meeting, form, draft)
        if day > timezone.localdate() and not form.cleaned_data["not_held"]:
            form.add_error(None, "This meeting is still to come. Until its day you can only say that it is not held.")
            return self._page(series, day, meeting, form, draft)
        return self._save(series, day, meeting, form, draft)

    def _form(
        self, series: Series, day: dt.date, meeting: Meeting | None, draft: drafts.OpenForm, showing: bool
    ) -> MeetingForm:
        year = school_year(self.school, day)
        if meeting is None and day not in year.meets_on(series):
            raise Http404("No tutorial that day")
        week, programme = year.week_of(day), programme_of(year.terms)
        now = selectors.state_of(meeting)
        students = selectors.students_to_mark(self.me, series.group, day, now)
        sent = self.request.POST
        return MeetingForm(
            sent if self.request.method == "POST" and not showing else None,
            # Nothing is saved then: what was typed stays, with the lines of the topic that was chosen.
            typed=drafts.typed_fields(sent) if showing else draft.fields,
            now=now,
            topics=topics_to_choose(programme.topics, series.group, week),
            proposed=programme.proposed(series.group, week),
            students=students,
            register=selectors.register_says(students, day),
            new_lines=showing,
        )

    def _save(
        self, series: Series, day: dt.date, meeting: Meeting | None, form: MeetingForm, draft: drafts.OpenForm
    ) -> HttpResponse:
        opened_with = form.cleaned_data["opened_with"]
        try:
            saved = write_up(
                by=self.me, series=series, day=day, said=form.state(), opened_with=opened_with, draft=draft.token
            )
        except OtherwiseMeanwhileError as meanwhile:
            return self._meanwhile(series, day, meeting, form, draft, meanwhile.now)
        said = f"not held ({saved.not_held})" if saved.not_held else saved.title
        messages.success(self.request, f"Saved: {series.group}, {day.day} {day:%B}, {said}.")
        return redirect("tutorials:tutorial-list")

    def _meanwhile(
        self, series: Series, day: dt.date, meeting: Meeting | None, form: MeetingForm, draft: drafts.OpenForm,
        now: selectors.State,
    ) -> HttpResponse:  # fmt: skip
        """Both texts: theirs in words, one's own still in the form; sending it again is a choice."""
        form.add_error(
            None,
            "Somebody else wrote this meeting up while you did, so nothing was saved yet. It now says – "
            f"{form.differing(now)}. Your own is still below: bring the two together, then save again.",
        )
        renewed: Any = self.request.POST.copy()
        renewed["opened_with"] = now.mark
        form.data = renewed
        return self._page(series, day, meeting, form, draft, status=409)

    def _page(
        self, series: Series, day: dt.date, meeting: Meeting | None, form: MeetingForm, draft: drafts.OpenForm,
        status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        context = {
            "series": series,
            "day": day,
            "meeting": meeting,
            "form": form,
            "draft": draft,
            "marks": There.choices,
            "to_come": day > timezone.localdate(),
            "save_url": reverse("accounts:draft-save", args=[draft.form]),
        }
        return render(self.request, "tutorials/meeting_form.html", context, status=status)


class MeetingDetail(StaffPageMixin, View):
    """One meeting as it was written up, for everybody who looks after the group."""

    permission_required = Permission.VIEW_TUTORIAL

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        meeting = get_object_or_404(selectors.meetings_readable(), pk=pk)
        context = {
            "meeting": meeting,
            "presences": [
                (mark.label, [row.student for row in rows if row.mark == mark])
                for rows in [list(selectors.presences_of(meeting))]
                for mark in There
            ],
            "may_change": selectors.series_to_run(self.me).filter(pk=meeting.series_id).exists(),
        }
        return render(request, "tutorials/meeting_detail.html", context)
