"""Addresses of the school's own settings and of drafts; signing in has allauth's addresses."""

from django.urls import path

from accounts import drafts_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.SchoolSettings.as_view(), name="school-settings"),
    path("permissions/", views.PermissionTable.as_view(), name="permission-table"),
    path("drafts/discard/", drafts_views.DraftDiscard.as_view(), name="draft-discard"),
    path("drafts/<str:form>/", drafts_views.DraftSave.as_view(), name="draft-save"),
]
