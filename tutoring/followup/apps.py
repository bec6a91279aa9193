"""Names the app; its tab on a student's page is announced by the desk, where that page's frame stands."""

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "tutoring.followup"
