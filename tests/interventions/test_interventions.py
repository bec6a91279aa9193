"""Interventions (duties 26, 27, 29, 30): picked and logged in one go, the dose of each, an outcome for each."""

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
from core.acting import Actor, acting_as
from students.due import lines_due
from tests import factories as make
from tests.sessions.pages import HIDDEN, Scene, client_of, scene
from tutoring.interventions.models import Dose, Intervention, Member, Sitting
from tutoring.interventions.selectors import interventions_due
from tutoring.sessions.picking import _below_target

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LIST, DETAIL, CHOOSE = 7, 15, 8
SAID = {"name": "Morning readers", "about": "Reading together.", "weekly": "2", "minutes": "20", "weeks": "6"}


def hidden_fields(response: Any) -> dict[str, str]:
    """What the opened form holds unseen."""
    return dict(HIDDEN.findall(response.content.decode().partition("<main")[2]))


def page(name: str, pk: Any) -> str:
    return reverse(f"interventions:{name}", args=[pk])


def running(world: Scene, **values: Any) -> Intervention:
    """Led by the tutor, with the two students of the group in it."""
    made = make.InterventionFactory.create(lead=world.tutor, **values)
    for student in (world.student, world.classmate):
        make.MemberFactory.create(intervention=made, student=student)
    return made


def outsider(made: Intervention) -> Member:
    """Somebody in it whom the tutor does not see."""
    other = make.student_in(
        make.TutorGroupFactory.create(name="9Z", house=make.HouseFactory.create(name="Far")),
        legal_forename="Otto", legal_surname="Unseen",
    )  # fmt: skip
    return make.MemberFactory.create(intervention=made, student=other)


def member_of(made: Intervention, student: Any) -> Member:
    return Member.objects.get(intervention=made, student=student)


def logged(client: Client, made: Intervention, *away: Member, **typed: Any) -> Any:
    opened = client.get(page("meeting", made.pk))
    there = {f"came-{m.pk}": "on" for m in made.members.all() if m not in away}
    form = hidden_fields(opened) | {"held_on": timezone.localdate().isoformat(), "minutes": "20"} | there
    return client.post(page("meeting", made.pk), form | typed)


def due_for(user: User) -> list[tuple[str, str]]:
    with acting_as(Actor(user_id=user.pk)):
        return [(line.kind, line.text) for line in lines_due(interventions_due(user, timezone.localdate()))]


def test_several_students_are_picked_in_one_go_and_stay_ticked_while_one_looks() -> None:
    world = scene()
    client, choose = client_of(world.tutor), reverse("interventions:choose")
    shown = client.get(choose, {"q": "wren", "student": str(world.student.pk)})
    assert [s.pk for s in shown.context["picked"]] == [world.student.pk]
    assert [s.pk for s in shown.context["rows"]] == [world.classmate.pk]
    assert 'formaction="/interventions/new/"' in shown.content.decode()
    both = [str(world.student.pk), str(world.classmate.pk)]
    opened = client.get(reverse("interventions:create"), {"student": both})
    ends = (timezone.localdate() + 30 * DAY).isoformat()
    typed = {"lead": str(world.tutor.pk), "starts_on": timezone.localdate().isoformat(), "ends_on": ends}
    form = hidden_fields(opened) | SAID | typed | {"students": both}
    answer = client.post(reverse("interventions:create"), form)
    made = Intervention.objects.get()
    assert answer.url == page("detail", made.pk)
    assert set(made.members.values_list("student", flat=True)) == {world.student.pk, world.classmate.pk}
    client.post(reverse("interventions:create"), form)
    assert Intervention.objects.count() == 1


def test_the_group_filter_and_who_misses_school_narrow_the_boxes() -> None:
    world = scene()
    other = make.TutorGroupFactory.create(name="8B", house=world.group.house)
    make.TutorAssignmentFactory.create(membership=world.tutor.memberships.get(), group=other)
    third = make.student_in(other, legal_forename="Ada", legal_surname="Third")
    day = timezone.localdate() - dt.timedelta(days=14 + timezone.localdate().weekday())
    make.MarkFactory.create(student=third, date=day, code="O")
    make.MarkFactory.create(student=world.student, date=day, code="/")
    client, choose = client_of(world.tutor), reverse("interventions:choose")
    assert {s.pk for s in client.get(choose, {"group": str(other.pk)}).context["rows"]} == {third.pk}
    assert [s.pk for s in client.get(choose, {"absent": "1"}).context["rows"]] == [third.pk]
    stranger = client_of(make.person(Role.TUTOR, school=world.student.school))
    assert stranger.get(choose, {"student": str(third.pk)}).context["picked"] == []


def test_from_who_is_below_target_with_the_reason_to_an_intervention_that_is_looked_at_again() -> None:
    """Duty 27: found by the last data drop, with the subjects, picked from there, and due to be evaluated."""
    world = scene()
    drop = make.DataDropFactory.create(position=20261)
    for name, target, grade in (("Maths", "6", "4"), ("Art", "5", "5"), ("History", "7", "5")):
        subject = make.SubjectFactory.create(name=name)
        make.AssessmentFactory.create(
            student=world.student, subject=subject, data_drop=drop, target=target, working_at=grade
        )
    make.AssessmentFactory.create(student=world.classmate, subject=subject, data_drop=drop, target="5", working_at="6")
    client, choose = client_of(world.tutor), reverse("interventions:choose")
    shown = client.get(choose, {"below": "1"})
    assert [(s.pk, s.below) for s in shown.context["rows"]] == [(world.student.pk, "History, Maths")]
    assert "below target in History, Maths" in shown.content.decode()
    unasked = client.get(choose).context["rows"]
    assert {(s.pk, s.below) for s in unasked} == {(world.student.pk, ""), (world.classmate.pk, "")}
    today = timezone.localdate()
    over = running(world, starts_on=today - 30 * DAY, ends_on=today - DAY)
    assert over.name in client.get(reverse("desk:today")).content.decode(), "its evaluation is due"


def test_who_is_below_target_is_for_those_who_see_grades() -> None:
    world = scene()
    make.AssessmentFactory.create(student=world.student, target="7", working_at="4")
    person = make.person(Role.ATTENDANCE_OFFICER, school=world.student.school)
    with acting_as(Actor(person.pk)):
        assert not _below_target(person, asked=True)
    with acting_as(Actor(world.tutor.pk)):
        assert _below_target(world.tutor, asked=True)


def test_a_meeting_is_logged_once_for_all_and_the_dose_counts_each() -> None:
    world = scene()
    made, client = running(world), client_of(world.tutor)
    logged(client, made, minutes="25")
    logged(client, made, member_of(made, world.classmate), note="Two new books.")
    shown = {m.student_id: m for m in client.get(page("detail", made.pk)).context["members"]}
    jamal, zofia = shown[world.student.pk], shown[world.classmate.pk]
    assert (jamal.came, jamal.missed, jamal.had) == (2, 0, 45)
    assert (zofia.came, zofia.missed, zofia.had) == (1, 1, 25)
    text = client.get(page("detail", made.pk)).content.decode()
    assert "2 of 12" in text
    assert "45 of 240" in text
    assert Event.objects.filter(action="intervention.met").count() == 2


def test_one_form_sent_twice_is_one_meeting_and_who_logged_it_puts_it_right() -> None:
    world = scene()
    made, client = running(world), client_of(world.tutor)
    opened = client.get(page("meeting", made.pk))
    form = hidden_fields(opened) | {"held_on": timezone.localdate().isoformat(), "minutes": "20"}
    client.post(page("meeting", made.pk), form)
    client.post(page("meeting", made.pk), form)
    meeting = Sitting.objects.get()
    assert not Dose.objects.filter(came=True).exists()
    edit = page("meeting-edit", meeting.pk)
    ticked = {f"came-{member_of(made, world.student).pk}": "on", "minutes": "15"}
    fixed = hidden_fields(client.get(edit)) | form | ticked
    assert client.post(edit, fixed).status_code == 302
    assert Dose.objects.get(came=True).student == world.student
    assert Sitting.objects.get().minutes == 15
    head = client_of(make.person(Role.HEAD_OF_HOUSE, house=world.group.house))
    assert head.get(edit).status_code == 404


def test_who_joined_later_or_left_is_not_counted_on_other_days() -> None:
    world = scene()
    made, client = running(world), client_of(world.tutor)
    left = member_of(made, world.classmate)
    edit = page("member-edit", left.pk)
    typed = {"starts_on": left.starts_on.isoformat(), "ends_on": (timezone.localdate() - 3 * DAY).isoformat()}
    refused = client.post(edit, hidden_fields(client.get(edit)) | typed | {"left_why": ""})
    assert "Say in a line why they left." in refused.content.decode()
    client.post(edit, hidden_fields(client.get(edit)) | typed | {"left_why": "Moved to another set"})
    logged(client, made)
    assert list(Dose.objects.values_list("student", flat=True)) == [world.student.pk]
    assert "Moved to another set" in client.get(page("detail", made.pk)).content.decode()


def test_nothing_is_said_of_students_whom_one_does_not_see() -> None:
    """Not a name and not a number: who sees one of three sees an intervention of one."""
    world = scene()
    elsewhere = make.person(Role.HEAD_OF_HOUSE, house=make.HouseFactory.create(name="Far"))
    made = make.InterventionFactory.create(lead=elsewhere)
    hidden, mine = outsider(made), make.MemberFactory.create(intervention=made, student=world.student)
    meeting = make.SittingFactory.create(intervention=made)
    for member in (hidden, mine):
        make.DoseFactory.create(meeting=meeting, member=member, came=False)
    client = client_of(world.tutor)
    shown = client.get(page("detail", made.pk))
    assert [m.student_id for m in shown.context["members"]] == [world.student.pk]
    text = shown.content.decode()
    for word in ("Otto", "Unseen", "others", "2 student"):
        assert word not in text
    assert [i.seen for i in client.get(reverse("interventions:list")).context["running"]] == [1]
    stranger = client_of(make.person(Role.TUTOR, school=world.student.school))
    assert stranger.get(page("detail", made.pk)).status_code == 404
    assert not stranger.get(reverse("interventions:list")).context["running"]


def test_a_helper_logs_meetings_and_changes_nothing_else() -> None:
    world = scene()
    made = running(world)
    teacher = make.person(Role.SUBJECT_TEACHER, school=world.student.school, group=world.group)
    assert client_of(teacher).get(page("detail", made.pk)).status_code == 404
    make.HelperFactory.create(intervention=made, user=teacher)
    client = client_of(teacher)
    assert len(client.get(page("detail", made.pk)).context["members"]) == 2
    assert logged(client, made).status_code == 302
    for name in ("update", "evaluate", "measures", "add"):
        assert client.get(page(name, made.pk)).status_code == 403


def test_entry_and_exit_and_two_who_write_them_at_once() -> None:
    world = scene()
    made = running(world, measure="Reading age, years")
    client, keys = client_of(world.tutor), list(made.members.values_list("pk", flat=True))
    opened = hidden_fields(client.get(page("measures", made.pk)))
    Member.objects.filter(pk=keys[0]).update(entry="9.5")
    typed = opened | {f"entry-{keys[0]}": "8.2", f"entry-{keys[1]}": "7.1", f"exit-{keys[1]}": "8"}
    refused = client.post(page("measures", made.pk), typed)
    assert refused.status_code == 409
    assert "9.5 and nothing" in refused.content.decode()
    assert 'value="8.2"' in refused.content.decode()
    client.post(page("measures", made.pk), typed | hidden_fields(refused))
    assert [str(m.entry) for m in Member.objects.filter(pk__in=keys).order_by("entry")] == ["7.10", "8.20"]


def ending(client: Client, made: Intervention, *without: Member) -> Any:
    said = {f"outcome-{m.pk}": "1" for m in made.members.all() if m not in without}
    opened = client.get(page("evaluate", made.pk))
    form = hidden_fields(opened) | {"worked": "Small books.", "decision": "continue"} | said
    return client.post(page("evaluate", made.pk), form)


def test_it_closes_with_an_outcome_for_everybody_and_then_stays() -> None:
    world = scene()
    made, client = running(world), client_of(world.tutor)
    refused = ending(client, made, member_of(made, world.classmate))
    assert refused.status_code == 200
    assert Intervention.objects.get().closed_on is None
    assert ending(client, made).status_code == 302
    over = Intervention.objects.get()
    assert (over.closed_on, over.decision) == (timezone.localdate(), "continue")
    assert set(over.members.values_list("outcome", flat=True)) == {1}
    for name in ("update", "evaluate", "measures", "add", "meeting"):
        assert client.get(page(name, made.pk)).url == page("detail", made.pk)
    again = client.get(page("detail", made.pk)).content.decode()
    assert "Small books." in again
    assert "Set up the next with the same students" in again


def test_somebody_out_of_sight_without_an_outcome_holds_the_end_up() -> None:
    world = scene()
    made, client = running(world), client_of(world.tutor)
    hidden = outsider(made)
    refused = ending(client, made, hidden)
    assert refused.status_code == 409
    assert "Not everybody in it has an outcome yet" in refused.content.decode()
    assert Intervention.objects.get().closed_on is None
    assert set(made.members.values_list("outcome", flat=True)) == {None}, "all or nothing"


def test_past_its_last_day_it_is_due_for_its_lead_until_evaluated() -> None:
    """Duty 27."""
    world = scene()
    made = running(world, starts_on=timezone.localdate() - 60 * DAY, ends_on=timezone.localdate() - DAY)
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    assert due_for(world.tutor) == [("intervention", "Morning readers")]
    assert due_for(head) == []
    assert "To be evaluated since" in client_of(head).get(reverse("interventions:list")).content.decode()
    ending(client_of(world.tutor), made)
    assert due_for(world.tutor) == []


def test_lists_ask_equally_often_at_any_size() -> None:
    world = scene()
    client, first = client_of(world.tutor), running(world)
    pages = [reverse("interventions:list"), page("detail", first.pk), reverse("interventions:choose")]
    make.DoseFactory.create(
        meeting=make.SittingFactory.create(intervention=first), member=member_of(first, world.student)
    )

    def asked() -> list[int]:
        counts = []
        for url in pages:
            client.get(url)
            with CaptureQueriesContext(connection) as found:
                client.get(url)
            counts.append(len(found))
        return counts

    few = asked()
    for number in range(6):
        student = make.student_in(world.group, legal_forename=f"N{number}")
        member = make.MemberFactory.create(intervention=first, student=student)
        meeting = make.SittingFactory.create(intervention=first)
        make.DoseFactory.create(meeting=meeting, member=member, came=bool(number % 2))
        running(world)
    assert asked() == few == [LIST, DETAIL, CHOOSE]
