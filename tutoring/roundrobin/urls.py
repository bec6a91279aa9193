"""Addresses of round robins."""

from django.urls import path

from tutoring.roundrobin import views

app_name = "roundrobin"
urlpatterns = [
    path("", views.AskedOfMe.as_view(), name="asked-of-me"),
    path("student/<uuid:student>/", views.AskTeachers.as_view(), name="ask-teachers"),
    path("sheet/<uuid:pk>/", views.Sheet.as_view(), name="sheet"),
    path("answer/<uuid:pk>/", views.Answer.as_view(), name="answer"),
    path("link/<str:token>/", views.AnswerByLink.as_view(), name="link"),
]
