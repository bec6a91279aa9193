"""To whoever keeps the accounts: a role that must be filled is empty. Once a day, whether or not there is any concern.

A mail that went when a concern found no reader would say that there is one; this one says nothing.
"""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership, School, User
from core.acting import acting_as_system
from core.mailing import send_alone
from safeguarding.mails import JOB

logger = logging.getLogger(__name__)
TASK = "sharing.tell_of_empty_roles"
# Who reads children's concerns, those about adults, those about the headteacher (KCSIE, parts two and four).
MUST_BE_FILLED = (Role.DSL, Role.HEADTEACHER, Role.CHAIR)
SUBJECT = "Waymark: a role that must be filled is empty"


@acting_as_system(JOB)
def tell_of_empty_roles() -> int:
    """To the data managers of each school where one is; returns how many mails went."""
    return sum(_tell(school, empty) for school in School.objects.order_by("name") if (empty := empty_roles(school)))


def empty_roles(school: School) -> list[Role]:
    """Which of the roles that must be filled nobody holds today whose account is on."""
    held = Membership.objects.current().filter(school=school, user__school=school, user__is_active=True)
    filled = set(held.values_list("role", flat=True))
    return [role for role in MUST_BE_FILLED if role not in filled]


def _tell(school: School, empty: list[Role]) -> int:
    managers = Membership.objects.current().filter(school=school, role=Role.DATA_MANAGER, user__is_active=True)
    people = User.objects.filter(pk__in=managers.values("user"), school=school).order_by("email")
    return sum(_sent(person, school, empty) for person in people)


def _sent(person: User, school: School, empty: list[Role]) -> bool:
    """One address that no mail can be made for stops nobody else's."""
    try:
        return send_alone(letter(person, school, empty), "A mail of an empty role")
    except ValueError as error:
        logger.warning("A mail of an empty role cannot be made (%s).", type(error).__name__)
        return False


def letter(person: User, school: School, empty: list[Role]) -> EmailMessage:
    """Names the roles, as this school calls them, and nothing else."""
    accounts = settings.SITE_URL.rstrip("/") + reverse("groups:staff-list") if settings.SITE_URL else ""
    names = [school.called[role].mid for role in empty]
    words = render_to_string("safeguarding/sharing/empty_role.txt", {"names": names, "accounts": accounts})
    return EmailMessage(SUBJECT, words, to=[person.email])
