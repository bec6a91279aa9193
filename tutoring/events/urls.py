"""Addresses of the pages of events."""

from django.urls import path

from tutoring.events import views

app_name = "events"
urlpatterns = [
    path("", views.EventList.as_view(), name="list"),
    path("new/", views.EventCreate.as_view(), name="create"),
    path("<uuid:pk>/", views.EventDetail.as_view(), name="detail"),
    path("<uuid:pk>/edit/", views.EventEdit.as_view(), name="edit"),
    path("<uuid:pk>/outcome/", views.EventOutcome.as_view(), name="outcome"),
]
