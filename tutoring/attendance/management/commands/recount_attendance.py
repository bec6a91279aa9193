"""`manage.py recount_attendance`: compares the weekly counts with the marks and rebuilds them where they differ."""

from typing import Any

from django.core.management.base import BaseCommand

from core import maintenance
from tutoring.attendance.services import recount_weeks


class Command(BaseCommand):
    help = "Compare the weekly attendance counts with the marks and rebuild them where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        with maintenance.as_owner():
            wrong = recount_weeks()
        differed = f"{wrong} weekly counts differed and were rebuilt."
        self.stdout.write(differed if wrong else "Every weekly count agrees with the marks.")
