"""The directory: finding an agency, and School settings, where the school keeps it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import CreateView, ListView, TemplateView, UpdateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.stale import StaleAwareMixin
from tutoring.referrals import selectors, services
from tutoring.referrals.agency_forms import AgencyForm, ContactForm
from tutoring.referrals.enums import Place
from tutoring.referrals.models import Agency, AgencyContact


class Directory(StaffPageMixin, TemplateView):
    """Whom we can refer to: what they help with, who is eligible, whom to ring; searched in plain words."""

    permission_required = Permission.VIEW_REFERRAL
    template_name = "referrals/directory.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text, place = self.request.GET.get("q", "")[:100].strip().replace("\0", ""), self.request.GET.get("place", "")
        place = place if place in Place.values else ""
        found = selectors.agencies_found(self.school, text, place)
        return super().get_context_data(agencies=list(found), q=text, place=place, places=Place.choices, **kwargs)


class AgencyPage(StaffPageMixin):
    """A page on which the school keeps its directory."""

    permission_required = Permission.CHANGE_SCHOOL

    def get_queryset(self) -> QuerySet[Agency]:
        return selectors.agencies_of(self.school)


class AgencyList(AgencyPage, ListView):  # type: ignore[type-arg]
    """All entries, also those no longer in use."""

    template_name = "referrals/agency_list.html"
    context_object_name = "agencies"


class AgencyKeepUsual(AgencyPage, View):
    """Begin with the usual list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if number := services.keep_usual_agencies(by=self.me, school=self.school):
            messages.success(request, f"{number} entries to begin with: change them, add the people you know there.")
        return redirect("referrals:agency-list")


class AgencySave(AgencyPage):
    """The form of one."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"school": self.school}  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        agency = services.save_agency(by=self.me, agency=form.instance)
        messages.success(self.request, f"Saved: {agency}.")
        return redirect("referrals:agency-edit", pk=agency.pk)


class AgencyCreate(AgencySave, CreateView):  # type: ignore[type-arg]
    """An entry of the school's own."""

    template_name = "referrals/agency_form.html"
    form_class = AgencyForm
    context_object_name = "agency"


class AgencyEdit(AgencySave, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Other words, or no longer in use; its people stand beside."""

    template_name = "referrals/agency_form.html"
    form_class = AgencyForm
    context_object_name = "agency"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = selectors.contacts_of(self.school).filter(agency=self.object)
        return super().get_context_data(contacts=list(people), **kwargs)


class ContactSave(StaffPageMixin):
    """The form of a named person."""

    permission_required = Permission.CHANGE_SCHOOL
    kwargs: dict[str, Any]

    def get_queryset(self) -> QuerySet[AgencyContact]:
        return selectors.contacts_of(self.school)

    def agency(self) -> Agency:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"agency": self.agency()}  # type: ignore[misc,no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(agency=self.agency(), **kwargs)  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        contact = services.save_contact(by=self.me, contact=form.instance)
        messages.success(self.request, f"Saved: {contact}.")
        return redirect("referrals:agency-edit", pk=contact.agency_id)


class ContactCreate(ContactSave, CreateView):  # type: ignore[type-arg]
    """Somebody new at an agency."""

    template_name = "referrals/contact_form.html"
    form_class = ContactForm
    context_object_name = "contact"

    def agency(self) -> Agency:
        return get_object_or_404(selectors.agencies_of(self.school), pk=self.kwargs["agency"])


class ContactEdit(ContactSave, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Another number, another post, or gone."""

    template_name = "referrals/contact_form.html"
    form_class = ContactForm
    context_object_name = "contact"

    def agency(self) -> Agency:
        found: Agency = self.object.agency
        return found
