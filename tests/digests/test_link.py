"""The link that ends each weekly mail (duty 96, delight 10): one page, one button, one choice, nothing else."""

import uuid
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Event
from core.acting import acting_as_system
from tests.digests.test_letters import FRIDAY, choice, on_friday, reward
from tests.sessions.pages import Scene, client_of, scene
from tests.visits.test_held import tried
from tutoring.digests import outbox
from tutoring.digests.links import DOOR, token_of
from tutoring.digests.models import DigestChoice

__all__ = ["on_friday"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Scene:
    return scene()


def url(chosen: DigestChoice) -> str:
    return reverse("digests:stop", args=[token_of(chosen.pk)])


def test_the_link_in_the_mail_stops_it_with_one_tap(world: Scene) -> None:
    chosen = choice(world)
    reward(world)
    outbox.send_digests(FRIDAY)
    [letter] = mail.outbox
    link = f"https://waymark.example{url(chosen)}"
    assert link in str(letter.body)
    assert letter.extra_headers["List-Unsubscribe"] == f"<{link}>"
    browser = Client(enforce_csrf_checks=True)
    for _ in range(3):  # a mail scanner opens it too
        assert "Stop the weekly mail?" in browser.get(url(chosen)).content.decode()
    chosen.refresh_from_db()
    assert chosen.rhythm == "weekly"
    token = browser.cookies["csrftoken"].value
    page = browser.post(url(chosen), {"csrfmiddlewaretoken": token}).content.decode()
    assert "has stopped" in page
    for named in ("Jamal", "Okafor", "Ngozi", world.tutor.last_name):
        assert named not in page
    chosen.refresh_from_db()
    assert (chosen.rhythm, bool(chosen.stopped_at), chosen.recorded_by) == ("none", True, world.tutor)
    assert Event.objects.filter(action="digest.stopped", student_id=world.student.pk).count() == 1
    shown = client_of(world.tutor).get(reverse("digests:choice", args=[chosen.contact_id])).content.decode()
    assert "stopped it themselves" in shown


def test_it_stops_the_mail_of_one_parent_alone_and_may_be_chosen_again(world: Scene) -> None:
    mine, other = choice(world), choice(world, surname="Second", email="second@home.example")
    for _ in range(2):
        assert Client().post(url(mine)).status_code == 200
    assert Event.objects.filter(action="digest.stopped").count() == 1
    other.refresh_from_db()
    assert other.rhythm == "weekly"
    reward(world)
    assert outbox.send_digests(FRIDAY) == 1
    page = reverse("digests:choice", args=[mine.contact_id])
    assert client_of(world.tutor).post(page, {"rhythm": "weekly", "language": "en"}).status_code == 302
    mine.refresh_from_db()
    assert (mine.rhythm, mine.stopped_at, mine.site) == ("weekly", None, "http://testserver/")
    assert Client().get(url(mine)).status_code == 200


def test_a_wrong_link_is_told_politely(world: Scene) -> None:
    page = Client().get(reverse("digests:stop", args=[token_of(uuid.uuid4())]))
    assert (page.status_code, "does not work" in page.content.decode()) == (410, True)


def test_the_door_sees_one_choice_and_no_contact(world: Scene) -> None:
    """Held by PostgreSQL: without the token nothing, with it the one choice."""
    chosen, other = choice(world), choice(world, surname="Second", email="second@home.example")

    def stopped(who: Any) -> str:
        stop = "UPDATE digests_digestchoice SET rhythm = 'none', stopped_at = now() WHERE id = %s"
        return tried(who, stop, chosen.pk)

    with acting_as_system(DOOR), connection.cursor() as cursor:
        assert not DigestChoice.objects.exists()
        cursor.execute("SELECT set_config('waymark.weekly', %s, true)", [token_of(chosen.pk)])
        assert [row.pk for row in DigestChoice.objects.all()] == [chosen.pk]
        cursor.execute("SELECT count(*) FROM students_contact")
        assert cursor.fetchone() == (0,)
        assert not DigestChoice.objects.filter(pk=other.pk).update(rhythm="none")
        cursor.execute("SELECT set_config('waymark.weekly', '', true)")
    assert stopped(DOOR) == "nothing", "without the token"
    assert stopped(world.tutor) == "refused", "only they themselves"


@pytest.mark.parametrize("words", ["language = 'pl'", "rhythm = 'none'", "rhythm = 'fortnightly', stopped_at = now()"])
def test_the_door_stops_and_changes_nothing_else(world: Scene, words: str) -> None:
    chosen = choice(world)
    with acting_as_system(DOOR), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('waymark.weekly', %s, true)", [token_of(chosen.pk)])
        cursor.execute(f"UPDATE digests_digestchoice SET {words} WHERE id = %s", [chosen.pk])
