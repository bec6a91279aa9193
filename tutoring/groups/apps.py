"""Names the groups app, and has the database's catalogue looked at with Django's checks."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class TutoringGroupsConfig(AppConfig):
    name = "tutoring.groups"

    def ready(self) -> None:
        from tutoring.groups.checks import check_lock

        register(check_lock, Tags.database)
