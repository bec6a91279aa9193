"""One's own mails: how often they come."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.views.generic import FormView

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from accounts.quiet_hours import in_words
from tutoring.notices.forms import MailsForm
from tutoring.notices.services import choose_mails


class MyMails(StaffPageMixin, FormView):  # type: ignore[type-arg]
    """At once, once a day, or never."""

    permission_required = Permission.USE_WAYMARK
    template_name = "notices/my_mails.html"
    form_class = MailsForm
    success_url = reverse_lazy("notices:my-mails")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"data": self.request.POST or None, "person": self.me}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(quiet=in_words(), **kwargs)

    def form_valid(self, form: MailsForm) -> HttpResponse:
        choose_mails(by=self.me, **form.cleaned_data)
        messages.success(self.request, "Saved: this is how your mails come from now on.")
        return super().form_valid(form)
