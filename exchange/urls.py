"""Addresses of the exchange pages."""

from django.urls import path

from exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.RunList.as_view(), name="run-list"),
    path("<uuid:pk>/", views.RunDetail.as_view(), name="run-detail"),
    path("<uuid:pk>/apply/", views.RunApply.as_view(), name="run-apply"),
    path("<uuid:pk>/discard/", views.RunDiscard.as_view(), name="run-discard"),
    path("<uuid:pk>/findings/", views.RunFindings.as_view(), name="run-findings"),
]
