"""The address of one's own mails."""

from django.urls import path

from tutoring.notices import views

app_name = "notices"
urlpatterns = [path("", views.MyMails.as_view(), name="my-mails")]
