"""Names the progress app."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "tutoring.progress"
