"""Addresses of the pages about staff and their groups."""

from django.urls import path

from tutoring.groups import cover_views, line_views, role_views, singly_views, views

app_name = "groups"
urlpatterns = [
    path("staff/", views.StaffList.as_view(), name="staff-list"),
    path("staff/<uuid:pk>/", role_views.StaffMember.as_view(), name="staff-member"),
    path("staff/<uuid:pk>/role/", role_views.RoleGive.as_view(), name="role-give"),
    path("staff/<uuid:pk>/role/end/", role_views.RoleEnd.as_view(), name="role-end"),
    path("staff/<uuid:pk>/line/", line_views.LineName.as_view(), name="line-name"),
    path("staff/<uuid:pk>/line/<uuid:line>/end/", line_views.LineEnd.as_view(), name="line-end"),
    path("staff/students/", singly_views.SingleList.as_view(), name="single-list"),
    path("staff/<uuid:pk>/students/", singly_views.SingleStudents.as_view(), name="single-students"),
    path("staff/students/<uuid:pk>/end/", singly_views.SingleEnd.as_view(), name="single-end"),
    path("cover/", cover_views.CoverList.as_view(), name="cover-list"),
    path("cover/<uuid:pk>/end/", cover_views.CoverEnd.as_view(), name="cover-end"),
]
