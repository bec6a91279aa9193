"""One entry for several students: each gets their own, which names nobody else (duties 7, 13, 102)."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from core.acting import Actor, acting_as
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, opened_form, scene
from tutoring.groups.models import TutorGroup
from tutoring.sessions.enums import HOME_KINDS, Confidentiality, Kind
from tutoring.sessions.models import HomeContact, SessionKind, TutorSession
from tutoring.sessions.together_services import Meeting, log_together

pytestmark = pytest.mark.django_db
PAGE = "/sessions/together/"


def _form(world: Scene, **typed: str) -> dict[str, str]:
    kind = SessionKind.objects.get(kind=Kind.GROUP)
    return {
        **hidden_fields(client_of(world.tutor).get(PAGE)),
        "kind": str(kind.pk),
        "happened": "How to plan a week of revision.",
        "held_on": timezone.localdate().isoformat(),
        "confidentiality": "team",
        f"there-{world.student.pk}": "on",
        f"there-{world.classmate.pk}": "on",
        **typed,
    }


def test_each_who_was_there_has_an_entry_with_their_own_line_and_nobody_elses() -> None:
    world = scene()
    make.student_in(world.group, legal_forename="Away")
    own = {f"note-{world.student.pk}": "Was pleased with the plan."}
    assert client_of(world.tutor).post(PAGE, _form(world, **own)).status_code == 302
    entries = {entry.student: entry for entry in TutorSession.objects.all()}
    assert set(entries) == {world.student, world.classmate}
    assert {entry.happened for entry in entries.values()} == {"How to plan a week of revision."}
    assert entries[world.student].own_note == "Was pleased with the plan."
    assert entries[world.classmate].own_note == ""
    assert len({entry.together for entry in entries.values()}) == 1
    assert {entry.kind for entry in entries.values()} == {Kind.GROUP}
    page = client_of(world.tutor).get(PAGE).content.decode()
    assert "2 there; not there: <span data-private>Away" in page


def test_the_same_form_twice_makes_one_meeting() -> None:
    world = scene()
    form = _form(world)
    client = client_of(world.tutor)
    assert [client.post(PAGE, form).status_code for _ in range(2)] == [302, 302]
    assert TutorSession.objects.count() == 2


def test_the_same_form_with_something_added_is_not_said_to_be_saved() -> None:
    """Back, a note more, Save: what was saved stays, what is new is on the page and is saved when it is sent again."""
    world = scene()
    form = _form(world)
    client = client_of(world.tutor)
    assert client.post(PAGE, form).status_code == 302
    page = client.post(PAGE, form | {f"note-{world.student.pk}": "One thing more."}).content.decode()
    assert "was sent before" in page
    assert "One thing more.</textarea>" in page
    assert TutorSession.objects.count() == 2
    assert client.post(PAGE, _again(page, form, world)).status_code == 302
    assert sorted(TutorSession.objects.values_list("own_note", flat=True)) == ["", "", "", "One thing more."]
    del form[f"there-{world.student.pk}"]
    assert "was sent before" in client.post(PAGE, form).content.decode()


def _again(page: str, form: dict[str, str], world: Scene) -> dict[str, str]:
    [token] = re.findall(r'name="draft_token" value="([^"]+)"', page)
    return form | {"draft_token": token, f"note-{world.student.pk}": "One thing more."}


def test_mistakes_are_said_where_they_are_and_nothing_is_lost() -> None:
    world = scene()
    form = _form(world, **{f"note-{world.student.pk}": "A line."})
    del form[f"there-{world.student.pk}"]
    page = client_of(world.tutor).post(PAGE, form).content.decode()
    assert "Tick Jamal too, or take the line away." in page
    assert "A line.</textarea>" in page
    del form[f"there-{world.classmate.pk}"]
    assert "Tick whom it concerns." in client_of(world.tutor).post(PAGE, form).content.decode()
    assert not TutorSession.objects.exists()


def test_nobody_logs_for_somebody_elses_students() -> None:
    world = scene()
    stranger = make.StudentFactory.create()
    fields = {"happened": "We met.", "kind": Kind.GROUP}
    with pytest.raises(PermissionDenied):
        log_together(by=world.tutor, submission=make.uuid.uuid4(), meeting=Meeting(fields, [world.student, stranger]))
    assert not TutorSession.objects.exists()
    other = make.TutorGroupFactory.create(name="10FRY")
    make.student_in(other)
    assert client_of(world.tutor).get(f"{PAGE}?group={other.pk}").status_code == 404


def test_a_head_chooses_the_group() -> None:
    world = scene()
    head = client_of(make.person(Role.HEAD_OF_HOUSE, house=world.group.house))
    page = head.get(f"{PAGE}?group={world.group.pk}").content.decode()
    assert f"there-{world.student.pk}" in page
    assert f'id="id_there-{world.student.pk}" checked' in page
    empty = head.get(PAGE).content.decode()
    assert "Nobody is in this group" in empty
    assert empty.partition("<main")[2].count(f'href="{PAGE}choose/"') == 2, (
        "without a group of one’s own: pick students"
    )


def _kind(kind: Kind) -> str:
    return str(SessionKind.objects.get(kind=kind).pk)


def _across(client: Client, students: list[Student], **typed: str) -> HttpResponse:
    """The form for those picked, sent with what is typed."""
    url = f"{PAGE}?{'&'.join(f'student={student.pk}' for student in students)}"
    form = {
        **hidden_fields(client.get(url)),
        "kind": _kind(Kind.SMALL_GROUP),
        "happened": "Practised asking for help.",
        "held_on": timezone.localdate().isoformat(),
        "confidentiality": "team",
        **{f"there-{student.pk}": "on" for student in students},
        **typed,
    }
    return client.post(url, form)


def _three() -> tuple[list[TutorGroup], list[Student]]:
    world = scene()
    others = [make.TutorGroupFactory.create(name=name, house=make.HouseFactory.create()) for name in ("10FRY", "9NUR")]
    return [world.group, *others], [world.student, *(make.student_in(group) for group in others)]


NOTES = ["Spoke up twice.", "Left after ten minutes.", "Wants to come again."]


def _with_notes(students: list[Student]) -> dict[str, str]:
    return {f"note-{student.pk}": note for student, note in zip(students, NOTES, strict=True)}


def test_three_of_three_tutor_groups_in_one_entry_and_whoever_sees_one_reads_that_ones_note_alone() -> None:
    groups, students = _three()
    senco = client_of(make.person(Role.SENCO))
    found = senco.get(f"{PAGE}choose/").content.decode()
    assert all(f'value="{student.pk}"' in found for student in students)
    assert _across(senco, students, **_with_notes(students)).status_code == 302
    entries = TutorSession.objects.all()
    assert {(e.student, e.happened, e.own_note) for e in entries} == {
        (student, "Practised asking for help.", note) for student, note in zip(students, NOTES, strict=True)
    }
    assert len({entry.together for entry in entries}) == 1
    tutor = make.person(Role.TUTOR, group=groups[0])
    pages = [f"/sessions/{entry.pk}/" for entry in entries] + [f"/students/{student.pk}/" for student in students]
    read = client_of(tutor)
    seen = "".join(read.get(page).content.decode() for page in [*pages, "/sessions/?whose=all"])
    assert NOTES[0] in seen
    assert not [note for note in NOTES[1:] if note in seen]
    with acting_as(Actor(tutor.pk)):
        assert list(TutorSession.objects.values_list("own_note", flat=True)) == [NOTES[0]]


def test_a_note_for_fewer_than_the_rest_is_read_by_fewer() -> None:
    groups, students = _three()
    senco = make.person(Role.SENCO)
    said = _with_notes(students) | {"notes_level": Confidentiality.NAMED}
    assert _across(client_of(senco), students, **said).status_code == 302
    tutor = make.person(Role.TUTOR, group=groups[0])
    with acting_as(Actor(tutor.pk)):
        assert [(s.happened, s.own_note) for s in TutorSession.objects.all()] == [("Practised asking for help.", "")]
    with acting_as(Actor(senco.pk)):
        notes = TutorSession.objects.filter(kind=Kind.NOTE)
        assert {note.happened for note in notes} == set(NOTES)
        assert {note.confidentiality for note in notes} == {Confidentiality.NAMED}
    page = client_of(tutor).get(f"/students/{students[0].pk}/").content.decode()
    assert "Practised asking for help." in page
    assert NOTES[0] not in page


@pytest.mark.parametrize("kind", [Kind.MEETING, Kind.AGENCY, Kind.CALL_HOME, Kind.HOME_VISIT, Kind.NOTE])
def test_what_is_not_a_group_may_concern_several_too(kind: Kind) -> None:
    _, students = _three()
    senco = client_of(make.person(Role.SENCO))
    assert _across(senco, students, kind=_kind(kind)).status_code == 302
    assert {(entry.student, entry.kind) for entry in TutorSession.objects.all()} == {(s, kind) for s in students}


def test_a_call_home_is_for_those_who_may_reach_the_family_of_each() -> None:
    world = scene()
    taught = make.student_in(make.TutorGroupFactory.create(name="10FRY"))
    teaches = make.MembershipFactory.create(user=world.tutor, school=world.tutor.school, role=Role.SUBJECT_TEACHER)
    make.CaseloadEntryFactory.create(membership=teaches, student=taught)
    mine = [world.student, taught]
    answer = _across(client_of(world.tutor), mine, kind=_kind(Kind.CALL_HOME))
    assert "family is not for you to reach" in answer.content.decode()
    fields = {"happened": "We rang.", "kind": Kind.CALL_HOME}
    with pytest.raises(PermissionDenied):
        log_together(by=world.tutor, submission=make.uuid.uuid4(), meeting=Meeting(fields, mine))
    assert not TutorSession.objects.exists()
    with pytest.raises(PermissionDenied):
        one = Meeting(fields | {"kind": Kind.ONE_TO_ONE}, [world.student])
        log_together(by=world.tutor, submission=make.uuid.uuid4(), meeting=one)


def test_of_ones_own_caseload_nobody_is_ticked_and_of_those_picked_everybody() -> None:
    world = scene()
    client = client_of(world.tutor)
    tick = f'id="id_there-{world.student.pk}"'
    asked = ("group=mine", f"student={world.student.pk}")
    own, picked = (client.get(f"{PAGE}?{query}").content.decode() for query in asked)
    assert tick in own
    assert f"{tick} checked" not in own
    assert f"{tick} checked" in picked
    assert f"there-{world.classmate.pk}" not in picked


def test_nobody_picks_a_student_with_whom_they_log_nothing() -> None:
    world = scene()
    stranger = make.student_in(make.TutorGroupFactory.create(name="10FRY", house=make.HouseFactory.create()))
    client = client_of(world.tutor)
    found = client.get(f"{PAGE}choose/?student={stranger.pk}&q={stranger.preferred_forename}").content.decode()
    assert f'value="{stranger.pk}"' not in found
    page = client.get(f"{PAGE}?student={stranger.pk}&student={world.student.pk}&student=nonsense").content.decode()
    assert f"there-{stranger.pk}" not in page
    assert f"there-{world.student.pk}" in page


def test_the_note_about_one_alone_is_changed_by_its_author_with_the_entry() -> None:
    world = scene()
    client = client_of(world.tutor)
    assert client.post(PAGE, _form(world, **{f"note-{world.student.pk}": "Was late."})).status_code == 302
    entry = TutorSession.objects.get(student=world.student)
    form = opened_form(client, f"/sessions/{entry.pk}/change/", kind=Kind.GROUP, own_note="Was late, and said why.")
    assert client.post(f"/sessions/{entry.pk}/change/", form).status_code == 302
    entry.refresh_from_db()
    assert (entry.own_note, entry.kind) == ("Was late, and said why.", Kind.GROUP)
    assert entry.told.endswith("\n\nWas late, and said why.")


def _call(world: Scene, **typed: str) -> dict[str, str]:
    return _form(world, kind=str(SessionKind.objects.get(kind=Kind.CALL_HOME).pk), **typed)


def test_a_call_home_says_of_each_family_who_was_reached() -> None:
    world = scene()
    mother = make.ContactFactory.create(student=world.student, forename="Ada", surname="Okafor")
    father = make.ContactFactory.create(student=world.student, forename="Ben", surname="Apart", priority=2)
    other = make.ContactFactory.create(student=world.classmate, forename="Eva", surname="Wren")
    client = client_of(world.tutor)
    page = client.get(PAGE).content.decode()
    assert re.findall(r'<option value="([^"]+)"[^>]* data-home', page) == [
        str(pk) for pk in SessionKind.objects.filter(kind__in=HOME_KINDS).values_list("pk", flat=True)
    ]
    boxes = {key: page.partition(f'name="home-{key}-contact"')[2].partition("</select>")[0] for key in
             (world.student.pk, world.classmate.pk)}  # fmt: skip
    assert [str(c.pk) in boxes[world.student.pk] for c in (mother, father, other)] == [True, True, False]
    assert [str(c.pk) in boxes[world.classmate.pk] for c in (mother, father, other)] == [False, False, True]
    said = {
        f"home-{world.student.pk}-contact": str(father.pk), f"home-{world.student.pk}-tone": "good",
        f"home-{world.classmate.pk}-with": "Gran", f"home-{world.classmate.pk}-outcome": "rings_back",
    }  # fmt: skip
    form = _call(world, **said)
    assert [client.post(PAGE, form).status_code for _ in range(2)] == [302, 302]
    kept = {home.student: home for home in HomeContact.objects.select_related("student")}
    assert len(kept) == HomeContact.objects.count() == 2
    first, second = kept[world.student], kept[world.classmate]
    assert (first.contact, first.mode, first.tone, first.outcome) == (father, "phone", "good", "reached")
    assert (second.contact, second.with_whom, second.outcome) == (None, "Gran", "rings_back")
    assert "Apart" not in client.get(f"/sessions/{second.session_id}/").content.decode()
    changed = form | {f"home-{world.student.pk}-contact": str(mother.pk)}
    assert "was sent before" in client.post(PAGE, changed).content.decode()


def test_whoever_is_at_home_with_another_student_is_refused() -> None:
    world = scene()
    other = make.ContactFactory.create(student=world.classmate)
    form = _call(world, **{f"home-{world.student.pk}-contact": str(other.pk)})
    assert "Select a valid choice" in client_of(world.tutor).post(PAGE, form).content.decode()
    assert not TutorSession.objects.exists()


def test_who_was_reached_is_not_lost_where_it_does_not_fit() -> None:
    world = scene()
    named = {f"home-{world.student.pk}-with": "Gran"}
    page = client_of(world.tutor).post(PAGE, _form(world, **named)).content.decode()
    assert "You said something of home. Choose a call home or a visit above, or empty this." in page
    assert 'value="Gran"' in page
    form = _call(world, **named)
    del form[f"there-{world.student.pk}"]
    assert "Tick Jamal too, or empty this." in client_of(world.tutor).post(PAGE, form).content.decode()
    assert not TutorSession.objects.exists()


@pytest.mark.parametrize("said", [("outcome", "no_answer"), ("mode", "visit")])
def test_how_it_went_and_how_is_not_lost_either(said: tuple[str, str]) -> None:
    world = scene()
    box = f"home-{world.student.pk}-{said[0]}"
    client = client_of(world.tutor)
    assert "You said something of home." in client.post(PAGE, _form(world, **{box: said[1]})).content.decode()
    assert not TutorSession.objects.exists()
    assert client.post(PAGE, _form(world, **{f"home-{world.student.pk}-outcome": "reached"})).status_code == 302


def test_whoever_is_named_and_cannot_be_logged_for_is_counted_and_no_group_stands_in_for_them() -> None:
    world = scene()
    client, asked = client_of(world.tutor), f"{PAGE}?student={world.student.pk}&student={world.classmate.pk}"
    assert "cannot be logged for here" not in client.get(asked).content.decode()
    gone = timezone.localdate() - dt.timedelta(days=2)
    Student.objects.filter(pk=world.classmate.pk).update(left_on=gone)
    page = client.get(asked).content.decode()
    assert "1 of those named cannot be logged for here. The others can" in page
    assert f'id="id_there-{world.student.pk}" checked' in page
    Student.objects.filter(pk=world.student.pk).update(left_on=gone)
    here = make.student_in(world.group)
    page = client.get(asked).content.decode()
    assert "Nobody who was named can be logged for here, so nobody is ticked." in page
    assert f'id="id_there-{here.pk}"' in page
    assert not re.search(r'id="id_there-[^"]+" checked', page)
    assert f">Log for several: {world.group.name}<" not in page


def test_no_boxes_about_a_family_that_is_not_theirs_to_see() -> None:
    world = scene()
    make.ContactFactory.create(student=world.student, surname="Apart")
    teacher = make.person(Role.SUBJECT_TEACHER, student=world.student)
    page = client_of(teacher).get(f"{PAGE}?student={world.student.pk}").content.decode()
    assert f"there-{world.student.pk}" in page
    assert f"home-{world.student.pk}" not in page
    assert "Apart" not in page
