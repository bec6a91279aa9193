"""The headteacher names, in writing, a leader who stands in for a safeguarding lead."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from accounts.permissions import Permission
from accounts.requests import UserRequest
from safeguarding.opening import FilePage
from safeguarding.sharing import lead_cover
from safeguarding.sharing.forms import LeadCoverForm
from tutoring.groups.cover import NoCoverError


class LeadCoverCreate(FilePage, View):
    """One form; a deputy lead of the whole school needs no word, and is named under Cover."""

    permission_required = (Permission.OPEN_FILE, Permission.KEEP_STAFF_FILE)

    def get(self, request: UserRequest) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: UserRequest) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form)
        try:
            lead_cover.confirm_cover(by=self.me, **form.cleaned_data)
        except NoCoverError as error:
            form.add_error("person" if error.field == "deputy" else error.field, str(error))
            return self._page(form)
        said = form.cleaned_data
        messages.success(
            request, f"{said['person']} stands in for {said['work'].user} until {said['ends_on']:%-d %B %Y}."
        )
        return redirect("safeguarding:desk")

    def _form(self, data: object = None) -> LeadCoverForm:
        work, people = lead_cover.work_of_leads(self.school), lead_cover.people_to_name(self.school)
        return LeadCoverForm(data, work=work, people=people.exclude(pk=self.me.pk))

    def _page(self, form: LeadCoverForm) -> HttpResponse:
        covers = lead_cover.covers_of_leads(self.me)
        return render(self.request, "safeguarding/sharing/lead_cover.html", {"form": form, "covers": covers})
