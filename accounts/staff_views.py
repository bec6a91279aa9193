"""Who of the staff can sign in, and how: invitations, browsers, factors, and an end to all of it for leavers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import DetailView, ListView

from accounts import entry
from accounts.mixins import StaffPageMixin
from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sessions_of, staff_never_invited, staff_sign_ins
from accounts.step_up import StepUpRequiredMixin


class StaffSignIns(StaffPageMixin, ListView):  # type: ignore[type-arg]
    """Everybody in the staff file: invited or not, signed in or never, with a factor or without."""

    permission_required = Permission.MANAGE_STAFF
    template_name = "accounts/staff_sign_ins.html"
    context_object_name = "staff"
    paginate_by = 100

    def get_queryset(self) -> Any:
        return staff_sign_ins(self.school)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(waiting=staff_never_invited(self.school).count(), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        people = list(staff_never_invited(self.school)[: entry.AT_ONCE])
        sent = entry.invite_people(people, by=self.me, link=_link(request))
        messages.success(request, f"{sent} invitation{'s' * (sent != 1)} sent.")
        return redirect("accounts:staff-sign-ins")


class StaffSignIn(StaffPageMixin, StepUpRequiredMixin, DetailView):  # type: ignore[type-arg]
    """One person's way in. What is done here reaches into somebody else's account, so it asks for fresh proof."""

    permission_required = Permission.MANAGE_STAFF
    template_name = "accounts/staff_sign_in.html"
    context_object_name = "person"
    object: User

    def get_queryset(self) -> Any:
        return staff_sign_ins(self.school)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_self = self.object.pk == self.me.pk
        return super().get_context_data(browsers=sessions_of(self.object), is_self=is_self, **kwargs)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        person = get_object_or_404(self.get_queryset(), pk=pk)
        actions: dict[str, Callable[[User], str]] = {"invite": self._invite}
        if person.pk != self.me.pk:  # nobody locks themselves out
            actions |= {
                "end-sessions": self._end_sessions,
                "remove-factors": self._remove_factors,
                "switch-off": lambda user: self._switch(user, on=False),
                "switch-on": lambda user: self._switch(user, on=True),
            }
        action = actions.get(request.POST.get("action", ""))
        if action is None:
            return HttpResponse("No such action", status=400, content_type="text/plain")
        messages.success(request, action(person))
        return redirect("accounts:staff-sign-in", pk=pk)

    def _invite(self, person: User) -> str:
        if not person.is_active:
            return f"{person} is switched off; switch the account on first."
        entry.invite_people([person], by=self.me, link=_link(self.request))
        return f"A link is on its way to {person.email}. It works once, for seven days."

    def _end_sessions(self, person: User) -> str:
        ended = entry.end_sessions(person, by=self.me)
        return f"{person} is signed out of {ended} browser{'s' * (ended != 1)}."

    def _remove_factors(self, person: User) -> str:
        entry.remove_factors(person, by=self.me)
        return f"{person} adds a new passkey or app after the next sign-in by password."

    def _switch(self, person: User, *, on: bool) -> str:
        entry.change_active(person, active=on, by=self.me)
        return f"{person} may sign in again." if on else f"{person} is signed out everywhere and cannot sign in."


def _link(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("sign_in:invitation-open", args=["TOKEN"]))
