"""Addresses of what follows a concern."""

from django.urls import path

from safeguarding.case import due_views, standing_views, views

app_name = "case"
urlpatterns = [
    path("due/", due_views.DueList.as_view(), name="due-list"),
    path("due/<uuid:pk>/ended/", due_views.DueEnd.as_view(), name="due-end"),
    path("due/<uuid:pk>/another-day/", due_views.DueMove.as_view(), name="due-move"),
    path("due/<uuid:pk>/challenge/", due_views.ChallengeCreate.as_view(), name="challenge-create"),
    path("vulnerable/", standing_views.StandingList.as_view(), name="standing-list"),
    path("vulnerable/csv/", standing_views.StandingExport.as_view(), name="standing-export"),
    path("children/<uuid:student>/standing/", standing_views.ChildStandings.as_view(), name="child-standings"),
    path("children/<uuid:student>/standing/new/", standing_views.StandingWrite.as_view(), name="standing-create"),
    path("standings/<uuid:pk>/change/", standing_views.StandingChange.as_view(), name="standing-change"),
    path("concerns/<uuid:pk>/action/", views.ActionCreate.as_view(), name="action-create"),
    path("concerns/<uuid:pk>/referral/", views.ReferralCreate.as_view(), name="referral-create"),
    path("concerns/<uuid:pk>/meeting/", views.MeetingWrite.as_view(), name="meeting-write"),
    path("concerns/<uuid:pk>/parents/", views.ParentsWrite.as_view(), name="parents-write"),
    path("concerns/<uuid:pk>/decision/", views.DecisionWrite.as_view(), name="decision-write"),
]
