"""Addresses of a person's own sign-in that are ours; allauth's stand in accounts.allauth_urls."""

from django.urls import path

from accounts import sign_in_views as views

app_name = "sign_in"
urlpatterns = [
    path("confirm/", views.StepUp.as_view(), name="step-up"),
    path("browsers/", views.SessionList.as_view(), name="session-list"),
    path("invitation/", views.InvitationAccept.as_view(), name="invitation-accept"),
    path("invitation/<str:token>/", views.InvitationOpen.as_view(), name="invitation-open"),
]
