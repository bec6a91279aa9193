"""My week, booking one time with a student, moving it, and saying what became of it."""

import datetime as dt
import uuid
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts import drafts
from accounts.drafts_views import safe_next
from accounts.mixins import StaffPageMixin
from accounts.models import User
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student
from tutoring.diary import services
from tutoring.diary.enums import State
from tutoring.diary.form_booking import SentBeforeError, Wish, book_wish, taken_by_form
from tutoring.diary.forms import BookForm, MoveForm, NotHeldForm, OutcomeForm
from tutoring.diary.models import Appointment, week_name
from tutoring.diary.selectors import (
    FreeSlot,
    appointments_readable,
    colleagues_booked,
    free_slots,
    kept_together,
    slots_of,
    staff_to_book_for,
)
from tutoring.diary.weeks import Week, monday_from, week_of
from tutoring.groups.selectors import students_visible_to
from tutoring.sessions.enums import GROUP_KINDS, Kind
from tutoring.sessions.models import SessionKind
from tutoring.sessions.rights import log_rights
from tutoring.sessions.selectors import kinds_in_use

SLOTS_SHOWN = 12
LOOK_AHEAD = dt.timedelta(weeks=6)
OUTCOMES = {
    "missed": services.mark_missed,
    "refused": services.mark_refused,
    "cancelled": services.cancel_appointment,
}
NOT_FROM_HERE = "This cannot be done from here, so nothing was changed. Ask {}, whose diary it is."
SETTLED = "What became of this appointment was said already, perhaps in another window."


class DiaryWeek(StaffPageMixin, TemplateView):
    """One's own week, or of a colleague what the reader may read of it."""

    permission_required = Permission.LOG_SESSION
    template_name = "diary/week.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        monday = monday_from(self.request.GET.get("week", ""), today)
        colleagues = colleagues_booked(self.me, monday, monday + dt.timedelta(days=6))
        wanted = self.request.GET.get("staff", "")
        whose = next((colleague for colleague in colleagues if str(colleague.pk) == wanted), self.me)
        week = week_of(whose, self.school, monday, today, reader=self.me)
        return super().get_context_data(
            week=week,
            whose=whose,
            mine=whose == self.me,
            colleagues=colleagues,
            today=today,
            this_week=week_name(today),
            shown=week_name(monday),
            gives_slots=self._gives_slots(week, whose),
            **kwargs,
        )

    def _gives_slots(self, week: Week, whose: User) -> bool:
        return week.has_times or slots_of(whose).exists()


class AppointmentBook(StaffPageMixin, View):
    """A time with this student in one's own diary, or in the tutor's for whom one stands in."""

    permission_required = Permission.LOG_SESSION

    def get(self, request: HttpRequest, student: UUID) -> HttpResponse:
        return self._page(self._form(None))

    def post(self, request: HttpRequest, student: UUID) -> HttpResponse:
        if "not_held_kind" in request.POST:
            return self._note_not_held()
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form)
        given = form.cleaned_data
        wish = Wish(self.me, self.staff, [self.student], given["slot"], given["kind"], self.token)
        try:
            [booked] = book_wish(wish)
        except services.TakenError as error:
            form.add_error(None, str(error))
            return self._page(form)
        except SentBeforeError as error:
            return self._page(form, sent_before=error.booked)
        messages.success(request, f"Booked: {booked.when} with {self.student}.")
        return redirect("desk:student-story", pk=self.student.pk)

    @cached_property
    def token(self) -> UUID:
        """Of this form: sent twice, it is booked once."""
        return drafts.token_from(self.request.POST.get("draft_token")) or uuid.uuid4()

    def _note_not_held(self) -> HttpResponse:
        """It was not booked, and did not take place: it stands in one's own diary and in the story all the same."""
        form = self._not_held(self.request.POST)
        if not form.is_valid():
            return self._page(self._form(None), not_held=form)
        said, state = form.cleaned_data, State(form.cleaned_data["state"])
        services.note_not_held(
            by=self.me, student=self.student, kind=form.kind, at=form.at, state=state, reason=said["reason"]
        )
        messages.success(self.request, f"{state.label}: {self.student}, {form.kind.name}.")
        return redirect("desk:student-story", pk=self.student.pk)

    @cached_property
    def student(self) -> Student:
        visible = students_visible_to(self.me, Permission.LOG_SESSION).select_related("school", "house")
        return get_object_or_404(visible, pk=self.kwargs["student"])

    @cached_property
    def able(self) -> list[User]:
        return staff_to_book_for(self.me, self.student)

    @property
    def staff(self) -> User:
        """Whose diary: the one the address names, or one's own."""
        wanted = self.request.GET.get("staff", "")
        return next((user for user in self.able if str(user.pk) == wanted), self.me)

    def _form(self, data: Any) -> BookForm:
        kinds = [kind for kind in self.kinds if kind.kind not in GROUP_KINDS]
        slots = slots_for(self.me, self.staff, self.token, data)
        return BookForm(data, school=self.school, slots=slots, kinds=kinds)

    def _not_held(self, data: Any) -> NotHeldForm:
        """A small group is missed by one student too."""
        return NotHeldForm(data, kinds=self.kinds)

    @cached_property
    def kinds(self) -> list[SessionKind]:
        """Of the school, in use: those this person may log with the student, and groups; a note is never missed."""
        may = {*log_rights(self.me, self.student).kinds, *GROUP_KINDS} - {Kind.NOTE}
        return [kind for kind in kinds_in_use(self.student.school) if kind.kind in may]

    def _page(
        self, form: BookForm, not_held: NotHeldForm | None = None, sent_before: Appointment | None = None
    ) -> HttpResponse:
        """`sent_before`: what the same form booked in other words; what is typed goes on under a token of its own."""
        context = {
            "form": form, "student": self.student, "staff": self.staff, "able": self.able, "me": self.me,
            "not_held": not_held or self._not_held(None), "sent_before": sent_before,
            "token": uuid.uuid4() if sent_before else self.token,
        }  # fmt: skip
        return render(self.request, "diary/book.html", context, status=409 if sent_before else 200)


def next_free(staff: User) -> list[FreeSlot]:
    """The next few times somebody gives; what has begun today is over."""
    now = timezone.localtime()
    slots = free_slots(staff, now.date(), now.date() + LOOK_AHEAD)
    return [s for s in slots if (s.day, s.starts_at) > (now.date(), now.time())][:SLOTS_SHOWN]


def slots_for(by: User, staff: User, token: UUID, data: Any) -> list[FreeSlot]:
    """What a form offers; sent again, as by a double click, with the time that it took itself."""
    return [*next_free(staff), *(taken_by_form(by, token, data.get("free", "")) if data else [])]


class AppointmentPage(StaffPageMixin, View):
    """What pages about one appointment share: 404 for one this person may not read or keep."""

    permission_required = Permission.LOG_SESSION

    @cached_property
    def appointment(self) -> Appointment:
        kept = appointments_readable().filter(student__in=students_visible_to(self.me, Permission.LOG_SESSION))
        return get_object_or_404(kept.select_related("student__school"), pk=self.kwargs["pk"])

    @property
    def week(self) -> str:
        """Where the appointment stands in the diary."""
        whose = "" if self.appointment.staff_id == self.me.pk else f"&staff={self.appointment.staff_id}"
        return f"{reverse('diary:week')}?week={self.appointment.week}{whose}"

    @property
    def booked(self) -> list[Appointment]:
        """All who are still booked with it at one time, as far as this person keeps them."""
        return list(kept_together(self.me, self.appointment))

    def say_settled(self) -> HttpResponse:
        messages.warning(self.request, SETTLED)
        return redirect(self.week)


class AppointmentMove(AppointmentPage):
    """Another day, time or room."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self._page(self._form(None)) if self.appointment.is_booked else self.say_settled()

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form)
        slot, seen = form.cleaned_data["slot"], form.cleaned_data["seen"]
        try:
            services.move_appointment(by=self.me, appointment=self.appointment, slot=slot, seen=seen)
        except services.ChangedError:
            form.refuse_changed(self.booked)
            return self._page(form, status=409)
        except services.TakenError as error:
            form.add_error(None, str(error))
            return self._page(form)
        except services.NotFromHereError:
            form.add_error(None, NOT_FROM_HERE.format(self.appointment.staff))
            return self._page(form)
        except services.SettledError:
            return self.say_settled()
        messages.success(request, f"Moved to {self.appointment.when}.")
        return redirect(self.week)

    def _form(self, data: Any) -> MoveForm:
        slots = next_free(self.appointment.staff)
        return MoveForm(data, appointment=self.appointment, booked=self.booked, slots=slots)

    def _page(self, form: MoveForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form, "appointment": self.appointment, "student": self.appointment.student, "booked": self.booked,
        }  # fmt: skip
        return render(self.request, "diary/move.html", context, status=status)


class AppointmentOutcome(AppointmentPage):
    """Missed, refused or cancelled, and why; `reopen` takes that back. The week holds the same small form."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return (
            self._page(OutcomeForm(appointment=self.appointment)) if self.appointment.is_booked else self.say_settled()
        )

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        if "reopen" in request.POST:
            return self._reopen()
        form = OutcomeForm(request.POST, appointment=self.appointment)
        if not form.is_valid():
            return self._page(form)
        mark = OUTCOMES[form.cleaned_data["state"]]
        try:
            mark(by=self.me, appointment=self.appointment, reason=form.cleaned_data["reason"])
        except services.SettledError:
            return self.say_settled()
        said = self.appointment.get_state_display()
        messages.success(request, f"{said}: {self.appointment.student}, {self.appointment.when}.")
        return redirect(safe_next(request, self.week))

    def _reopen(self) -> HttpResponse:
        if self.appointment.unbooked:
            return self._take_note_back()
        try:
            services.reopen_appointment(by=self.me, appointment=self.appointment)
        except services.SettledError:
            return self.say_settled()
        except services.TakenError as error:
            messages.warning(self.request, str(error))
        else:
            messages.success(self.request, f"Booked again: {self.appointment.when}.")
        return redirect(safe_next(self.request, self.week))

    def _take_note_back(self) -> HttpResponse:
        try:
            services.take_note_back(by=self.me, noted=self.appointment)
        except services.SettledError:
            return self.say_settled()
        messages.success(self.request, "Taken away. It was noted without a booking, so nothing is booked.")
        return redirect(safe_next(self.request, self.week))

    def _page(self, form: OutcomeForm) -> HttpResponse:
        context = {"form": form, "appointment": self.appointment, "student": self.appointment.student}
        return render(
            self.request, "diary/outcome.html", context | {"today": timezone.localdate(), "next_url": self.week}
        )
