"""Addresses of the pages about staff and their groups."""

from django.urls import path

from tutoring.groups import views

app_name = "groups"
urlpatterns = [
    path("staff/", views.StaffList.as_view(), name="staff-list"),
]
