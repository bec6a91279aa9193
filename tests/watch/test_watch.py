"""Watching over: who may leave (duty 19) and who is new (duty 20), with a rhythm, looks, and an outcome."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tests.visits.test_held import tried
from tutoring.watch.models import CheckIn, Watch

pytestmark = pytest.mark.django_db
LIST = 9
DAY = dt.timedelta(days=1)


@pytest.fixture
def world() -> Scene:
    return scene()


def page_of(student: Student) -> str:
    return reverse("watch:student", args=[student.pk])


def begin(client: Client, world: Scene, **typed: Any) -> Any:
    said = {"kind": "leaving", "reason": "Wants to work full time", "every": "14", "who": str(world.tutor.pk)}
    return client.post(reverse("watch:begin", args=[world.student.pk]), said | typed)


def waiting(user: User) -> list[tuple[str, str]]:
    return [(due.line.kind, due.url) for due in client_of(user).get(reverse("desk:today")).context["due"]]


def newcomer(world: Scene, days: int, **fields: Any) -> Student:
    return make.student_in(world.group, joined_on=timezone.localdate() - days * DAY, **fields)


def old(student: Student) -> None:
    Student.objects.filter(pk=student.pk).update(joined_on=dt.date(2020, 9, 1))


def test_who_may_leave_is_flagged_with_a_reason_and_comes_to_today_by_its_rhythm(world: Scene) -> None:
    """Duty 19: mentor to students at risk of leaving."""
    client = client_of(world.tutor)
    story = client.get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
    assert page_of(world.student) in story
    assert begin(client, world).status_code == 302
    watch = Watch.objects.get()
    assert waiting(world.tutor) == []
    Watch.objects.update(started_on=timezone.localdate() - 14 * DAY)
    assert waiting(world.tutor) == [("watch", page_of(world.student))]
    head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
    assert waiting(head) == [], "it is the tutor's to look"
    client.post(reverse("watch:look", args=[watch.pk]), {"words": "Found a Saturday job instead"})
    client.post(reverse("watch:look", args=[watch.pk]), {"words": "Twice"})
    assert CheckIn.objects.get().words == "Found a Saturday job instead"
    assert waiting(world.tutor) == []
    assert "Found a Saturday job instead" in client.get(page_of(world.student)).content.decode()
    kinds = set(Event.objects.filter(student_id=world.student.pk).values_list("action", flat=True))
    assert {"watch.begun", "watch.opened", "watch.looked"} <= kinds


def test_a_one_to_one_counts_as_a_look(world: Scene) -> None:
    """Duty 19: retention check-ins are conversations."""
    today = timezone.localdate()
    make.WatchFactory.create(student=world.student, who=world.tutor, started_on=today - 30 * DAY)
    assert [kind for kind, _ in waiting(world.tutor)] == ["watch"]
    make.TutorSessionFactory.create(student=world.student, author=world.tutor, held_on=today - 2 * DAY)
    assert waiting(world.tutor) == []
    page = client_of(world.tutor).get(reverse("watch:list")).content.decode()
    assert "Look now" not in page


def test_it_ends_with_an_outcome_and_a_leaver_with_the_reason_and_where_to(world: Scene) -> None:
    """Duty 19: leaver reason and destination."""
    watch = make.WatchFactory.create(student=world.student, who=world.tutor)
    client, url = client_of(world.tutor), reverse("watch:end", args=[watch.pk])
    assert client.post(url, {"outcome": "left", "left_why": "A job"}).status_code == 200
    assert client.post(url, {"outcome": "settled"}).status_code == 200, "that is for whoever is new"
    assert Watch.objects.get().is_open
    assert (
        client.post(url, {"outcome": "left", "left_why": "A job", "left_for": "An apprenticeship"}).status_code == 302
    )
    kept = Watch.objects.get()
    assert (kept.outcome, kept.left_for, kept.ended_by) == ("left", "An apprenticeship", world.tutor)
    assert client.post(url, {"outcome": "staying"}).status_code == 404
    assert "An apprenticeship" in client.get(page_of(world.student)).content.decode()
    assert begin(client, world).status_code == 302, "again, later"


def test_one_flag_at_a_time_and_never_without_a_reason(world: Scene) -> None:
    """Duty 19."""
    client = client_of(world.tutor)
    assert begin(client, world, reason="").status_code == 200
    assert begin(client, world, kind="new").status_code == 200
    assert begin(client, world).status_code == 302
    assert "already" in begin(client, world).content.decode()
    assert begin(client, world, kind="own", reason="Moves house in May").status_code == 302
    assert Watch.objects.count() == 2


def test_everybody_in_their_first_weeks_is_on_the_list_until_they_have_settled(world: Scene) -> None:
    """Duty 20: finding the transition challenging; previous school; one tap."""
    for student in (world.student, world.classmate):
        old(student)
    fresh = newcomer(world, 8, legal_forename="Ines")
    newcomer(world, 50, legal_forename="Omar")
    newcomer(world, 3, legal_forename="Kit")
    client = client_of(world.tutor)
    page = client.get(reverse("watch:list")).content.decode()
    assert "Ines" in page
    assert "Omar" not in page, "their first six weeks are over"
    assert "Kit" in page
    assert waiting(world.tutor) == [("newcomers", reverse("watch:list"))]
    client.post(reverse("watch:newcomer-look", args=[fresh.pk]), {"words": "Eats alone", "came_from": "St Anne’s"})
    assert waiting(world.tutor) == []
    assert "St Anne’s" in client.get(reverse("watch:list")).content.decode()
    client.post(reverse("watch:settled", args=[fresh.pk]))
    client.post(reverse("watch:settled", args=[fresh.pk]))
    client.get(reverse("watch:list"))  # where it was said that she has
    assert "Ines" not in client.get(reverse("watch:list")).content.decode()
    kept = Watch.objects.get()
    assert (kept.outcome, kept.came_from, kept.kind) == ("settled", "St Anne’s", "new")


@pytest.mark.parametrize(
    ("joined", "looked", "talked", "due"),
    [
        pytest.param(7, None, None, True, id="here for a week"),
        pytest.param(6, None, None, False, id="not here for a week"),
        pytest.param(50, None, None, False, id="no longer new"),
        pytest.param(20, 7, None, True, id="looked after a week ago"),
        pytest.param(20, 6, None, False, id="looked after this week"),
        pytest.param(20, None, 7, True, id="talked to a week ago"),
        pytest.param(20, None, 6, False, id="talked to this week"),
        pytest.param(20, 9, 3, False, id="talked to since somebody looked"),
        pytest.param(3, 15, None, False, id="looked at before they came"),
    ],
)
def test_today_and_the_list_agree_on_who_is_due(
    world: Scene, joined: int, looked: int | None, talked: int | None, due: bool
) -> None:
    """Each works it out in its own way."""
    for student in (world.student, world.classmate):
        old(student)
    today, fresh = timezone.localdate(), newcomer(world, joined)
    if looked:
        make.CheckInFactory.create(watch__student=fresh, watch__kind="new", watch__reason="", day=today - looked * DAY)
    if talked:
        make.TutorSessionFactory.create(student=fresh, author=world.tutor, held_on=today - talked * DAY)
    page = client_of(world.tutor).get(reverse("watch:list"))
    assert [one.is_due for one in page.context["new"]] == ([] if joined == 50 else [due])
    assert ("newcomers" in dict(waiting(world.tutor))) is due


def test_how_many_weeks_is_the_schools_to_say(world: Scene) -> None:
    """Duty 20: the first N weeks."""
    newcomer(world, 50, legal_forename="Omar")
    school = world.student.school
    school.new_weeks = 8
    school.save()
    assert "Omar" in client_of(world.tutor).get(reverse("watch:list")).content.decode()
    head = client_of(make.person(Role.HEADTEACHER, school=school))
    assert "new_weeks" in head.get(reverse("accounts:school-settings")).content.decode()


def test_it_is_for_the_pastoral_team_of_the_student(world: Scene) -> None:
    """Duties 19 and 20."""
    watch = make.WatchFactory.create(student=world.student, who=world.tutor, reason="Wants to leave")
    teacher = client_of(make.person(Role.SUBJECT_TEACHER, group=world.group))
    assert teacher.get(page_of(world.student)).status_code == 403
    stranger = client_of(make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="9Z")))
    assert stranger.get(page_of(world.student)).status_code == 404
    assert stranger.post(reverse("watch:look", args=[watch.pk])).status_code == 404
    assert "Wants to leave" not in stranger.get(reverse("watch:list")).content.decode()


def test_the_list_costs_the_same_for_many(world: Scene) -> None:
    """Duties 19 and 20."""
    client, url = client_of(world.tutor), reverse("watch:list")
    client.get(url)
    for number in (1, 4):
        for _ in range(number):
            make.CheckInFactory.create(watch__student=newcomer(world, 4), watch__kind="new", watch__reason="")
            make.CheckInFactory.create(watch__student=make.student_in(world.group))
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        assert len(queries) == LIST


def test_held_by_the_database_past_every_view(world: Scene) -> None:
    """Duties 19 and 20: who looked and when stays; a watch ends once, by whoever ends it, and says why."""
    today, me = timezone.localdate(), world.tutor
    watch = make.WatchFactory.create(student=world.student, who=me, made_by=me)
    look = """INSERT INTO watch_checkin (id, watch_id, student_id, by_id, day, words)
              VALUES (gen_random_uuid(), %s, %s, %s, %s, '')"""
    head = make.person(Role.HEAD_OF_HOUSE, school=world.student.school, house=world.group.house)
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    student = world.student.pk
    begun = """INSERT INTO watch_watch (id, student_id, kind, reason, came_from, who_id, made_by_id, every, started_on,
                 outcome, left_why, left_for, ended_on, ended_by_id)
               VALUES (gen_random_uuid(), %s, 'own', 'Why', '', %s, %s, 7, %s, 'over', '', '', %s, %s)"""
    assert tried(me, begun, student, me.pk, me.pk, today, today - DAY, me.pk) == "refused", "ended on another day"
    assert tried(me, begun, student, me.pk, me.pk, today, today, head.pk) == "refused", "ended in another's name"
    assert tried(teacher, look, watch.pk, student, teacher.pk, today) == "refused"
    assert tried(me, look, watch.pk, student, head.pk, today) == "refused", "in another's name"
    assert tried(me, look, watch.pk, world.classmate.pk, me.pk, today) == "refused", "of another student"
    assert tried(me, look, watch.pk, student, me.pk, today + DAY) == "refused", "still to come"
    assert tried(me, look, watch.pk, student, me.pk, today) == "done"
    assert tried(me, "UPDATE watch_checkin SET words = 'No'") == "refused"
    end = "UPDATE watch_watch SET outcome = %s, ended_on = %s, ended_by_id = %s WHERE id = %s"
    assert tried(head, end, "left", today, head.pk, watch.pk) == "refused", "without why and where"
    assert tried(head, end, "staying", today, me.pk, watch.pk) == "refused", "in another's name"
    assert tried(head, end, "staying", today - DAY, head.pk, watch.pk) == "refused", "on another day"
    assert tried(head, "UPDATE watch_watch SET kind = 'own' WHERE id = %s", watch.pk) == "refused"
    anew = "UPDATE watch_watch SET reason = 'Other', every = 7 WHERE id = %s"
    assert tried(teacher, anew, watch.pk) == "nothing"
    assert tried(head, anew, watch.pk) == "done"
    assert tried(head, end, "staying", today, head.pk, watch.pk) == "done"
    assert tried(head, end, "over", today, head.pk, watch.pk) == "refused", "it ended"
    assert tried(head, anew.replace("Other", "Another"), watch.pk) == "refused", "it ended"
    assert tried(me, look, watch.pk, student, me.pk, today - DAY) == "refused", "it ended"


def change(client: Client, watch: Watch, **typed: str) -> Any:
    """The form as it was opened, with something typed into it."""
    url = reverse("watch:change", args=[watch.pk])
    form = client.get(url).context["form"]
    return client.post(url, {name: form[name].value() for name in form.fields} | typed)


def test_why_and_how_often_are_said_anew_and_what_it_said_stays(world: Scene) -> None:
    """Duty 19: the reason, the rhythm and who looks; before each change what it said, until when and by whom."""
    watch = make.WatchFactory.create(
        student=world.student, who=world.tutor, reason="Wants to work", every=14, started_on=timezone.localdate() - DAY
    )
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house, last_name="Whitfield")
    client = client_of(world.tutor)
    assert change(client, watch, reason="Has a job offer", every="7").status_code == 302
    assert change(client_of(head), watch, who=str(head.pk)).status_code == 302
    client.post(reverse("watch:look", args=[watch.pk]), {})
    kept = Watch.objects.get()
    assert (kept.reason, kept.every, kept.who) == ("Has a job offer", 7, head)
    [_, _, _, _, _, before] = client.get(page_of(world.student)).context["rows"][0]
    said = [(one.reason, one.every, one.who, one.changed_by) for one in before]
    assert said == [
        ("Has a job offer", "every week", str(world.tutor), str(head)),
        ("Wants to work", "every fortnight", str(world.tutor), str(world.tutor)),
    ]
    assert Event.objects.filter(action="watch.changed", student_id=world.student.pk).count() == 2


def test_a_watch_is_changed_as_long_as_it_goes_on_and_never_without_a_reason(world: Scene) -> None:
    """Duty 19; of whoever is new (duty 20) there is nothing to say anew."""
    client = client_of(world.tutor)
    watch = make.WatchFactory.create(student=world.student, who=world.tutor, reason="Wants to work")
    assert change(client, watch, reason=" ").status_code == 200
    new = make.WatchFactory.create(student=world.classmate, kind="new", reason="", who=world.tutor)
    assert client.get(reverse("watch:change", args=[new.pk])).status_code == 404
    client.post(reverse("watch:end", args=[watch.pk]), {"outcome": "staying"})
    assert client.get(reverse("watch:change", args=[watch.pk])).status_code == 404
    assert Watch.objects.get(pk=watch.pk).reason == "Wants to work"


def test_two_people_change_a_watch_at_once_and_nothing_is_written_over(world: Scene) -> None:
    """Duty 19: the second sees what the first wrote beside their own words."""
    watch = make.WatchFactory.create(student=world.student, who=world.tutor, reason="Wants to work")
    head = client_of(make.person(Role.HEAD_OF_HOUSE, house=world.group.house))
    url = reverse("watch:change", args=[watch.pk])
    form = head.get(url).context["form"]
    opened = {name: form[name].value() for name in form.fields}
    change(client_of(world.tutor), watch, reason="Has a job offer")
    answer = head.post(url, opened | {"reason": "The journey is too long"})
    assert answer.status_code == 409
    assert "Has a job offer" in answer.content.decode()
    assert "The journey is too long" in answer.content.decode()
    assert Watch.objects.get().reason == "Has a job offer"
