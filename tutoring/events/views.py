"""Events: the list of a term with the outcomes beside, one event, its form, and what came of it."""

import uuid
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import CreateView, DetailView, TemplateView, UpdateView, View

from accounts import drafts
from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.mixins import ListedFormMixin, StaffPageMixin
from accounts.permissions import Permission
from accounts.selectors import staff_of
from core.stale import StaleAwareMixin
from tutoring.events import selectors
from tutoring.events.forms import EventForm, FilterForm, OutcomeForm
from tutoring.events.models import SchoolEvent
from tutoring.events.services import save_event, tell_outcome


class EventsMixin(StaffPageMixin):
    """What the page and the file share: which term, which filters, which events."""

    permission_required = Permission.USE_WAYMARK

    @cached_property
    def calendar(self) -> selectors.Calendar:
        return selectors.calendar_of(self.school, self.request.GET.get("term", ""), timezone.localdate())

    @cached_property
    def form(self) -> FilterForm:
        term = self.calendar.term
        return FilterForm(self.request.GET.dict(), school=self.school, term=str(term.pk) if term else "")

    @property
    def query(self) -> dict[str, str]:
        """The term and the filters, as an address has them."""
        term = self.calendar.term
        return ({"term": str(term.pk)} if term else {}) | self.form.filters

    def rows(self) -> list[SchoolEvent]:
        events = selectors.events_of(self.school).filter(self.calendar.days)
        return list(selectors.events_filtered(events, timezone.localdate(), **self.form.filters))


class EventList(EventsMixin, TemplateView):
    """One term; above it what I run and have not written up."""

    template_name = "events/event_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        return super().get_context_data(
            calendar=self.calendar, form=self.form, query=urlencode(self.query), others=urlencode(self.form.filters),
            to_tell=selectors.events_to_tell(self.me, self.school, today),
            rows=[(event, event.state_on(today)) for event in self.rows()],
            keeps=self.me.has_perm(Permission.KEEP_EVENTS), **kwargs,
        )  # fmt: skip


class OfTheSchool(StaffPageMixin):
    """One event of the school; who may change it is asked where it is changed."""

    permission_required = Permission.USE_WAYMARK

    def get_queryset(self) -> QuerySet[SchoolEvent]:
        return selectors.events_of(self.school)

    def kept(self, event: SchoolEvent) -> SchoolEvent:
        """The same, for whoever may change it."""
        if not selectors.may_change(self.me, event):
            raise PermissionDenied("An event is changed by whoever runs it and by those who keep the school’s events.")
        return event


class EventDetail(OfTheSchool, DetailView):  # type: ignore[type-arg]
    """All there is about one."""

    template_name = "events/event_detail.html"
    context_object_name = "event"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        return super().get_context_data(
            state=self.object.state_on(today), changes=selectors.may_change(self.me, self.object), today=today,
            keeps=self.me.has_perm(Permission.KEEP_EVENTS), **kwargs,
        )  # fmt: skip


class EventPage(ListedFormMixin):
    """The form of one."""

    list_url, list_name, adding = "events:list", "Events", "Add an event"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {  # type: ignore[misc,no-any-return]
            "school": self.school,
            "staff": staff_of(self.school),
            "keeps": self.me.has_perm(Permission.KEEP_EVENTS),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        event = save_event(by=self.me, event=form.instance, for_whom=form.for_whom())
        messages.success(self.request, f"Saved: {event}.")
        return redirect("events:detail", pk=event.pk)


class EventCreate(EventPage, CreateView):  # type: ignore[type-arg]
    """A new one; `like` names one to begin from, whose “next time” stands above the form."""

    permission_required = Permission.KEEP_EVENTS
    template_name = "events/event_form.html"
    form_class = EventForm

    @cached_property
    def again(self) -> SchoolEvent | None:
        key = drafts.token_from(self.request.GET.get("like"))
        return selectors.events_of(self.school).filter(pk=key).first() if key else None

    def get_initial(self) -> dict[str, Any]:
        return {"lead": self.me.pk, "starts_on": timezone.localdate(), "ends_on": timezone.localdate()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"again": self.again}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(again=self.again, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        form.instance.made_by = self.me
        return super().form_valid(form)


class EventEdit(OfTheSchool, EventPage, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Another day, another place, other people; or called off."""

    permission_required = Permission.USE_WAYMARK
    template_name = "events/event_form.html"
    form_class = EventForm

    def get_object(self, queryset: Any = None) -> SchoolEvent:
        return self.kept(super().get_object(queryset))


class EventOutcome(OfTheSchool, View):
    """What came of it, once it has begun; kept as a draft while somebody writes."""

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        event = self._event(pk)
        if self._refused(event):
            return redirect("events:detail", pk=pk)
        draft = drafts.open_form(self.me, f"event:{pk}", drafts.token_from(request.GET.get("draft")))
        return self._page(event, OutcomeForm(instance=event, typed=draft.fields), draft)

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        event = self._event(pk)
        if not is_own_form(request):
            return refuse_form_of_another(request, f"event:{pk}")
        if self._refused(event):
            return redirect("events:detail", pk=pk)
        draft = drafts.reopen_form(self.me, f"event:{pk}", request.POST)
        form = OutcomeForm(request.POST, instance=event, typed={})
        if not form.is_valid():
            return self._page(event, form, draft, status=409 if form.is_stale else 200)
        tell_outcome(by=self.me, event=form.instance, draft=draft.token)
        messages.success(request, "Saved. It stands beside the event for everybody.")
        return redirect("events:detail", pk=pk)

    def _event(self, pk: uuid.UUID) -> SchoolEvent:
        return self.kept(get_object_or_404(self.get_queryset(), pk=pk))

    def _refused(self, event: SchoolEvent) -> bool:
        if event.called_off:
            messages.info(self.request, "It was called off. If it took place after all, change it first.")
        elif event.starts_on > timezone.localdate():
            messages.info(self.request, "It has not begun yet: say what came of it afterwards.")
        return bool(event.called_off) or event.starts_on > timezone.localdate()

    def _page(self, event: SchoolEvent, form: OutcomeForm, draft: drafts.OpenForm, status: int = 200) -> HttpResponse:
        context = {"event": event, "form": form, "draft": draft}
        context["save_url"] = reverse("accounts:draft-save", args=[draft.form])
        return render(self.request, "events/event_outcome.html", context, status=status)
