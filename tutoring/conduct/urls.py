"""Addresses of planner checks, rewards and sanctions."""

from django.urls import path

from tutoring.conduct import house_views, planner_views, type_views, views

app_name = "conduct"
urlpatterns = [
    path("", views.EntryList.as_view(), name="entry-list"),
    path("new/", views.EntryCreate.as_view(), name="entry-create"),
    path("entries/<uuid:pk>/", views.EntryDetail.as_view(), name="entry-detail"),
    path("planners/", planner_views.PlannerList.as_view(), name="planner-list"),
    path("planners/groups/<uuid:pk>/", planner_views.PlannerGrid.as_view(), name="planner-check"),
    path("planners/checks/<uuid:pk>/", planner_views.PlannerDetail.as_view(), name="planner-detail"),
    path("planners/checks/<uuid:pk>/correct/", planner_views.PlannerCorrect.as_view(), name="planner-correct"),
    path("types/", type_views.TypeList.as_view(), name="type-list"),
    path("types/new/", type_views.TypeCreate.as_view(), name="type-create"),
    path("types/<uuid:pk>/", type_views.TypeEdit.as_view(), name="type-edit"),
    path("house-types/", house_views.HouseTypeList.as_view(), name="house-type-list"),
    path("house-types/new/", house_views.HouseTypeCreate.as_view(), name="house-type-create"),
    path("house-types/<uuid:pk>/", house_views.HouseTypeEdit.as_view(), name="house-type-edit"),
    path("house-types/from/<uuid:pk>/", house_views.HouseTypeCopy.as_view(), name="house-type-copy"),
    path("rhythm/", type_views.RhythmEdit.as_view(), name="rhythm-edit"),
]
