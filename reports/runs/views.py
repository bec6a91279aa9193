"""Pages of report runs: begin one, watch it, take its reports away."""

import hashlib
import tempfile
from functools import cached_property
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import FormView, ListView, TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.downloads import as_attachment
from core.patience import take_your_time
from reports.enums import BatchState
from reports.models import ReportBatch
from reports.runs import files, selectors, services
from reports.runs.forms import RunForm
from students.models import Term
from students.selectors import term_current
from tutoring.desk.student_page import StudentPage

GONE = "Some files of this run are no longer on the disk. Make these reports again: %s."
PER_PAGE = 50
MEDIA_TYPES = {"zip": "application/zip", "pdf": "application/pdf"}


class RunList(StaffPageMixin, ListView):  # type: ignore[type-arg]
    """The runs so far, newest first."""

    permission_required = Permission.RUN_REPORTS
    template_name = "reports/run_list.html"
    context_object_name = "runs"
    paginate_by = PER_PAGE

    def get_queryset(self) -> Any:
        return selectors.runs_with_counts(self.me)


class RunStart(StaffPageMixin, FormView):  # type: ignore[type-arg]
    """Choose a term and groups; says which comments are still missing before anything is made."""

    permission_required = Permission.RUN_REPORTS
    template_name = "reports/run_start.html"
    form_class = RunForm

    @cached_property
    def term(self) -> Term | None:
        """The term asked for, else the present one."""
        asked = self.request.POST.get("term") or self.request.GET.get("term")
        if not asked:
            return term_current(self.school)
        return next((term for term in selectors.terms_begun(self.me) if str(term.pk) == asked), None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.term is None:
            return render(request, self.template_name, {"form": None})
        if request.headers.get("HX-Request"):
            return render(request, "reports/_run_button.html", {"form": self.get_form()})
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: str, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if self.term else redirect("reports:run-start")

    def get_form_kwargs(self) -> dict[str, Any]:
        term = cast(Term, self.term)
        options = super().get_form_kwargs() | {"choices": selectors.group_choices(self.me, term), "term": term}
        if self.request.method == "GET" and self.request.headers.get("HX-Request"):
            options["data"] = self.request.GET
        return options

    def form_valid(self, form: RunForm) -> HttpResponse:
        groups = [choice.group for choice in form.chosen]
        batch = services.start_batch(term=cast(Term, self.term), groups=groups, by=self.me)
        return redirect("reports:run-detail", pk=batch.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            term=self.term,
            terms=selectors.terms_begun(self.me),
            groupless=selectors.students_without_group(self.me),
        )


class RunPage(StaffPageMixin):
    """Gives a view its `batch`: 404 for a run that is not this person's."""

    permission_required = Permission.RUN_REPORTS
    kwargs: dict[str, Any]

    @cached_property
    def batch(self) -> ReportBatch:
        runs = selectors.runs_visible_to(self.me).select_related("term", "requested_by")
        return get_object_or_404(runs, pk=self.kwargs["pk"])

    @property
    def group_name(self) -> str:
        """The one group looked at, '' for all."""
        return self.request.GET.get("group", "")


class RunDetail(RunPage, ListView):  # type: ignore[type-arg]
    """A run while it is made and afterwards: how far, what failed and why, and every report to take away."""

    template_name = "reports/run_detail.html"
    context_object_name = "items"
    paginate_by = PER_PAGE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.headers.get("HX-Request"):
            return super().get(request, *args, **kwargs)
        response = render(request, "reports/_run_live.html", self.live())
        if self.batch.state == BatchState.DONE:
            response.headers["HX-Refresh"] = "true"  # now the list below and the downloads are worth drawing
        return response

    def get_queryset(self) -> Any:
        items = selectors.items_visible_to(self.me, self.batch)
        return items.filter(group_name=self.group_name) if self.group_name else items

    def live(self) -> dict[str, Any]:
        """What the polled part shows."""
        return {
            "batch": self.batch,
            "progress": selectors.progress_of(self.batch),
            "failed": selectors.failed_reports(self.me, self.batch),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        everybody = selectors.items_visible_to(self.me, self.batch)
        return super().get_context_data(
            **kwargs,
            **self.live(),
            group_names=selectors.group_names_of(everybody),
            group_name=self.group_name,
            crumbs=[{"label": "Reports", "url": reverse("reports:run-list")}, {"label": str(self.batch.term)}],
        )


class RunRetry(RunPage, View):
    """Make again what failed in this run, and only that."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        services.retry_failed(batch=self.batch, by=self.me)
        return redirect("reports:run-detail", pk=self.batch.pk)


class RunFile(RunPage, View):
    """All finished reports of a run, or of one group in it, in one file: built aside, sent when whole."""

    kind = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        items = selectors.finished_reports(self.me, self.batch, self.group_name)
        if not items:
            raise Http404
        if gone := files.without_file(items):
            messages.error(request, GONE % ", ".join(str(item.student) for item in gone[:20]))
            return redirect("reports:run-detail", pk=self.batch.pk)
        take_your_time()
        target = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
        title = f"{self.batch.term} reports {self.group_name}".strip()
        if self.kind == "zip":
            files.write_zip(items, target)
        else:
            files.write_print_file(items, target, title=title)
        target.seek(0)
        digest = hashlib.file_digest(target, "sha256").hexdigest()
        target.seek(0)
        services.record_download(by=self.me, obj=self.batch, kind=self.kind, reports=len(items), sha256=digest)
        name = files.run_name(str(self.batch.term), self.group_name, self.kind)
        return as_attachment(target, name, MEDIA_TYPES[self.kind])


class ReportFile(StaffPageMixin, View):
    """One report, for whoever may see that student's reports, whoever had it made."""

    permission_required = Permission.VIEW_REPORT

    def get(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        item = get_object_or_404(selectors.reports_visible_to(self.me), pk=pk)
        if files.without_file([item]):
            raise Http404("The file is no longer on the disk.")
        services.record_download(by=self.me, obj=item, kind="pdf", reports=1, sha256=item.sha256)
        name = files.report_name(item.student, item.group_name)
        return as_attachment(files.path_of(item).open("rb"), name, "application/pdf")


class StudentReports(StudentPage, TemplateView):
    """A student's tab: the reports made so far, and one press for a new one."""

    permission_required = Permission.VIEW_REPORT
    template_name = "reports/student_reports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            reports=selectors.reports_of_student(self.me, self.student),
            underway=selectors.report_underway(self.student),
            term=term_current(self.school),
        )


class StudentReportMake(StudentPage, View):
    """This student's report of the present term, now: a run of one."""

    permission_required = Permission.RUN_REPORTS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        term = term_current(self.school)
        if term is None:
            raise Http404("No term has begun.")
        try:
            services.start_batch(term=term, students=[self.student], by=self.me)
        except services.NothingToMakeError:
            messages.error(request, f"{self.student} is not on the roll today, so no report was made.")
        return redirect("reports:student-reports", pk=self.student.pk)
