"""Addresses of investigations."""

from django.urls import path

from safeguarding.investigations import views

app_name = "investigations"
urlpatterns = [
    path("", views.InvestigationList.as_view(), name="list"),
    path("open/", views.InvestigationOpen.as_view(), name="open"),
    path("<uuid:pk>/", views.InvestigationDetail.as_view(), name="detail"),
    path("<uuid:pk>/add/<slug:kind>/", views.EntryCreate.as_view(), name="entry-create"),
    path("<uuid:pk>/person/", views.PersonCreate.as_view(), name="person-create"),
]
