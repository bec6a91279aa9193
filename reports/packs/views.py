"""A pack for a meeting about one student: choose, look at every item, take away."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import TemplateView

from accounts.permissions import Permission
from core.downloads import as_attachment
from core.limits import EXPORTS, limited
from core.pdf import PdfUnavailableError
from reports.packs.forms import ChoiceForm, PackForm
from reports.packs.items import Asked, Part, parts_for
from reports.packs.names import OtherNames, other_names
from reports.packs.services import Filled, Pack, kept, left_out, make_pack
from students.selectors import contacts_of_student
from tutoring.desk.student_page import StudentPage
from tutoring.groups.selectors import students_visible_to
from tutoring.referrals.meetings import meetings_of_student
from tutoring.referrals.models import MeetingRecord


class StudentPack(StudentPage, TemplateView):
    """The choice of parts and days stands in the address; ticks and for whom it is are sent, and make the PDF."""

    permission_required = Permission.MAKE_PACK
    template_name = "reports/student_pack.html"

    @cached_property
    def offered(self) -> list[Part]:
        return parts_for(self.permitted)

    @cached_property
    def choice(self) -> ChoiceForm:
        usual = {
            "parts": [part.key for part in self.offered],
            "since": self.calendar.year_start,
            "until": timezone.localdate(),
        }
        return ChoiceForm(self.request.GET if "since" in self.request.GET else None, parts=self.offered, initial=usual)

    @cached_property
    def meetings(self) -> list[MeetingRecord]:
        return meetings_of_student(self.student) if Permission.VIEW_REFERRAL in self.permitted else []

    @cached_property
    def filled(self) -> list[Filled]:
        """The chosen parts with all their items; none before there is a choice."""
        if not (self.choice.is_bound and self.choice.is_valid()):
            return []
        chosen = self.choice.cleaned_data
        asked = Asked(self.student, self.permitted, chosen["since"], chosen["until"])
        return [Filled(part, list(part.items(asked))) for part in self.offered if part.key in chosen["parts"]]

    @limited(EXPORTS)
    def post(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        ticked = set(request.POST.getlist("item"))
        form = PackForm(request.POST, meetings=self.meetings)
        parts = kept(self.filled, ticked)
        if not form.is_valid() or not parts:
            wrong = "" if parts else "Nothing is ticked, so there is nothing to take away."
            return self.render_to_response(self.get_context_data(form=form, ticked=ticked, wrong=wrong))
        try:
            made = make_pack(self._pack(form, parts, ticked), by=self.me)
        except PdfUnavailableError as missing:
            return render(request, "reports/export_no_pdf.html", {"missing": missing}, status=503)
        return as_attachment(made, f"confidential-pack-{timezone.localdate():%Y-%m-%d}.pdf", "application/pdf")

    def _pack(self, form: PackForm, parts: list[Filled], ticked: set[str]) -> Pack:
        chosen = self.choice.cleaned_data
        return Pack(
            student=self.student,
            since=chosen["since"],
            until=chosen["until"],
            for_whom=form.for_whom,
            meeting=form.cleaned_data["meeting"],
            parts=parts,
            left_out=left_out(self.offered, self.filled, ticked),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or PackForm(meetings=self.meetings)
        ticked = kwargs.pop("ticked", None)
        names = self._names() if self.filled else None
        shown = [
            (one.part, [(item, ticked is None or item.key in ticked, _named(names, item.words)) for item in one.items])
            for one in self.filled
        ]
        return super().get_context_data(choice=self.choice, form=form, shown=shown, **kwargs)

    def _names(self) -> OtherNames:
        """Of every other student this person sees, on roll or gone: the software knows no names they do not."""
        seen = students_visible_to(self.me, Permission.FIND_STUDENT).exclude(pk=self.student.pk)
        others = seen.order_by().only("preferred_forename", "preferred_surname", "legal_forename", "legal_surname")
        home = contacts_of_student(self.student) if Permission.VIEW_FAMILY in self.permitted else []
        return other_names(others, self.student, [contact.name for contact in home])


def _named(names: OtherNames | None, text: str) -> str:
    return ", ".join(names.in_text(text)) if names else ""
