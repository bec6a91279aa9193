"""Addresses of the pages of watching over students."""

from django.urls import path

from tutoring.watch import views

app_name = "watch"
urlpatterns = [
    path("", views.WatchList.as_view(), name="list"),
    path("of/<uuid:student>/", views.OfStudent.as_view(), name="student"),
    path("of/<uuid:student>/new/", views.WatchBegin.as_view(), name="begin"),
    path("of/<uuid:student>/settled/", views.Settled.as_view(), name="settled"),
    path("of/<uuid:student>/newcomer/", views.NewcomerLook.as_view(), name="newcomer-look"),
    path("<uuid:pk>/look/", views.Look.as_view(), name="look"),
    path("<uuid:pk>/change/", views.WatchChange.as_view(), name="change"),
    path("<uuid:pk>/end/", views.WatchEnd.as_view(), name="end"),
]
