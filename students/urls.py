"""Addresses of the school calendar."""

from django.urls import path

from students import views

app_name = "students"
urlpatterns = [
    path("calendar/", views.Calendar.as_view(), name="calendar"),
    path("calendar/term/", views.TermCreate.as_view(), name="term-create"),
    path("calendar/term/<uuid:pk>/", views.TermEdit.as_view(), name="term-edit"),
    path("calendar/closure/<uuid:pk>/remove/", views.ClosureRemove.as_view(), name="closure-remove"),
]
