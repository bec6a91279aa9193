"""The term's comments: a group on one page, the facts beside each box, nobody's text overwritten."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Draft
from students.models import Student
from tests import factories as make
from tests.sessions.pages import client_of, hidden_fields, scene
from tutoring.progress.models import TermComment

pytestmark = pytest.mark.django_db
URL = "/sessions/comments/"


def _typed(client: Client, texts: dict[Student, str], url: str = URL) -> dict[str, Any]:
    return hidden_fields(client.get(url)) | {f"comment-{student.pk}": text for student, text in texts.items()}


def test_all_comments_of_a_group_are_saved_at_once_and_an_emptied_one_goes() -> None:
    world = scene()
    client = client_of(world.tutor)
    form = _typed(client, {world.student: "Jamal came every day.\r\nWell done.", world.classmate: ""})
    assert client.post(URL, form).status_code == 302
    comment = TermComment.objects.get()
    assert (comment.student, comment.text) == (world.student, "Jamal came every day.\nWell done.")
    assert (comment.author, comment.term) == (world.tutor, world.term)
    client.post(URL, _typed(client, {world.student: "", world.classmate: ""}))
    assert not TermComment.objects.exists()


def test_a_colleagues_later_comment_is_not_overwritten() -> None:
    world = scene()
    mine, theirs = client_of(world.tutor), client_of(make.person(Role.TUTOR, group=world.group))
    form = _typed(mine, {world.student: "My words on Jamal.", world.classmate: "My words on Zofia."})
    theirs.post(URL, _typed(theirs, {world.student: "Their words on Jamal.", world.classmate: ""}))
    clash = mine.post(URL, form)
    assert clash.status_code == 409
    page = clash.content.decode()
    assert "My words on Jamal." in page
    assert "Their words on Jamal." in page
    texts = dict(TermComment.objects.values_list("student__preferred_forename", "text"))
    assert texts == {"Jamal": "Their words on Jamal.", "Zofia": "My words on Zofia."}

    mine.post(URL, form | hidden_fields(clash) | {f"comment-{world.student.pk}": "Both our words on Jamal."})
    assert TermComment.objects.get(student=world.student).text == "Both our words on Jamal."


def test_boxes_left_alone_are_not_written_again() -> None:
    world = scene()
    comment = make.TermCommentFactory.create(student=world.student, term=world.term, author=None, text="As it was.")
    client = client_of(world.tutor)
    form = _typed(client, {world.student: "As it was.", world.classmate: "New."})
    TermComment.objects.filter(pk=comment.pk).update(text="Changed by a colleague.")
    assert client.post(URL, form).status_code == 302
    assert TermComment.objects.get(pk=comment.pk).text == "Changed by a colleague."


def test_what_is_typed_comes_back_until_it_is_saved() -> None:
    world = scene()
    client = client_of(world.tutor)
    form = _typed(client, {world.student: "Half a senten", world.classmate: ""})
    save = reverse("accounts:draft-save", args=[f"comments:{world.group.pk}:{world.term.pk}"])
    assert client.post(save, form).status_code == 200
    page = client.get(URL).content.decode()
    assert "Half a senten" in page
    assert "is back" in page
    assert "<b data-missing>1</b> of 2" in page
    client.post(URL, form)
    assert not Draft.objects.exists()


def test_a_comment_too_long_for_the_report_is_refused_and_kept_on_the_page() -> None:
    world = scene()
    client = client_of(world.tutor)
    response = client.post(URL, _typed(client, {world.student: "long " * 500, world.classmate: "Fine."}))
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert not TermComment.objects.exists()


def test_the_facts_stand_beside_the_box() -> None:
    world = scene()
    day = world.term.starts_on + dt.timedelta(days=7)
    session = make.TutorSessionFactory.create(
        student=world.student, author=world.tutor, held_on=day, student_words="Maths makes sense now.", for_report=True
    )
    make.TutorSessionFactory.create(
        student=world.student, author=world.tutor, held_on=day, student_words="Not for home."
    )
    make.TutorSessionFactory.create(
        student=world.student, held_on=day, confidentiality="named", student_words="Secret", for_report=True
    )
    make.NextStepFactory.create(session=session)
    make.NextStepFactory.create(session=session, done_on=day)
    page = client_of(world.tutor).get(URL).content.decode()
    assert "2 times this term" in page
    assert "Maths makes sense now." in page
    assert "Not for home." not in page
    assert "Secret" not in page
    assert "1 done this term, 1 open" in page


def test_the_page_takes_the_same_queries_for_two_students_or_twenty() -> None:
    world = scene()
    client = client_of(world.tutor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    few = queries()
    for number in range(18):
        student = make.student_in(world.group, legal_forename=f"Child{number}")
        make.TutorSessionFactory.create(student=student, author=world.tutor, held_on=world.term.starts_on)
    assert queries() == few


def test_one_students_page_and_who_may_write() -> None:
    world = scene()
    client = client_of(world.tutor)
    url = reverse("tutor_sessions:comment-update", args=[world.student.pk])
    response = client.post(url, _typed(client, {world.student: "Jamal grew this term."}, url))
    assert response.headers["Location"] == reverse("desk:student-story", args=[world.student.pk])
    assert TermComment.objects.get().text == "Jamal grew this term."
    assert client_of(make.person(Role.TUTOR)).get(url).status_code == 404
    assert client_of(make.person(Role.SUBJECT_TEACHER, student=world.student)).get(url).status_code == 403
    other = make.TutorGroupFactory.create(name="7CUR")
    assert client.get(f"{URL}?group={other.pk}").status_code == 404


def test_a_comment_is_looked_at_while_it_is_typed() -> None:
    """Journey 4.1: the name of another of the group is seen before anything is saved; nothing is kept."""
    world = scene()
    url = reverse("tutor_sessions:comment-check", args=[world.student.pk])
    client = client_of(world.tutor)
    assert f'hx-post="{url}"' in client.get(URL).content.decode()
    box = f"comment-{world.student.pk}"
    said = client.post(url, {box: "Zofia came to breakfast club every Monday."}).content.decode()
    assert "Names Zofia: is this the right student?" in said
    assert "Does not say Jamal’s name." in said
    assert "Names" not in client.post(url, {box: "Jamal came to breakfast club."}).content.decode()
    assert not TermComment.objects.exists()
    assert client_of(make.person(Role.TUTOR)).post(url, {box: "Zofia"}).status_code == 404
