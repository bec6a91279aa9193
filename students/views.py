"""The school calendar: terms with their half-term breaks, and days on which the school is closed."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import CreateView, UpdateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.ids import UUID
from core.stale import StaleAwareMixin
from students.forms import ClosureForm, TermForm
from students.models import Closure, Term
from students.selectors import closures_of, terms_of
from students.services import add_closure, remove_closure, save_term


class CalendarPage(StaffPageMixin):
    """What all pages of the calendar share."""

    permission_required = Permission.CHANGE_SCHOOL

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"school": self.school}  # type: ignore[misc,no-any-return]


class Calendar(CalendarPage, CreateView):  # type: ignore[type-arg]
    """All terms and closures, with the form for one more closure."""

    template_name = "students/calendar.html"
    form_class = ClosureForm
    model = Closure

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        school = self.school
        terms = terms_of(school).order_by("-starts_on")
        return super().get_context_data(terms=terms, closures=closures_of(school).order_by("-date"), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        closure = add_closure(closure=form.instance, by=self.me)
        messages.success(
            self.request, f"Closed on {closure.date:%A} {closure.date.day} {closure.date:%B}: {closure.reason}."
        )
        return redirect("students:calendar")


class TermCreate(CalendarPage, CreateView):  # type: ignore[type-arg]
    """A term more."""

    template_name = "students/term_form.html"
    form_class = TermForm
    model = Term

    def form_valid(self, form: Any) -> HttpResponse:
        term = save_term(term=form.instance, by=self.me)
        messages.success(self.request, f"Saved: {term}.")
        return redirect("students:calendar")


class TermEdit(CalendarPage, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """The dates of a term."""

    template_name = "students/term_form.html"
    form_class = TermForm

    def get_queryset(self) -> QuerySet[Term]:
        return terms_of(self.school)

    def form_valid(self, form: Any) -> HttpResponse:
        term = save_term(term=form.instance, by=self.me)
        messages.success(self.request, f"Saved: {term}.")
        return redirect("students:calendar")


class ClosureRemove(CalendarPage, View):
    """Opens the school again on a day."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        closure = get_object_or_404(closures_of(self.school), pk=pk)
        remove_closure(closure=closure, by=self.me)
        messages.success(request, f"{closure.date:%A} {closure.date.day} {closure.date:%B} is a school day again.")
        return redirect("students:calendar")
