"""Addresses of the plans pages."""

from django.urls import path

from tutoring.plans import bank_views, barrier_views, habit_views, review_views, step_views, views

app_name = "plans"
urlpatterns = [
    path("new/<uuid:student>/", views.PlanCreate.as_view(), name="plan-create"),
    path("from/<uuid:session>/", views.PlanFromSession.as_view(), name="plan-from-session"),
    path("<uuid:pk>/", views.PlanDetail.as_view(), name="plan-detail"),
    path("<uuid:pk>/change/", views.PlanUpdate.as_view(), name="plan-update"),
    path("<uuid:pk>/agree/", review_views.PlanAgree.as_view(), name="plan-agree"),
    path("<uuid:pk>/review/", review_views.PlanReview.as_view(), name="plan-review"),
    path("<uuid:pk>/close/", review_views.PlanClose.as_view(), name="plan-close"),
    path("new/<uuid:student>/from/<uuid:model>/", views.PlanFromModel.as_view(), name="plan-from-model"),
    path("bank/", bank_views.ModelList.as_view(), name="model-list"),
    path("bank/for/<uuid:student>/", bank_views.ModelChoose.as_view(), name="model-choose"),
    path("bank/new/", bank_views.ModelForm.as_view(), name="model-create"),
    path("bank/from/<uuid:plan>/", bank_views.ModelFromPlan.as_view(), name="model-from-plan"),
    path("bank/<uuid:pk>/", bank_views.ModelDetail.as_view(), name="model-detail"),
    path("bank/<uuid:pk>/change/", bank_views.ModelUpdate.as_view(), name="model-update"),
    path("barriers/", barrier_views.BarrierList.as_view(), name="barrier-list"),
    path("barriers/keep/", barrier_views.BarrierKeep.as_view(), name="barrier-keep"),
    path("barriers/new/", barrier_views.BarrierCreate.as_view(), name="barrier-create"),
    path("barriers/<uuid:pk>/", barrier_views.BarrierEdit.as_view(), name="barrier-edit"),
    path("habits/<uuid:pk>/", habit_views.HabitSay.as_view(), name="habit-say"),
    path("steps/<uuid:pk>/done/", step_views.StepDone.as_view(), name="step-done"),
    path("steps/<uuid:pk>/agree/", step_views.StepAgree.as_view(), name="step-agree"),
    path("steps/<uuid:pk>/", step_views.StepUpdate.as_view(), name="step-update"),
]
