"""Tags the school owns: a short list, put on conversations, as private as they are, and used to find them again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import client_of, new_url, opened_form, scene
from tests.visits.test_held import tried
from tutoring.sessions.models import SessionTag, TutorSession

pytestmark = pytest.mark.django_db
LIST = reverse("tutor_sessions:session-list")


def test_whoever_keeps_the_kinds_keeps_the_tags_and_a_word_is_retired_not_removed() -> None:
    world = scene()
    manager = client_of(make.person(Role.DATA_MANAGER, school=world.student.school))
    add = reverse("tutor_sessions:tag-create")
    manager.post(add, {"name": "Exam stress", "is_active": "on"})
    tag = SessionTag.objects.get()
    again = manager.post(add, {"name": "exam STRESS", "is_active": "on"})
    assert "There is such a tag already." in again.content.decode()
    edit = reverse("tutor_sessions:tag-edit", args=[tag.pk])
    manager.post(edit, {"name": "Something else"})
    tag.refresh_from_db()
    assert (tag.name, tag.is_active) == ("Exam stress", False)
    assert "Retired" in manager.get(reverse("tutor_sessions:tag-list")).content.decode()
    assert client_of(world.tutor).get(add).status_code == 403


def test_two_who_change_a_tag_at_once_are_both_told() -> None:
    world = scene()
    tag = make.SessionTagFactory.create(school=world.student.school)
    manager = client_of(make.person(Role.DATA_MANAGER, school=world.student.school))
    edit = reverse("tutor_sessions:tag-edit", args=[tag.pk])
    opened = manager.get(edit).context["form"].initial["opened_with"]
    SessionTag.objects.update(is_active=False)
    assert manager.post(edit, {"is_active": "on", "opened_with": opened}).status_code == 409


def test_a_tag_is_put_on_a_conversation_and_finds_it_again() -> None:
    world = scene()
    for name in ("Exam stress", "Friendships"):
        make.SessionTagFactory.create(school=world.student.school, name=name)
    client, url = client_of(world.tutor), new_url(world.student)
    shown = client.get(url).content.decode()
    assert 'value="Friendships"' in shown
    client.post(url, opened_form(client, url, tags=["Friendships"]))
    client.post(new_url(world.classmate), opened_form(client, new_url(world.classmate)))
    session = TutorSession.objects.get(student=world.student)
    assert session.tags == ["Friendships"]
    assert "Friendships" in client.get(reverse("tutor_sessions:session-detail", args=[session.pk])).content.decode()
    assert [s.pk for s in client.get(LIST, {"tag": "Friendships"}).context["sessions"]] == [session.pk]
    assert len(client.get(LIST).context["sessions"]) == 2
    assert not client.get(LIST, {"tag": "Exam stress"}).context["sessions"]


def test_a_retired_tag_stays_where_it_is_and_is_offered_nowhere_else() -> None:
    world = scene()
    tag = make.SessionTagFactory.create(school=world.student.school, is_active=False)
    session = make.TutorSessionFactory.create(student=world.student, author=world.tutor, tags=[tag.name])
    client = client_of(world.tutor)
    assert 'name="tags"' not in client.get(new_url(world.student)).content.decode()
    edit = reverse("tutor_sessions:session-update", args=[session.pk])
    assert 'value="Exam stress"' in client.get(edit).content.decode()
    client.post(edit, opened_form(client, edit, tags=["Exam stress"], happened="More of it."))
    session.refresh_from_db()
    assert (session.happened, session.tags) == ("More of it.", ["Exam stress"])
    assert [s.pk for s in client.get(LIST, {"tag": "Exam stress"}).context["sessions"]] == [session.pk]


def test_a_tag_is_as_private_as_its_conversation() -> None:
    world = scene()
    make.SessionTagFactory.create(school=world.student.school)
    named = make.TutorSessionFactory.create(
        student=world.student, author=world.tutor, confidentiality="named", tags=["Exam stress"]
    )
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    asked = {"tag": "Exam stress", "whose": "all"}
    assert not client_of(head).get(LIST, asked).context["sessions"]
    named.named_staff.add(head)
    assert len(client_of(head).get(LIST, asked).context["sessions"]) == 1
    with acting_as(Actor(user_id=head.pk)):
        assert TutorSession.objects.filter(tags__contains=["Exam stress"]).count() == 1


def test_the_database_takes_only_the_schools_words_in_use() -> None:
    world = scene()
    session = make.TutorSessionFactory.create(student=world.student, author=world.tutor)
    make.SessionTagFactory.create(school=world.student.school, name="Ours")
    make.SessionTagFactory.create(school=world.student.school, name="Retired", is_active=False)
    make.SessionTagFactory.create(school=make.SchoolFactory.create(name="Elsewhere"), name="Theirs")
    sql = "UPDATE tutor_sessions_tutorsession SET tags = %s WHERE id = %s"
    for word in ("Theirs", "Retired", "Anything"):
        assert tried(world.tutor, sql, [word], session.pk) == "refused", word
    assert tried(world.tutor, sql, ["Ours"], session.pk) == "done"
    rename = "UPDATE tutor_sessions_sessiontag SET name = 'Other' WHERE name = 'Ours'"
    assert tried(world.tutor, rename) == "nothing"
    manager = make.person(Role.DATA_MANAGER, school=world.student.school)
    assert tried(manager, rename) == "refused"


def test_five_at_most() -> None:
    world = scene()
    names = [f"Word {number}" for number in range(6)]
    for name in names:
        make.SessionTagFactory.create(school=world.student.school, name=name)
    client, url = client_of(world.tutor), new_url(world.student)
    refused = client.post(url, opened_form(client, url, tags=names))
    assert "Choose 5 at most" in refused.content.decode()
    assert not TutorSession.objects.exists()


def test_tags_ask_for_nothing_more_of_the_form() -> None:
    """They come with the kinds."""
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    client.get(url)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        counts.append(len(found))
        for name in ("Exam stress", "Friendships", "Moving house"):
            make.SessionTagFactory.create(school=world.student.school, name=name)
    assert counts[0] == counts[1]
