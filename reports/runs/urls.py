"""Addresses of report runs; included by reports.urls."""

from django.urls import path

from reports.runs import views

urlpatterns = [
    path("", views.RunList.as_view(), name="run-list"),
    path("make/", views.RunStart.as_view(), name="run-start"),
    path("runs/<uuid:pk>/", views.RunDetail.as_view(), name="run-detail"),
    path("runs/<uuid:pk>/again/", views.RunRetry.as_view(), name="run-retry"),
    path("runs/<uuid:pk>/zip/", views.RunFile.as_view(kind="zip"), name="run-zip"),
    path("runs/<uuid:pk>/print/", views.RunFile.as_view(kind="pdf"), name="run-print"),
    path("report/<uuid:pk>/", views.ReportFile.as_view(), name="report-file"),
    path("students/<uuid:pk>/", views.StudentReports.as_view(), name="student-reports"),
    path("students/<uuid:pk>/make/", views.StudentReportMake.as_view(), name="student-report-make"),
]
