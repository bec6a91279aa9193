"""Addresses of the reports pages."""

from django.urls import include, path

from reports.conduct import views as conduct
from reports.dashboards import views as dashboards
from reports.events import views as events
from reports.exports import views as exports
from reports.force import views as force
from reports.gaps import views as gaps
from reports.needs import views as needs
from reports.packs import views as packs

app_name = "reports"
urlpatterns = [
    path("", include("reports.runs.urls")),
    path("dashboard/", dashboards.HouseDashboard.as_view(), name="house-dashboard"),
    path("dashboard/students/", dashboards.StudentRows.as_view(), name="student-rows"),
    path("conduct/", conduct.ConductTotals.as_view(), name="conduct-totals"),
    path("conduct/<slug:kind>/", conduct.ConductExport.as_view(), name="conduct-export"),
    path("events/<slug:kind>/", events.EventsExport.as_view(), name="events-export"),
    path("use-of-force/", force.ForceFigures.as_view(), name="force-figures"),
    path("use-of-force/<slug:kind>/", force.ForceExport.as_view(), name="force-export"),
    path("gaps/", gaps.GroupGaps.as_view(), name="group-gaps"),
    path("gaps/<slug:kind>/", gaps.GapsExport.as_view(), name="gaps-export"),
    path("needs/", needs.NeedsList.as_view(), name="needs-list"),
    path("needs/<slug:kind>/", needs.NeedsExport.as_view(), name="needs-export"),
    path("students/", needs.StudentList.as_view(), name="student-list"),
    path("packs/<uuid:pk>/", packs.StudentPack.as_view(), name="student-pack"),
    path("records/<uuid:pk>/", exports.StudentRecord.as_view(), name="student-record"),
    path("records/<uuid:pk>/<slug:kind>/", exports.StudentRecordExport.as_view(), name="student-record-export"),
    path("students/<slug:kind>/", needs.StudentExport.as_view(), name="student-export"),
]
