"""Names the attendance app."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "tutoring.attendance"
