"""Names the app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tutoring.notices"
