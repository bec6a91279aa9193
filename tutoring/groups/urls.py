"""Addresses of the pages about staff and their groups."""

from django.urls import path

from tutoring.groups import cover_views, views

app_name = "groups"
urlpatterns = [
    path("staff/", views.StaffList.as_view(), name="staff-list"),
    path("cover/", cover_views.CoverList.as_view(), name="cover-list"),
    path("cover/<uuid:pk>/end/", cover_views.CoverEnd.as_view(), name="cover-end"),
]
