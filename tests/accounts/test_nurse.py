"""The nurse: names, family and what helps, what is open to all who teach; nothing of the tutor team (duty 71)."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from tests import factories as make
from tests.sessions.pages import client_of, new_url, opened_form, scene
from tutoring.sessions.models import TutorSession

pytestmark = pytest.mark.django_db


def test_the_nurse_sees_whom_to_ring_and_logs_what_she_did() -> None:
    """Duty 71: every student's family and needs; a session of hers, read by whom she chooses."""
    world = scene()
    make.ContactFactory.create(student=world.student, phone="01632 960155")
    nurse = client_of(make.person(Role.NURSE))
    assert "01632 960155" in nurse.get(reverse("desk:student-family", args=[world.student.pk])).content.decode()
    assert nurse.get(reverse("desk:student-support", args=[world.student.pk])).status_code == 200
    form = opened_form(nurse, new_url(world.student), happened="Inhaler shown again; lessons as usual.")
    assert nurse.post(new_url(world.student), form | {"confidentiality": "teaching"}).status_code == 302
    told = client_of(make.person(Role.SUBJECT_TEACHER, group=world.group))
    page = told.get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
    assert "Inhaler shown again" in page


def test_what_the_tutor_team_keeps_is_not_hers() -> None:
    """Duty 71: she reads what is open to all who teach, and no plan, referral, warning or grade."""
    world = scene()
    for level in ("teaching", "team"):
        make.TutorSessionFactory.create(
            student=world.student, author=world.tutor, confidentiality=level, happened=f"Kept for {level}."
        )
    nurse = client_of(make.person(Role.NURSE))
    page = nurse.get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
    assert "Kept for teaching." in page
    assert "Kept for team." not in page
    for name in ("student-plans", "student-referrals", "student-warnings", "student-progress", "student-handovers"):
        assert nurse.get(reverse(f"desk:{name}", args=[world.student.pk])).status_code in (403, 404), name
    assert TutorSession.objects.count() == 2


def test_a_referral_inside_goes_to_the_nurse_by_the_directory() -> None:
    """Duty 71: "School nurse" is of the usual list, inside, with whom to reach."""
    from tutoring.referrals.enums import Place
    from tutoring.referrals.usual import USUAL

    assert (Place.INSIDE, "School nurse") in {(place, name) for place, name, *_ in USUAL}
