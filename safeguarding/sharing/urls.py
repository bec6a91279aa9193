"""Addresses of this room, in the name space of the file."""

from django.urls import path

from safeguarding.sharing import line_views, views

urlpatterns = [
    path("kept-from/", views.KeptList.as_view(), name="kept-list"),
    path("kept-from/<uuid:pk>/", views.ConfirmationDecide.as_view(), name="confirmation-decide"),
    path("lines/", line_views.LineList.as_view(), name="line-list"),
    path("lines/<uuid:pk>/", line_views.LineDetail.as_view(), name="line-detail"),
    path("children/<uuid:student>/line/", line_views.LineCreate.as_view(), name="line-create"),
    path("for-you/<uuid:pk>/", line_views.LineForMe.as_view(), name="line-for-me"),
]
