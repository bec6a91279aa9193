"""Addresses of the safeguarding pages."""

from django.urls import path

from safeguarding.views import RaiseConcern

app_name = "safeguarding"
urlpatterns = [path("raise-a-concern/", RaiseConcern.as_view(), name="raise-concern")]
