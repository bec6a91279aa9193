"""One time for several students at once: a small group, siblings; and what became of each."""

import uuid
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from accounts import drafts
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student
from tutoring.diary import services
from tutoring.diary.form_booking import SentBeforeError, Wish, book_wish
from tutoring.diary.forms import BookForm, CancelForm
from tutoring.diary.models import Appointment, week_name
from tutoring.diary.selectors import all_together, mark_of_these
from tutoring.diary.views import NOT_FROM_HERE, AppointmentPage, slots_for
from tutoring.diary.weeks import Together
from tutoring.groups.selectors import students_visible_to
from tutoring.sessions.enums import FOR_SEVERAL, HOME_KINDS, Kind
from tutoring.sessions.models import SessionKind
from tutoring.sessions.picking import students_named
from tutoring.sessions.selectors import kinds_in_use


class TogetherBook(StaffPageMixin, View):
    """Whoever is named in the address, in one's own diary."""

    permission_required = Permission.LOG_SESSION

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(self._form(None))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        told = str(self.without) == request.POST.get("without", "0")
        if not self.students or not form.is_valid() or not told:
            return self._page(form)
        given = form.cleaned_data
        wish = Wish(self.me, self.me, self.students, given["slot"], given["kind"], self.token)
        try:
            booked = book_wish(wish)
        except services.TakenError as error:
            form.add_error(None, str(error))
            return self._page(form)
        except SentBeforeError as error:
            return self._page(form, sent_before=error.booked)
        messages.success(request, f"Booked: {booked[0].when} with {len(booked)}.")
        if self.without:
            messages.warning(request, f"Not booked: {self.without} of those you picked.")
        return redirect(f"{reverse('diary:week')}?week={week_name(booked[0].day)}")

    @cached_property
    def students(self) -> list[Student]:
        return students_named(self.me, Permission.LOG_SESSION, self.request.GET.getlist("student"))

    @cached_property
    def token(self) -> UUID:
        """Of this form: sent twice, it is booked once."""
        return drafts.token_from(self.request.POST.get("draft_token")) or uuid.uuid4()

    @property
    def without(self) -> int:
        """How many were picked and cannot be booked, for whatever reason: a key that means nothing is one of them."""
        return len(set(self.request.GET.getlist("student"))) - len(self.students)

    def _form(self, data: Any) -> BookForm:
        slots = slots_for(self.me, self.me, self.token, data)
        return BookForm(data, school=self.school, slots=slots, kinds=self._kinds())

    def _kinds(self) -> list[SessionKind]:
        """Of the school, in use, small groups first; those that reach home only where each family is theirs to see."""
        keys = [student.pk for student in self.students]
        family = students_visible_to(self.me, Permission.VIEW_FAMILY).filter(pk__in=keys)
        offered = FOR_SEVERAL - {Kind.NOTE}
        if not keys or family.count() != len(keys):
            offered -= HOME_KINDS
        kinds = [kind for kind in kinds_in_use(self.school) if kind.kind in offered]
        return sorted(kinds, key=lambda kind: kind.kind != Kind.SMALL_GROUP)

    def _page(self, form: BookForm, sent_before: Appointment | None = None) -> HttpResponse:
        token = uuid.uuid4() if sent_before else self.token
        context = {
            "form": form, "students": self.students, "without": self.without, "token": token,
            "sent_before": sent_before,
        }  # fmt: skip
        return render(self.request, "diary/together_book.html", context, status=409 if sent_before else 200)


class TogetherPage(AppointmentPage):
    """All who were booked at one time together and what became of each; here it is cancelled for all of them."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self._page(CancelForm(initial={"seen": mark_of_these(self.booked)}))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        form = CancelForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        said = form.cleaned_data
        try:
            gone = services.cancel_together(
                by=self.me, appointment=self.together.first, reason=said["reason"], seen=said["seen"]
            )
        except services.ChangedError:
            form.refuse_changed(self.booked)
            return self._page(form, status=409)
        except services.NotFromHereError:
            form.add_error(None, NOT_FROM_HERE.format(self.appointment.staff))
            return self._page(form)
        except services.SettledError:
            return self.say_settled()
        messages.success(request, f"Cancelled for {len(gone)}: {gone[0].when}.")
        return redirect(self.week)

    @property
    def together(self) -> Together:
        """As it stands now: whoever the address names may have been logged or taken out already."""
        return Together(list(all_together(self.me, self.appointment)))

    def _page(self, form: CancelForm, status: int = 200) -> HttpResponse:
        entry = self.together
        context = {
            "form": form, "together": entry, "shown": entry.first, "today": timezone.localdate(), "week": self.week,
        }  # fmt: skip
        return render(self.request, "diary/together.html", context, status=status)
