"""Addresses of the pages of interventions."""

from django.urls import path

from tutoring.interventions import running_views, student_views, views

app_name = "interventions"
urlpatterns = [
    path("", views.InterventionList.as_view(), name="list"),
    path("students/", student_views.StudentChoose.as_view(), name="choose"),
    path("new/", views.InterventionCreate.as_view(), name="create"),
    path("<uuid:pk>/", views.InterventionDetail.as_view(), name="detail"),
    path("<uuid:pk>/change/", views.InterventionUpdate.as_view(), name="update"),
    path("<uuid:pk>/students/", student_views.StudentAdd.as_view(), name="add"),
    path("<uuid:pk>/measures/", running_views.Measures.as_view(), name="measures"),
    path("<uuid:pk>/meeting/", running_views.MeetingCreate.as_view(), name="meeting"),
    path("<uuid:pk>/evaluate/", running_views.Evaluate.as_view(), name="evaluate"),
    path("meetings/<uuid:pk>/", running_views.MeetingEdit.as_view(), name="meeting-edit"),
    path("members/<uuid:pk>/", student_views.MemberEdit.as_view(), name="member-edit"),
]
