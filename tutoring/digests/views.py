"""What goes home on Friday, with a line or a mail held back; and what somebody at home chose."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.limits import STOP_GUESSES, STOP_LINKS, is_within, too_many
from core.mixins import PermissionRequiredMixin
from students.languages import words_of
from students.models import Contact
from tutoring.attendance.selectors import monday_of
from tutoring.digests import links, selectors, services
from tutoring.digests.enums import Part, Rhythm
from tutoring.digests.forms import ChoiceForm
from tutoring.digests.letters import STOP
from tutoring.digests.weeks import goes_at
from tutoring.groups.models import TutorGroup


class Preview(StaffPageMixin, TemplateView):
    """The mails of one group this week, word for word."""

    permission_required = Permission.PRAISE_HOME
    template_name = "digests/preview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = selectors.groups_to_preview(self.me)
        group = self._group(groups)
        week = monday_of(timezone.localdate())
        letters = selectors.letters_of(self.me, group, week) if group else []
        return super().get_context_data(
            groups=groups, group=group, letters=letters, goes_at=goes_at(week), over=selectors.is_over(week), stop=STOP,
            **kwargs,
        )  # fmt: skip

    def _group(self, groups: list[TutorGroup]) -> TutorGroup | None:
        wanted = self.request.GET.get("group")
        if not wanted:
            return groups[0] if groups else None
        found = next((group for group in groups if str(group.pk) == wanted), None)
        if found is None:
            raise Http404
        return found


class _OfContact(PermissionRequiredMixin, View):
    """Somebody at home of a student about whom this person may write home."""

    permission_required = Permission.PRAISE_HOME
    request: UserRequest

    def _contact(self, pk: uuid.UUID) -> Contact:
        return get_object_or_404(selectors.contacts_reached(self.request.user), pk=pk)


class Choice(_OfContact):
    """How often they want it, said to a member of staff."""

    def get(self, request: UserRequest, contact: uuid.UUID) -> HttpResponse:
        return self._page(self._contact(contact))

    def post(self, request: UserRequest, contact: uuid.UUID) -> HttpResponse:
        home = self._contact(contact)
        form = self._form(home, request.POST)
        if not form.is_valid():
            return self._page(home, form)
        choice = services.record_choice(
            by=request.user, contact=home, site=request.build_absolute_uri("/"), **form.cleaned_data
        )
        messages.success(request, f"Saved for {home.name}: {choice.get_rhythm_display().lower()}.")
        return redirect("desk:student-family", pk=home.student_id)

    def _form(self, contact: Contact, data: Any = None) -> ChoiceForm:
        return ChoiceForm(data, saved=selectors.choice_of(contact), able=not selectors.obstacle_of(contact))

    def _page(self, contact: Contact, form: ChoiceForm | None = None) -> HttpResponse:
        context = {
            "contact": contact, "student": contact.student, "form": form or self._form(contact),
            "obstacle": selectors.obstacle_of(contact), "choice": selectors.choice_of(contact),
            "past": selectors.digests_of(contact.student, [contact.pk]),
        }  # fmt: skip
        return render(self.request, "digests/choice.html", context)


class Change(_OfContact):
    """Hold this week's mail back or let it go; leave a line out or put it back."""

    http_method_names = ["post"]

    def post(self, request: UserRequest, contact: uuid.UUID) -> HttpResponse:
        home = self._contact(contact)
        choice, week = selectors.choice_of(home), monday_of(timezone.localdate())
        if choice is None or choice.rhythm == Rhythm.NONE:
            raise Http404
        what, part = request.POST.get("what", ""), request.POST.get("part", "")
        if what in ("hold", "release"):
            done = services.hold_back(by=request.user, choice=choice, week=week, held=what == "hold")
        elif what in ("out", "back") and part in Part.values:
            done = services.leave_out(by=request.user, choice=choice, week=week, part=part, out=what == "out")
        else:
            return HttpResponse("Say what is to change.", status=400, content_type="text/plain")
        if not done:
            messages.info(request, "This mail has gone, or is going just now: nothing was changed.")
        shown = urlencode({"group": request.POST.get("group", "")})
        return redirect(f"{reverse('digests:preview')}?{shown}#m{home.pk}")


@method_decorator(login_not_required, name="dispatch")
class StopByLink(View):
    """Opening it stops nothing, so that a mail scanner stops nobody's mail; the one button does."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with links.at_door(kwargs["token"]) as choice:
            limit, who = (STOP_LINKS, choice.pk) if choice else (STOP_GUESSES, "all")
            if not is_within(limit, who):
                return too_many(request, limit)
            if choice and request.method == "POST":
                services.stop_at_door(choice=choice)
                choice.refresh_from_db()
            context = {"choice": choice, "words": words_of(choice.language) if choice else None}
            return render(request, "digests/stop.html", context, status=200 if choice else 410)
