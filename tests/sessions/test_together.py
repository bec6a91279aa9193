"""One entry for several students: each gets their own, which names nobody else (duties 7, 13, 102)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.enums import Role
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.sessions.enums import Kind
from tutoring.sessions.models import SessionKind, TutorSession
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
    assert entries[world.student].happened == "How to plan a week of revision.\n\nWas pleased with the plan."
    assert entries[world.classmate].happened == "How to plan a week of revision."
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


def test_mistakes_are_said_where_they_are_and_nothing_is_lost() -> None:
    world = scene()
    form = _form(world, **{f"note-{world.student.pk}": "A line."})
    del form[f"there-{world.student.pk}"]
    page = client_of(world.tutor).post(PAGE, form).content.decode()
    assert "Tick Jamal too, or take the line away." in page
    assert 'value="A line."' in page
    del form[f"there-{world.classmate.pk}"]
    assert "Tick who was there." in client_of(world.tutor).post(PAGE, form).content.decode()
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
    assert "Nobody is in this group" in head.get(PAGE).content.decode()
