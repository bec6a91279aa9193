"""Addresses of the weekly mail."""

from django.urls import path

from tutoring.digests import views

app_name = "digests"
urlpatterns = [
    path("", views.Preview.as_view(), name="preview"),
    path("contacts/<uuid:contact>/", views.Choice.as_view(), name="choice"),
    path("contacts/<uuid:contact>/change/", views.Change.as_view(), name="change"),
    path("stop/<str:token>/", views.StopByLink.as_view(), name="stop"),
]
