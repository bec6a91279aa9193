"""Addresses of the school's own settings; signing in has allauth's addresses."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.SchoolSettings.as_view(), name="school-settings"),
    path("permissions/", views.PermissionTable.as_view(), name="permission-table"),
]
