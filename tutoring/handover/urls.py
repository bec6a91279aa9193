"""Addresses of the pages of handover."""

from django.urls import path

from tutoring.handover import changing_views, new_year_views, views

app_name = "handover"
urlpatterns = [
    path("", views.HandoverList.as_view(), name="handover-list"),
    path("write/<uuid:student>/", views.HandoverWrite.as_view(), name="handover-write"),
    path("<uuid:pk>/", views.HandoverDetail.as_view(), name="handover-detail"),
    path("<uuid:pk>/take-back/", views.HandoverTakeBack.as_view(), name="handover-take-back"),
    path("<uuid:pk>/copy/", views.HandoverCopy.as_view(), name="handover-copy"),
    path("new-year/", new_year_views.NewYear.as_view(), name="new-year"),
    path("groups/", changing_views.GroupList.as_view(), name="group-list"),
    path("groups/<uuid:pk>/", changing_views.GroupTutor.as_view(), name="group-tutor"),
]
