"""Names the groups app."""

from django.apps import AppConfig


class TutoringGroupsConfig(AppConfig):
    name = "tutoring.groups"
