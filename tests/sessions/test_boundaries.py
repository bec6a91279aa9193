"""Listening within boundaries: what is said before, who reads it, and the way to the safeguarding lead (duty 17)."""

import pytest
from django.urls import reverse

from accounts.models import BOUNDARIES
from tests.sessions.pages import client_of, new_url, scene

pytestmark = pytest.mark.django_db


def test_the_form_says_the_boundaries_who_reads_it_and_where_to_tell() -> None:
    """Duty 17: the school's boundaries text, "tell the safeguarding lead", and the level of this very entry."""
    world = scene()
    client = client_of(world.tutor)
    for url in (new_url(world.student), reverse("desk:student-story", args=[world.student.pk])):
        page = client.get(url).content.decode()
        assert BOUNDARIES in page
        assert reverse("safeguarding:raise-concern") in page
        assert "Tutor team and house can read this" in page
        assert "Only you and the people you name can read this" in page


def test_the_school_says_it_in_its_own_words_or_not_at_all() -> None:
    """Duty 17."""
    world, school = scene(), scene().group.school
    for words in ("I listen, and I pass on what keeps you safe.", ""):
        school.boundaries = words
        school.save()
        page = client_of(world.tutor).get(new_url(world.student)).content.decode()
        assert words in page
        assert BOUNDARIES not in page
        assert ("Before you listen" in page) == bool(words)
