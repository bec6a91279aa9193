"""Signing in (allauth's pages) and the school's own settings."""

from django.urls import include, path

urlpatterns = [
    path("", include("allauth.account.urls")),
]
