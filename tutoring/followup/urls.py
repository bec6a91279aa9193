"""Addresses of the pages of warnings."""

from django.urls import path

from tutoring.followup import alert_views, stage_views, views

app_name = "followup"
urlpatterns = [
    path("warnings/new/<uuid:student>/", views.WarningCreate.as_view(), name="warning-create"),
    path("warnings/<uuid:pk>/", views.WarningDetail.as_view(), name="warning-detail"),
    path("warnings/<uuid:pk>/response/", views.WarningResponse.as_view(), name="warning-response"),
    path("warnings/<uuid:pk>/appeal/", views.WarningAppeal.as_view(), name="warning-appeal"),
    path("warnings/<uuid:pk>/decide/", views.WarningDecide.as_view(), name="warning-decide"),
    path("warnings/<uuid:pk>/letter/", views.WarningLetter.as_view(), name="warning-letter"),
    path("alerts/", alert_views.AlertList.as_view(), name="alert-list"),
    path("alerts/new/<uuid:student>/", alert_views.AlertCreate.as_view(), name="alert-create"),
    path("alerts/<uuid:pk>/", alert_views.AlertDetail.as_view(), name="alert-detail"),
    path("stages/", stage_views.StageList.as_view(), name="stage-list"),
    path("stages/new/", stage_views.StageCreate.as_view(), name="stage-create"),
    path("stages/<uuid:pk>/", stage_views.StageEdit.as_view(), name="stage-edit"),
]
