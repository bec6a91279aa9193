"""Four people change the same text at once, fifty times each: whoever is late is told, and no word is lost."""

import random
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from core.acting import Actor, acting_as
from core.stale import mark_of
from students.models import Term
from tests import factories as make
from tests.sessions.pages import client_of, scene
from tutoring.progress.comments_services import Written, save_comments
from tutoring.progress.models import TermComment
from tutoring.sessions.models import NextStep, TutorSession
from tutoring.sessions.services import StaleError, Words, update_session

WRITERS, EDITS = 4, 50
# Whole requests are slow; what they add is only that the form asks.
REQUESTS = 10
Edit = Callable[[str], bool]
HIDDEN = re.compile(r'name="opened_with" value="(\w+)"')


def _all_write(edit: Edit, edits: int = EDITS) -> int:
    """Each writer adds words of its own, trying again when told to be late; returns how often that was."""

    def write(writer: int) -> int:
        late = 0
        chance = random.Random(writer)
        try:
            for number in range(edits):
                while not edit(f"{'abcd'[writer]}{number}."):
                    late += 1
                    # As long as the others' turns take: tried again sooner, most attempts would be late again.
                    time.sleep(chance.random() / 10)
        finally:
            connection.close()
        return late

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(write, range(WRITERS)))


def _is_whole(text: str) -> bool:
    return sorted(text.split()) == sorted(f"{'abcd'[w]}{n}." for w in range(WRITERS) for n in range(EDITS))


@pytest.mark.django_db(transaction=True)
def test_a_session_in_four_tabs() -> None:
    world = scene()
    session = make.TutorSessionFactory.create(student=world.student, author=world.tutor, happened="")

    def edit(word: str) -> bool:
        with acting_as(Actor(user_id=world.tutor.pk)):
            opened = TutorSession.objects.get(pk=session.pk)
            words = Words(fields={"happened": f"{opened.happened} {word}"})
            try:
                update_session(by=world.tutor, session=opened, version=opened.version, words=words)
            except StaleError:
                return False
            return True

    late = _all_write(edit)
    session.refresh_from_db()
    assert _is_whole(session.happened)
    assert late > 0, "nobody was ever late: this proves nothing"


@pytest.mark.django_db(transaction=True)
def test_a_comment_by_four_colleagues() -> None:
    world = scene()
    tutors = [world.tutor, *(make.person(Role.TUTOR, group=world.group) for _ in range(3))]
    term = Term.objects.get(pk=world.term.pk)

    def edit(word: str) -> bool:
        by = tutors["abcd".index(word[0])]
        with acting_as(Actor(user_id=by.pk)):
            row = TermComment.objects.filter(student=world.student, term=term).first()
            before = row.text if row else ""
            box = Written(world.student, f"{before} {word}".strip(), mark_of(before))
            return not save_comments(by=by, term=term, written=[box]).conflicts

    late = _all_write(edit)
    assert _is_whole(TermComment.objects.get(student=world.student, term=term).text)
    assert late > 0, "nobody was ever late: this proves nothing"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["step", "school"])
def test_a_form_sent_by_four_browsers(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = scene()
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_, **__: "")
    step = make.NextStepFactory.create(session__student=world.student, session__author=world.tutor)
    managers = [make.person(Role.DATA_MANAGER) for _ in range(WRITERS)]
    tutors = [world.tutor, *(make.person(Role.TUTOR, group=world.group) for _ in range(3))]
    people: list[User] = tutors if what == "step" else managers
    clients = [client_of(user) for user in people]
    school = world.student.school
    # Short fields, so words are counted and not kept: each edit adds one to a number that must end at the sum.
    if what == "step":
        NextStep.objects.filter(pk=step.pk).update(outcome="0", due_on="2026-12-11")
    else:
        type(school).objects.filter(pk=school.pk).update(name="School 0")

    def read() -> tuple[dict[str, str], int]:
        if what == "step":
            text = NextStep.objects.values_list("outcome", flat=True).get(pk=step.pk)
            return {
                "outcome": str(int(text) + 1),
                "due_on": "2026-12-11",
                "opened_with": mark_of(f"{text}\x1f2026-12-11"),
            }, int(text)
        row = type(school).objects.get(pk=school.pk)
        names = (
            "name", "dfe_number", "house_label", "tutor_group_label", "handling_label",
            "quiet_from", "quiet_until", "digest_at", "behaviour_policy", "boundaries", "new_weeks", "plain_year",
        )  # fmt: skip
        values = [str(getattr(row, name)) for name in names]
        number = int(row.name.removeprefix("School "))
        sent = dict(zip(names, values, strict=True)) | {"name": f"School {number + 1}"}
        return sent | {"opened_with": mark_of("\x1f".join(values))}, number

    url = (
        reverse("tutor_sessions:step-update", args=[step.pk]) if what == "step" else reverse("accounts:school-settings")
    )

    def edit(word: str) -> bool:
        sent, _ = read()
        answer = clients["abcd".index(word[0])].post(url, sent)
        assert answer.status_code in (302, 409)
        return answer.status_code == 302

    late = _all_write(edit, REQUESTS)
    assert read()[1] == WRITERS * REQUESTS
    assert late > 0, "nobody was ever late: this proves nothing"


@pytest.mark.django_db
def test_who_is_late_sees_both_texts_and_sending_again_is_a_choice() -> None:
    world = scene()
    colleague = make.person(Role.TUTOR, group=world.group)
    step = make.NextStepFactory.create(session__student=world.student, session__author=world.tutor, outcome="Begun")
    url = reverse("tutor_sessions:step-update", args=[step.pk])

    def opened(client: Client) -> str:
        found = HIDDEN.search(client.get(url).content.decode())
        assert found
        return found[1]

    mine, theirs = client_of(world.tutor), client_of(colleague)
    first, second = opened(mine), opened(theirs)
    assert theirs.post(url, {"outcome": "Rang home", "due_on": "2026-12-04", "opened_with": second}).status_code == 302
    late = mine.post(url, {"outcome": "Wrote to home", "due_on": "2026-12-04", "opened_with": first})
    page = late.content.decode()
    assert late.status_code == 409
    assert "Rang home" in page
    assert "Wrote to home" in page
    step.refresh_from_db()
    assert step.outcome == "Rang home"
    renewed = HIDDEN.search(page)
    assert renewed
    both = {"outcome": "Rang and wrote", "due_on": "2026-12-04", "opened_with": renewed[1]}
    assert mine.post(url, both).status_code == 302
    step.refresh_from_db()
    assert step.outcome == "Rang and wrote"


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "name"), [(Role.DATA_MANAGER, "school-settings"), (Role.DATA_MANAGER, "term-edit")])
def test_every_such_form_carries_its_mark(role: Role, name: str) -> None:
    world = scene()
    url = reverse("students:term-edit", args=[world.term.pk]) if name == "term-edit" else reverse(f"accounts:{name}")
    assert HIDDEN.search(client_of(make.person(role)).get(url).content.decode())
