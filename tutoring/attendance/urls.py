"""Addresses of the attendance pages."""

from django.urls import path

from tutoring.attendance import views
from tutoring.attendance.enums import Session

app_name = "attendance"
urlpatterns = [
    path("registers/", views.RegisterList.as_view(), name="register-list"),
    path("registers/no-reason-yet/", views.UnexplainedList.as_view(), name="unexplained-list"),
    path("registers/<uuid:pk>/morning/", views.RegisterTake.as_view(session=Session.AM), name="register-morning"),
    path("registers/<uuid:pk>/afternoon/", views.RegisterTake.as_view(session=Session.PM), name="register-afternoon"),
]
