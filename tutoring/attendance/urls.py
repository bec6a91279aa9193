"""Addresses of the attendance pages."""

from django.urls import URLPattern

app_name = "attendance"
urlpatterns: list[URLPattern] = []
