"""Addresses of the pages that belong to no app."""

from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("csrf/", views.csrf, name="csrf"),
    path("csp/", views.policy_report, name="policy-report"),
    path("keys/", views.keys, name="keys"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
