"""Addresses of the plans pages."""

from django.urls import path

from tutoring.plans import review_views, step_views, views

app_name = "plans"
urlpatterns = [
    path("new/<uuid:student>/", views.PlanCreate.as_view(), name="plan-create"),
    path("from/<uuid:session>/", views.PlanFromSession.as_view(), name="plan-from-session"),
    path("<uuid:pk>/", views.PlanDetail.as_view(), name="plan-detail"),
    path("<uuid:pk>/change/", views.PlanUpdate.as_view(), name="plan-update"),
    path("<uuid:pk>/agree/", review_views.PlanAgree.as_view(), name="plan-agree"),
    path("<uuid:pk>/review/", review_views.PlanReview.as_view(), name="plan-review"),
    path("<uuid:pk>/close/", review_views.PlanClose.as_view(), name="plan-close"),
    path("steps/<uuid:pk>/done/", step_views.StepDone.as_view(), name="step-done"),
    path("steps/<uuid:pk>/", step_views.StepUpdate.as_view(), name="step-update"),
]
