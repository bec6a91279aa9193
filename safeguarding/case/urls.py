"""Addresses of what follows a concern."""

from django.urls import path

from safeguarding.case import due_views, views

app_name = "case"
urlpatterns = [
    path("due/", due_views.DueList.as_view(), name="due-list"),
    path("due/<uuid:pk>/ended/", due_views.DueEnd.as_view(), name="due-end"),
    path("due/<uuid:pk>/another-day/", due_views.DueMove.as_view(), name="due-move"),
    path("due/<uuid:pk>/challenge/", due_views.ChallengeCreate.as_view(), name="challenge-create"),
    path("concerns/<uuid:pk>/action/", views.ActionCreate.as_view(), name="action-create"),
    path("concerns/<uuid:pk>/referral/", views.ReferralCreate.as_view(), name="referral-create"),
    path("concerns/<uuid:pk>/meeting/", views.MeetingWrite.as_view(), name="meeting-write"),
    path("concerns/<uuid:pk>/parents/", views.ParentsWrite.as_view(), name="parents-write"),
    path("concerns/<uuid:pk>/decision/", views.DecisionWrite.as_view(), name="decision-write"),
]
