"""Addresses of the school's own settings, of the staff's sign-ins and of drafts."""

from django.urls import path

from accounts import drafts_views, staff_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.SchoolSettings.as_view(), name="school-settings"),
    path("roles/", views.RoleWordsPage.as_view(), name="role-words"),
    path("permissions/", views.PermissionTable.as_view(), name="permission-table"),
    path("sign-ins/", staff_views.StaffSignIns.as_view(), name="staff-sign-ins"),
    path("sign-ins/<uuid:pk>/", staff_views.StaffSignIn.as_view(), name="staff-sign-in"),
    path("drafts/discard/", drafts_views.DraftDiscard.as_view(), name="draft-discard"),
    path("drafts/<str:form>/", drafts_views.DraftSave.as_view(), name="draft-save"),
]
