"""Addresses of the record's pages."""

from django.urls import path

from reports.record import views

app_name = "record"
urlpatterns = [
    path("", views.MyRecord.as_view(), name="mine"),
    path("search/", views.RecordSearch.as_view(), name="search"),
    path("search/csv/", views.RecordExport.as_view(), name="export"),
    path("students/<uuid:pk>/", views.StudentReaders.as_view(), name="student-readers"),
]
