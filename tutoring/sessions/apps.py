"""Names the sessions app; its label differs because Django owns `sessions`."""

from django.apps import AppConfig


class TutorSessionsConfig(AppConfig):
    name = "tutoring.sessions"
    label = "tutor_sessions"
