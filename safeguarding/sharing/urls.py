"""Addresses of this room, in the name space of the file."""

from django.urls import path

from safeguarding.sharing import views

urlpatterns = [
    path("kept-from/", views.KeptList.as_view(), name="kept-list"),
    path("kept-from/<uuid:pk>/", views.ConfirmationDecide.as_view(), name="confirmation-decide"),
]
