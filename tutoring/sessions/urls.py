"""Addresses of the tutor_sessions pages."""

from django.urls import URLPattern

app_name = "tutor_sessions"
urlpatterns: list[URLPattern] = []
