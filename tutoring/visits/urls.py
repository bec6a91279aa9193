"""Addresses of the pages of home visits."""

from django.urls import path

from tutoring.visits import views

app_name = "visits"
urlpatterns = [
    path("", views.VisitList.as_view(), name="visit-list"),
    path("new/<uuid:student>/", views.VisitPlan.as_view(), name="visit-plan"),
    path("<uuid:pk>/", views.VisitDetail.as_view(), name="visit-detail"),
    path("<uuid:pk>/move/", views.VisitMove.as_view(), name="visit-move"),
    path("<uuid:pk>/note/", views.VisitNote.as_view(), name="visit-note"),
]
