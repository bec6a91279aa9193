"""Names the plans app; its tab on a student's page is announced by the desk, where that page's frame stands."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tutoring.plans"
