"""Rewards and sanctions of a house: the page of whoever leads it, and one made, changed, ended or taken over."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import CreateView, TemplateView, UpdateView

from accounts.mixins import StaffPageMixin
from accounts.models import House
from accounts.permissions import Permission
from core.stale import StaleAwareMixin
from tutoring.conduct import houses, type_services
from tutoring.conduct.models import ConductType
from tutoring.conduct.type_forms import HouseTypeForm
from tutoring.conduct.type_views import TypeFormMixin

SAID = ("name", "meaning", "kind", "points", "follow_up_days", "position")


class HouseTypeList(StaffPageMixin, TemplateView):
    """One's houses' own, what other houses share, and the school's."""

    permission_required = Permission.KEEP_HOUSE_TYPES
    template_name = "conduct/house_type_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lists = houses.lists_for(self.me, self.school)
        return super().get_context_data(lists=lists, house_label=self.school.house_label.lower(), **kwargs)


class HouseTypeSave(TypeFormMixin):
    """The form of one."""

    permission_required = Permission.KEEP_HOUSE_TYPES
    list_url, list_name = "conduct:house-type-list", "What may be given"
    adding = "Add a reward or sanction"

    def houses_open(self) -> list[House]:
        """For which of this person's houses the form is."""
        return houses.houses_led(self.me)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"houses": self.houses_open()}

    def save(self, thing: ConductType) -> ConductType:
        return type_services.save_house_type(by=self.me, kind=thing)

    def form_valid(self, form: Any) -> HttpResponse:
        if form.sent_before:
            messages.info(self.request, f"This form was saved before: {form.sent_before}.")
            return redirect(self.list_url)
        return super().form_valid(form)


class HouseTypeCreate(HouseTypeSave, CreateView):  # type: ignore[type-arg]
    """One of a house of one's own."""

    form_class = HouseTypeForm

    def houses_open(self) -> list[House]:
        if led := super().houses_open():
            return led
        raise PermissionDenied("Nobody adds to a house they do not lead.")


class HouseTypeEdit(HouseTypeSave, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Another name, other points, shared or not, ended."""

    form_class = HouseTypeForm

    def get_object(self, queryset: QuerySet[ConductType] | None = None) -> ConductType:
        kind = get_object_or_404(houses.types_open_to(self.me, self.school), pk=self.kwargs["pk"])
        if kind.house not in houses.houses_led(self.me):
            raise PermissionDenied("A house keeps its own.")
        return kind


class HouseTypeCopy(HouseTypeCreate):
    """What another house shares, made one's own: the form opens filled in, and what is changed in it is ours alone."""

    @cached_property
    def source(self) -> ConductType:
        return get_object_or_404(houses.types_shared(self.school), pk=self.kwargs["pk"])

    def houses_open(self) -> list[House]:
        return houses.houses_without(self.source, super().houses_open())

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.houses_open() else self._in_use()

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if self.houses_open() else self._in_use()

    def get_form_kwargs(self) -> dict[str, Any]:
        said = {name: getattr(self.source, name) for name in SAID}
        return super().get_form_kwargs() | {"instance": ConductType(copied_from=self.source, **said)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"heading": f"{self.source}, as {self.source.house} shares it"}

    def _in_use(self) -> HttpResponse:
        messages.info(self.request, f"You have made it your own before: {self.source}.")
        return redirect(self.list_url)
