"""Addresses of the records of restrictive interventions."""

from django.urls import path

from safeguarding.restraint import record_views, views

app_name = "restraint"
urlpatterns = [
    path("", views.IncidentList.as_view(), name="list"),
    path("record/", views.IncidentCreate.as_view(), name="create"),
    path("check/", views.NeverCheck.as_view(), name="never-check"),
    path("<uuid:pk>/sent/", views.IncidentSent.as_view(), name="sent"),
    path("<uuid:pk>/", record_views.IncidentDetail.as_view(), name="detail"),
    path("<uuid:pk>/add/<slug:kind>/", record_views.EntryCreate.as_view(), name="entry-create"),
    path("<uuid:pk>/letter/", record_views.LetterCreate.as_view(), name="letter-create"),
    path("<uuid:pk>/letter/<uuid:entry>/", record_views.LetterPdf.as_view(), name="letter-pdf"),
]
