"""Addresses of group tutorials."""

from django.urls import path

from tutoring.tutorials import programme_views, views

app_name = "tutorials"
urlpatterns = [
    path("", views.TutorialList.as_view(), name="tutorial-list"),
    path("new/", programme_views.SeriesCreate.as_view(), name="series-create"),
    path("<uuid:pk>/", programme_views.SeriesEdit.as_view(), name="series-edit"),
    path("<uuid:pk>/<slug:day>/", views.MeetingWrite.as_view(), name="meeting-write"),
    path("meetings/<uuid:pk>/", views.MeetingDetail.as_view(), name="meeting-detail"),
    path("programme/", programme_views.ProgrammePage.as_view(), name="programme"),
    path("programme/copy/", programme_views.ProgrammeCopy.as_view(), name="programme-copy"),
    path("programme/new/", programme_views.TopicCreate.as_view(), name="topic-create"),
    path("programme/<uuid:pk>/", programme_views.TopicEdit.as_view(), name="topic-edit"),
    path("coverage/", programme_views.Coverage.as_view(), name="coverage"),
]
