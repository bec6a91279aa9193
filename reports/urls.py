"""Addresses of the reports pages."""

from django.urls import include, path

app_name = "reports"
urlpatterns = [
    path("", include("reports.runs.urls")),
]
