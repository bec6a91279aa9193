"""The first person of a school: a data manager, and the link with which they get in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import entry
from accounts.enums import Role
from accounts.models import Membership, School, User
from core.maintenance import as_owner


class Command(BaseCommand):
    help = "Make the first data manager of a school and print an invitation; again for another invitation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--school", required=True, help="its name; made if there is none of that name")
        parser.add_argument("--name", required=True, help="first name and surname")
        parser.add_argument("--url", default="http://localhost:8000", help="where Waymark answers")

    def handle(self, *args: Any, email: str, school: str, name: str, url: str, **options: Any) -> None:
        first, _, last = name.strip().rpartition(" ")
        if not first:
            raise CommandError("Give first name and surname.")
        with as_owner(), transaction.atomic():
            person = _person(email.lower(), school, first, last)
            token = entry.make_invitation(person, by=None)
        self.stdout.write(f"For {person}, once, within seven days:")
        self.stdout.write(url.rstrip("/") + reverse("sign_in:invitation-open", args=[token]))


def _person(email: str, school_name: str, first: str, last: str) -> User:
    school, _ = School.objects.get_or_create(name=school_name)
    person = User.objects.filter(email=email).first()
    if person is None:
        person = User.objects.create_user(email, school=school, first_name=first, last_name=last)
    elif person.school != school:
        raise CommandError(f"{email} belongs to another school.")
    held = Membership.objects.current().filter(user=person, school=school, role=Role.DATA_MANAGER)
    if not held.exists():
        Membership.objects.create(user=person, school=school, role=Role.DATA_MANAGER, starts_on=timezone.localdate())
    return person
