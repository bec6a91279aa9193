"""Asking all teachers, and answering signed in (duties 80, 81): whom the data knows, each once, nobody ranked."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core.acting import Actor, acting_as
from core.mail_links import hash_of
from students.due import lines_due
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tests.visits.test_held import tried
from tutoring.roundrobin import services
from tutoring.roundrobin.links import token_of
from tutoring.roundrobin.models import Ask
from tutoring.roundrobin.selectors import answers_since, asks_due, asks_open, teachers_of

pytestmark = pytest.mark.django_db
TAPS = {"answer_0": "Up and down", "answer_1": "Some worries", "words": "Sits alone."}


@pytest.fixture
def world() -> Scene:
    return scene()


def teacher_of(world: Scene, subject: str, drop: str = "2026 Autumn", position: int = 20263, **more: Any) -> User:
    user = make.person(Role.SUBJECT_TEACHER, school=world.student.school, last_name=subject)
    school = world.student.school
    make.AssessmentFactory.create(
        student=world.student, subject=make.SubjectFactory.create(school=school, name=subject), teacher=user,
        data_drop=make.DataDropFactory.create(school=school, name=drop, position=position), **more,
    )  # fmt: skip
    return user


def ask_url(world: Scene) -> str:
    return reverse("roundrobin:ask-teachers", args=[world.student.pk])


def as_it_opens(client: Any, world: Scene) -> dict[str, Any]:
    """The form sent without touching it."""
    form = client.get(ask_url(world)).context["form"]
    return {name: form[name].value() for name in ("round_id", "proforma", "teachers", "answer_by")}


def test_one_button_asks_all_who_teach_by_the_latest_data(world: Scene) -> None:
    teacher_of(world, "Latin", "2026 Summer", 20262)
    maths, art = teacher_of(world, "Maths"), teacher_of(world, "Art")
    client = client_of(world.tutor)
    given = as_it_opens(client, world)
    answer = client.post(ask_url(world), given, follow=True)
    assert "2 asked" in answer.content.decode()
    assert set(Ask.objects.values_list("teacher_id", "subjects")) == {(maths.pk, "Maths"), (art.pk, "Art")}
    # Sent again by the back button: still one request.
    client.post(ask_url(world), given)
    assert Ask.objects.count() == 2
    ask = Ask.objects.all()[0]
    assert ask.token_hash == hash_of(token_of(ask.pk))
    assert ask.remind_on < ask.answer_by
    assert ask.good_until - ask.asked_at >= dt.timedelta(days=14)


def test_the_asker_unticks_and_adds(world: Scene) -> None:
    maths, art = teacher_of(world, "Maths"), teacher_of(world, "Art")
    coach = make.person(Role.ONE_TO_ONE_TUTOR, school=world.student.school)
    client = client_of(world.tutor)
    client.post(ask_url(world), as_it_opens(client, world) | {"teachers": [art.pk], "also": coach.pk})
    assert set(Ask.objects.values_list("teacher_id", flat=True)) == {art.pk, coach.pk}
    nobody = client.post(ask_url(world), as_it_opens(client, world) | {"teachers": []})
    assert "Tick or add somebody" in nobody.content.decode()
    assert maths.pk not in set(Ask.objects.values_list("teacher_id", flat=True))


def test_a_subject_teacher_does_not_ask_and_nobody_asks_about_a_stranger(world: Scene) -> None:
    teacher = make.person(Role.SUBJECT_TEACHER, school=world.student.school, student=world.student)
    assert client_of(teacher).get(ask_url(world)).status_code == 403
    other = make.person(Role.TUTOR, school=world.student.school)
    assert client_of(other).get(ask_url(world)).status_code == 404


def test_asked_of_me_names_the_student_and_two_taps_answer(world: Scene) -> None:
    """Also for somebody who sees nothing else of the student."""
    me = make.person(Role.CONTRIBUTOR, school=world.student.school)
    ask = make.AskFactory.create(student=world.student, asked_by=world.tutor, teacher=me)
    theirs = make.AskFactory.create(student=world.classmate, asked_by=world.tutor, round=ask.round)
    client = client_of(me)
    page = client.get(reverse("roundrobin:asked-of-me")).content.decode()
    assert "Jamal Okafor" in page
    assert "Zofia" not in page
    assert client.get(reverse("desk:student-story", args=[world.student.pk])).status_code == 404
    client.post(reverse("roundrobin:answer", args=[ask.pk]), TAPS)
    ask.refresh_from_db()
    assert (ask.answers, ask.words, ask.how) == (["Up and down", "Some worries"], "Sits alone.", "signed_in")
    client.post(reverse("roundrobin:answer", args=[ask.pk]), TAPS | {"answer_1": "Well"})
    ask.refresh_from_db()
    assert ask.answers[1] == "Some worries"
    assert client.post(reverse("roundrobin:answer", args=[theirs.pk]), TAPS).status_code == 404


def test_the_sheet_shows_answers_and_who_is_missing_by_name(world: Scene) -> None:
    round_id = uuid.uuid4()
    given = {"answers": ["Up and down", "Well"], "words": "Kind.", "how": "link", "answered_at": timezone.now()}
    for name, more in (("Answered", given), ("Missing", {})):
        make.AskFactory.create(
            student=world.student, asked_by=world.tutor, round=round_id, teacher__last_name=name,
            teacher__school=world.student.school, **more,
        )  # fmt: skip
    page = client_of(world.tutor).get(reverse("roundrobin:sheet", args=[round_id])).content.decode()
    assert "1 of 2 answered" in page
    answered, missing = page.split("Not answered yet")
    assert "Kind." in answered
    assert "Answered" in answered
    assert "Missing" in missing
    stranger = make.person(Role.TUTOR, school=world.student.school)
    assert client_of(stranger).get(reverse("roundrobin:sheet", args=[round_id])).status_code == 404


def test_answers_since_a_day_and_what_is_due(world: Scene) -> None:
    day = timezone.localdate() - dt.timedelta(days=3)
    given = {"answers": ["Up and down", "Well"], "how": "link"}
    for back in (1, 9):
        make.AskFactory.create(
            student=world.student, asked_by=world.tutor, answered_at=timezone.now() - dt.timedelta(days=back), **given
        )
    make.AskFactory.create(student=world.student, teacher=world.tutor)
    with acting_as(Actor(user_id=world.tutor.pk)):
        assert len(answers_since(world.student, day)) == 1
        [line] = lines_due(asks_due(world.tutor, timezone.localdate()))
        assert (line.kind, line.student_id) == ("ask", None)


@pytest.mark.parametrize("page", ["sheet", "asked-of-me", "ask-teachers"])
def test_as_many_queries_for_many_as_for_one(world: Scene, page: str) -> None:
    round_id, client, counted = uuid.uuid4(), client_of(world.tutor), []
    for number in (1, 6):
        for _ in range(number):
            make.AskFactory.create(student=world.student, asked_by=world.tutor, round=round_id)
            make.AskFactory.create(student=world.student, teacher=world.tutor)
            teacher_of(world, f"Subject {uuid.uuid4().hex[:6]}")
        arguments = {"sheet": [round_id], "ask-teachers": [world.student.pk]}.get(page, [])
        client.get(reverse(f"roundrobin:{page}", args=arguments))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"roundrobin:{page}", args=arguments)).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


def changed(who: User | str, ask: Ask, **values: Any) -> str:
    columns = ", ".join(f"{name} = %s" for name in values)
    return tried(who, f"UPDATE roundrobin_ask SET {columns} WHERE id = %s", *values.values(), ask.pk)


ANSWER = {"answers": '["Well"]', "answered_at": "2026-11-20 10:00Z", "how": "signed_in"}


def test_an_answer_is_the_teachers_and_given_once(world: Scene) -> None:
    teacher = make.person(Role.SUBJECT_TEACHER, school=world.student.school)
    ask = make.AskFactory.create(student=world.student, asked_by=world.tutor, teacher=teacher)
    assert changed(world.tutor, ask, **ANSWER) == "nothing"
    assert changed("round robin", ask, **ANSWER) == "refused"
    assert changed("round robin door", ask, **ANSWER) == "nothing"
    assert changed(teacher, ask, **(ANSWER | {"how": "link"})) == "refused"
    assert changed(teacher, ask, mailed_at="2026-11-20 10:00Z") == "refused"
    assert changed(teacher, ask, **ANSWER) == "done"
    assert changed(teacher, ask, words="Something else") == "refused"
    assert changed(teacher, ask, title="Something else") == "refused"


def test_one_asks_in_ones_own_name_somebody_who_works_here(world: Scene) -> None:
    def made(who: User, **values: Any) -> str:
        usual = {"student": world.student, "asked_by": who, "teacher": make.UserFactory.create(school=who.school)}
        row = make.AskFactory.build(**(usual | values))
        fields = Ask._meta.concrete_fields
        names, marks = ", ".join(f.column for f in fields), ", ".join(["%s"] * len(fields))
        given = [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]
        return tried(who, f"INSERT INTO roundrobin_ask ({names}) VALUES ({marks})", *given)

    assert made(world.tutor) == "done"
    assert made(world.tutor, asked_by=make.person(Role.HEADTEACHER, school=world.student.school)) == "refused"
    assert made(make.person(Role.TUTOR, school=world.student.school)) == "refused"
    elsewhere = make.UserFactory.create(school=make.SchoolFactory.create(name="Elsewhere"))
    assert made(world.tutor, teacher=elsewhere) == "refused"
    assert made(world.tutor, mailed_at=timezone.now()) == "refused"
    answered = {"answers": ["Well"], "answered_at": timezone.now(), "how": "signed_in"}
    assert made(world.tutor, **answered) == "refused"


def test_past_the_page_too_nobody_answers_for_another(world: Scene) -> None:
    """Duties 80, 81: the service asks by itself."""
    ask = make.AskFactory.create(student=world.student, asked_by=world.tutor)
    with acting_as(Actor(user_id=world.tutor.pk)), pytest.raises(PermissionDenied):
        services.answer_ask(by=world.tutor, ask=ask, answers=["Well", "Well"], words="")


@pytest.mark.parametrize("days", [-1, 64])
def test_the_day_to_answer_by_is_near_and_ahead(world: Scene, days: int) -> None:
    teacher_of(world, "Maths")
    client, day = client_of(world.tutor), timezone.localdate() + dt.timedelta(days=days)
    page = client.post(ask_url(world), as_it_opens(client, world) | {"answer_by": day.isoformat()})
    assert "Today or later, and within nine weeks." in page.content.decode()
    assert not Ask.objects.exists()


def test_who_left_is_named_and_not_asked(world: Scene) -> None:
    User.objects.filter(pk=teacher_of(world, "Latin").pk).update(is_active=False)
    with acting_as(Actor(user_id=world.tutor.pk)):
        found = teachers_of(world.student)
    assert (found.subjects, [words.split(" (")[0] for words in found.unknown]) == ({}, ["Latin"])


def test_what_nobody_answered_in_two_weeks_is_let_go(world: Scene) -> None:
    """Duties 80, 81: on Today and under "Asked of me" alike."""
    today = timezone.localdate()
    kept, _ = (
        make.AskFactory.create(
            student=world.student, teacher=world.tutor, answer_by=today - dt.timedelta(days=days),
            remind_on=today - dt.timedelta(days=days), asked_at=timezone.now() - dt.timedelta(days=20),
        )
        for days in (14, 15)
    )  # fmt: skip
    with acting_as(Actor(user_id=world.tutor.pk)):
        assert [line.pk for line in lines_due(asks_due(world.tutor, today))] == [kept.pk]
        assert [ask.pk for ask in asks_open(world.tutor)] == [kept.pk]


def test_opening_the_answers_is_on_the_record(world: Scene) -> None:
    ask = make.AskFactory.create(student=world.student, asked_by=world.tutor)
    client_of(world.tutor).get(reverse("roundrobin:sheet", args=[ask.round]))
    assert Event.objects.get(action="ask.opened").student_id == world.student.pk
