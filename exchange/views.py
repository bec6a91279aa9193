"""Pages of an import: send the files, watch the check, read the preview, import or not, look back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import FormView, TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.downloads import as_attachment
from core.exports import Sheet, csv_bytes
from core.limits import EXPORTS, limited
from exchange import selectors, services
from exchange.enums import RunState
from exchange.findings import Severity
from exchange.folders import MOST_BYTES, BadUploadError
from exchange.forms import UploadForm
from exchange.models import ImportRun
from exchange.printing import also_made

RUNS_A_PAGE = 20
FINDINGS_A_PAGE = 50
NOT_READY = "This import has moved on in the meantime; nothing was changed."


class RunList(StaffPageMixin, FormView):  # type: ignore[type-arg]
    """Send files, and the imports so far."""

    permission_required = Permission.IMPORT_DATA
    largest_request = MOST_BYTES + 1024 * 1024
    template_name = "exchange/run_list.html"
    form_class = UploadForm

    def form_valid(self, form: UploadForm) -> HttpResponse:
        try:
            run = services.start_run(school=self.school, files=form.cleaned_data["exports"], by=self.me)
        except BadUploadError as error:
            form.add_error("exports", str(error))
            return self.form_invalid(form)
        return redirect("exchange:run-detail", pk=run.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(selectors.runs_of(self.school), RUNS_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs, page_obj=page)


class RunPage(StaffPageMixin):
    """Everything about one run of one's own school."""

    permission_required = Permission.IMPORT_DATA
    kwargs: dict[str, Any]

    @property
    def run(self) -> ImportRun:
        return get_object_or_404(selectors.runs_of(self.school), pk=self.kwargs["pk"])


class RunDetail(RunPage, TemplateView):
    """The progress while a worker is at it, then the preview or the result."""

    template_name = "exchange/run_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.run
        is_working = run.state in services.WORKING
        if request.headers.get("HX-Request"):
            if not is_working:
                return HttpResponse(headers={"HX-Refresh": "true"})
            return render(request, "exchange/_run_live.html", {"run": run})
        return self.render_to_response(self.get_context_data(run=run, is_working=is_working))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run: ImportRun = kwargs["run"]
        severity = self.request.GET.get("severity", "")
        report = run.report or {}
        found = selectors.findings_of(run, severity)
        page = Paginator(found, FINDINGS_A_PAGE).get_page(self.request.GET.get("page"))
        totals = report.get("totals", {})
        return super().get_context_data(
            **kwargs,
            report=report,
            also=also_made(report.get("also", {})),
            can_import=run.state == RunState.READY and any(f["kind"] for f in report.get("files", [])),
            severity=severity,
            severities=[(s.value, totals.get(f"{s.value}s", 0)) for s in Severity],
            page_obj=page,
            crumbs=[{"label": "Import data", "url": reverse("exchange:run-list")}, {"label": str(run)}],
        )


class RunApply(RunPage, View):
    """Import the good rows, or only if every row is good."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.run
        if not services.apply_run(run=run, only_if_all_good="only_if_all_good" in request.POST, by=self.me):
            messages.warning(request, NOT_READY)
        return redirect("exchange:run-detail", pk=run.pk)


class RunDiscard(RunPage, View):
    """Leave it: the uploaded files are deleted."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.run
        if not services.discard_run(run=run, by=self.me):
            messages.warning(request, NOT_READY)
        return redirect("exchange:run-detail", pk=run.pk)


class RunFindings(RunPage, View):
    """The findings as CSV, to work through in a spreadsheet."""

    @limited(EXPORTS)
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        run = self.run
        found = selectors.findings_of(run, request.GET.get("severity", ""))
        columns = ("file", "line", "column", "value", "severity", "code", "message")
        sheet = Sheet("Findings", [c.capitalize() for c in columns], [[f[c] for c in columns] for f in found])
        services.record_download(run=run, by=self.me, findings=len(found))
        name = f"import-findings-{run.created_at:%Y-%m-%d-%H%M}.csv"
        return as_attachment(csv_bytes([sheet]), name, "text/csv; charset=utf-8")
