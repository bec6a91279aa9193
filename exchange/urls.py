"""Addresses of the exchange pages."""

from django.urls import URLPattern

app_name = "exchange"
urlpatterns: list[URLPattern] = []
