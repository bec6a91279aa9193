"""Addresses of the desk pages."""

from django.urls import path

from tutoring.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.Today.as_view(), name="today"),
    path("my-team/", views.Team.as_view(), name="team"),
    path("how-today-is-ordered/", views.PriorityOrder.as_view(), name="priority-order"),
    path("this-term/", views.TermClock.as_view(), name="term-clock"),
    path("find/", views.Find.as_view(), name="find"),
    path("students/", views.StudentList.as_view(), name="student-list"),
    path("students/<uuid:pk>/", views.StudentStory.as_view(), name="student-story"),
    path("students/<uuid:pk>/prepare/", views.StudentPreparation.as_view(), name="student-preparation"),
    path("students/<uuid:pk>/plans/", views.StudentPlans.as_view(), name="student-plans"),
    path("students/<uuid:pk>/attendance/", views.StudentAttendance.as_view(), name="student-attendance"),
    path("students/<uuid:pk>/progress/", views.StudentProgress.as_view(), name="student-progress"),
    path("students/<uuid:pk>/behaviour/", views.StudentBehaviour.as_view(), name="student-behaviour"),
    path("students/<uuid:pk>/what-helps/", views.StudentStrategies.as_view(), name="student-strategies"),
    path("students/<uuid:pk>/handovers/", views.StudentHandovers.as_view(), name="student-handovers"),
    path("students/<uuid:pk>/warnings/", views.StudentWarnings.as_view(), name="student-warnings"),
    path("students/<uuid:pk>/referrals/", views.StudentReferrals.as_view(), name="student-referrals"),
    path("students/<uuid:pk>/family/", views.StudentFamily.as_view(), name="student-family"),
    path("students/<uuid:pk>/support/", views.StudentSupport.as_view(), name="student-support"),
]
