"""Names the desk app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tutoring.desk"
