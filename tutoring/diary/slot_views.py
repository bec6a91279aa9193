"""My slots: the times of the week I give; and booking a whole term into them."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import CreateView, View

from accounts import drafts
from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Student
from students.selectors import term_ahead
from tutoring.diary import slots
from tutoring.diary.enums import Weekday
from tutoring.diary.forms import FURTHEST, SlotForm, TermForm, key_of, place_of, places_from
from tutoring.diary.models import Slot, week_name
from tutoring.diary.selectors import (
    FreeSlot,
    free_slots,
    kind_of_1_1,
    slots_of,
    students_to_book,
    students_to_book_among,
    term_plan,
)
from tutoring.diary.term_booking import NoKindError, Place, book_term
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import groups_tutored_by


class SlotList(StaffPageMixin, CreateView):  # type: ignore[type-arg]
    """The times I give, with the form for one more."""

    permission_required = Permission.LOG_SESSION
    template_name = "diary/slots.html"
    form_class = SlotForm
    model = Slot
    initial = {"weekday": Weekday.MONDAY, "starts_at": dt.time(8, 40)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"mine": list(slots_of(self.me))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(slots=slots_of(self.me), today=timezone.localdate(), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        slot = slots.add_slot(by=self.me, slot=form.instance)
        messages.success(self.request, f"You give {slot}.")
        return redirect("diary:slot-list")


class SlotRemove(StaffPageMixin, View):
    """Not given any more; what is booked stays."""

    permission_required = Permission.LOG_SESSION
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        slot = get_object_or_404(slots_of(self.me), pk=pk)
        slots.remove_slot(by=self.me, slot=slot)
        messages.success(request, f"{slot} is no longer given. What is booked stays booked.")
        return redirect("diary:slot-list")


class TermBook(StaffPageMixin, View):
    """A term in one go: the choice and the preview by GET, which changes nothing; the confirmed rows by POST."""

    permission_required = Permission.LOG_SESSION

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page()

    def _page(self, ticked: Collection[str] | None = None) -> HttpResponse:
        """`ticked`: the rows that came, where they are shown once more; else all are."""
        groups = list(groups_tutored_by(self.me))
        form = TermForm(self.request.GET or None, groups=groups, initial=self._usual())
        context: dict[str, Any] = {"form": form, "has_slots": slots_of(self.me).exists()}
        if form.is_valid():
            context |= self._preview(form, groups, ticked)
        return render(self.request, "diary/term.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        places = self._places(request.POST.getlist("place"))
        token = drafts.token_from(request.POST.get("draft_token")) or uuid.uuid4()
        try:
            booked = book_term(by=self.me, staff=self.me, submission=token, places=places)
        except NoKindError:
            return self._page(request.POST.getlist("place"))
        if not booked.made:
            messages.warning(request, "Nobody was booked: no row was ticked, or none of these times is free any more.")
            return redirect("diary:term-book")
        number = len(booked.made)
        messages.success(request, f"{number} appointment{'' if number == 1 else 's'} booked.")
        if booked.taken:
            names = ", ".join(str(student) for student in booked.taken)
            messages.warning(request, f"Not booked, because that time was taken in the meantime: {names}.")
        first = min(appointment.day for appointment in booked.made)
        return redirect(f"{reverse('diary:week')}?week={week_name(first)}")

    def _usual(self) -> dict[str, dt.date]:
        """From tomorrow, or the first day of the term to come, to the end of term."""
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        term = term_ahead(self.school, tomorrow)
        if term is None:
            return {"start": tomorrow, "end": tomorrow + dt.timedelta(weeks=6)}
        return {"start": max(tomorrow, term.starts_on), "end": term.ends_on}

    def _preview(self, form: TermForm, groups: list[TutorGroup], ticked: Collection[str] | None) -> dict[str, Any]:
        chosen = form.cleaned_data
        group = next((g for g in groups if str(g.pk) == chosen["group"]), None)
        students = students_to_book(self.me, group, everybody=chosen["who"] == "all", day=chosen["start"])
        plan = term_plan(self.me, students, chosen["start"], chosen["end"])
        return {
            "previewed": True,
            "token": uuid.uuid4(),
            "plan": [_row(student, slot, ticked) for student, slot in plan if slot],
            "whom": len({student for student, slot in plan if slot}),
            "has_kind": kind_of_1_1(self.me) is not None,
            "left_over": list(dict.fromkeys(student for student, slot in plan if slot is None)),
        }

    def _places(self, rows: list[str]) -> list[Place]:
        """The ticked rows; what is neither student nor time is dropped."""
        today = timezone.localdate()
        pairs = places_from(rows)
        free = {key_of(slot): slot for slot in free_slots(self.me, today, today + FURTHEST)}
        students = students_to_book_among(self.me, [pk for pk, _ in pairs])
        return [Place(students[pk], key, free.get(key)) for pk, key in pairs if pk in students]


def _row(student: Student, slot: FreeSlot, ticked: Collection[str] | None) -> tuple[Student, FreeSlot, str, bool]:
    value = place_of(student, slot)
    return student, slot, value, ticked is None or value in ticked
