"""The page of one's private calendar link, and the feed itself, which calendar programs fetch without signing in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.acting import Actor, acting_as
from core.limits import CALENDAR_GUESSES, CALENDAR_READS, is_within, too_many
from tutoring.diary import links
from tutoring.diary.ics import calendar_text
from tutoring.diary.models import week_name


class CalendarLinkPage(StaffPageMixin, View):
    """Make it (shown this once), renew it, switch it off."""

    permission_required = Permission.LOG_SESSION

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("do") == "remove":
            links.remove_calendar_link(by=self.me)
            messages.success(request, "Your calendar link is switched off.")
            return redirect("diary:calendar-link")
        if request.POST.get("do") != "make":
            return self._page(status=400)
        token = links.make_calendar_link(by=self.me)
        return self._page(address=request.build_absolute_uri(reverse("diary:calendar-feed", args=[token])))

    def _page(self, status: int = 200, **more: Any) -> HttpResponse:
        context = {"link": links.calendar_link_of(self.me)} | more
        return render(self.request, "diary/calendar_link.html", context, status=status)


@method_decorator(login_not_required, name="dispatch")
class CalendarFeed(View):
    """`text/calendar` for whoever brings the token: when and where, never with whom."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        owner = links.owner_of(token)
        if owner is None:
            if not is_within(CALENDAR_GUESSES, "all"):
                return too_many(request, CALENDAR_GUESSES)
            raise Http404
        if not is_within(CALENDAR_READS, owner.pk):
            return too_many(request, CALENDAR_READS)
        now = timezone.now()
        with acting_as(Actor(owner.pk)):
            today = timezone.localdate(now)
            appointments, others = links.feed_appointments(owner, today), links.feed_others(owner, today)
        page = request.build_absolute_uri(reverse("diary:week"))
        days = {appointment.day for appointment in appointments} | {other.day for other in others}
        urls = {day.isoformat(): f"{page}?week={week_name(day)}" for day in days}
        text = calendar_text(appointments, others, urls=urls, now=now)
        return HttpResponse(text.encode(), content_type="text/calendar; charset=utf-8")
