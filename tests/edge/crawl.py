"""One person who holds every role at once, and every address of the site with things of theirs in it."""

import datetime as dt
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.conf import settings
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, YEAR_ROLES, Role
from accounts.models import User
from accounts.step_up import elevate
from tests import factories as make
from tests.conventions.access import ALLAUTH, TABLE
from tests.conventions.test_access import ADDRESSES, World

# Settings that follow from HTTPS, as config/settings itself works them out.
FOLLOW_FROM_HTTPS = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_")


@dataclass
class Crawl:
    """A world, somebody who may open all of it, and the addresses: name → path."""

    world: World
    user: User
    paths: dict[str, str]

    def signed_in(self, **options: Any) -> Client:
        client = Client(**options)
        client.force_login(self.user)
        # And has just proved who they are: what is behind that door is walked as well.
        request = RequestFactory().get("/")
        request.user, request.session = self.user, client.session
        elevate(request)
        request.session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key or ""
        return client


def make_crawl() -> Crawl:
    school = make.SchoolFactory.create()
    today, day = timezone.localdate(), dt.timedelta(days=1)
    make.TermFactory.create(
        school=school, starts_on=today - 60 * day, ends_on=today + 30 * day, break_starts_on=None, break_ends_on=None
    )
    house = make.HouseFactory.create(school=school, name="Becket")
    group = make.TutorGroupFactory.create(school=school, name="11BEC", house=house)
    curie = make.HouseFactory.create(school=school, name="Curie")
    other = make.TutorGroupFactory.create(school=school, name="10CUR", house=curie, year_group=10)
    world = World(make.student_in(group), make.student_in(other))
    make.ContactFactory.create(student=world.student, email="home@family.example")
    user = make.UserFactory.create(school=school)
    for role in Role:
        scope: dict[str, Any] = {"house": house} if role in HOUSE_ROLES else {}
        scope |= {"year_group": 11} if role in YEAR_ROLES else {}
        membership = make.MembershipFactory.create(user=user, role=role, **scope)
        if role in ASSIGNED_ROLES:
            make.TutorAssignmentFactory.create(membership=membership, group=group)
    make.person(Role.HEADTEACHER, school=school)  # somebody else, to be alerted
    return Crawl(world, user, paths_for(world, user))


def paths_for(world: World, user: User) -> dict[str, str]:
    """Every address, ours and the sign-in's, with something of this person's as its argument."""
    ours = {name: reverse(name, kwargs=world.kwargs(ADDRESSES[name], access, user)) for name, access in TABLE.items()}
    theirs = {name: reverse(name) for name in ALLAUTH if name in ADDRESSES and not ADDRESSES[name].arguments}
    return ours | theirs


@contextmanager
def as_over_https() -> Iterator[None]:
    """The settings that config/settings arrives at with HTTPS on."""
    with mock.patch.dict(os.environ, HTTPS="True"), mock.patch.dict(sys.modules):
        for name in [name for name in sys.modules if name.startswith("config.settings")]:
            del sys.modules[name]
        found = vars(importlib.import_module("config.settings"))
    wanted = {name: value for name, value in found.items() if name.startswith(FOLLOW_FROM_HTTPS)}
    assert wanted["SESSION_COOKIE_SECURE"] is True
    with override_settings(**wanted):
        yield
