"""Names the diary app and announces its page."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "tutoring.diary"
