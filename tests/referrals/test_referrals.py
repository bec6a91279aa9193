"""Referrals, inside and to agencies: consent, what was shared, replies, feedback; overdue (duties 2, 63, 65, 68)."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import Draft, User
from audit.models import Event
from core.acting import Actor, acting_as
from students.due import lines_due
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.referrals.models import Agency, Referral, ReferralNote
from tutoring.referrals.selectors import referrals_due
from tutoring.referrals.services import hand_over

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LIST, TAB, ONE = 8, 16, 15


@pytest.fixture(autouse=True)
def agency() -> Agency:
    """The directory holds one."""
    return make.AgencyFactory.create()  # type: ignore[no-any-return]


def opened(client: Client, name: str, key: Any, **typed: Any) -> dict[str, Any]:
    return hidden_fields(client.get(reverse(f"referrals:{name}", args=[key]))) | typed


def refer(world: Scene, client: Client, **typed: Any) -> Any:
    agency = make.AgencyFactory.create(school=world.student.school)
    form = opened(client, "referral-create", world.student.pk) | {
        "agency": str(agency.pk),
        "reason": "Moving for the third time this year.",
        "consent": "both",
        "shared": "Attendance since September.",
        "expected_by": (localdate() + 10 * DAY).isoformat(),
        "key_person": str(world.tutor.pk),
    }
    return client.post(reverse("referrals:referral-create", args=[world.student.pk]), form | typed)


def referral_of(world: Scene, **fields: Any) -> Referral:
    return make.ReferralFactory.create(  # type: ignore[no-any-return]
        **{"student": world.student, "referred_by": world.tutor} | fields
    )


def closed(world: Scene, **fields: Any) -> Referral:
    done = {"status": "finished", "closed_on": localdate(), "closed_by": world.tutor, "expected_by": None}
    return referral_of(world, **done | {"outcome": "A room.", "feedback": "All is well."} | fields)


def due(user: User) -> list[tuple[str, Any]]:
    with acting_as(Actor(user_id=user.pk)):
        return [(line.kind, line.pk) for line in lines_due(referrals_due(user, localdate()))]


def test_from_the_referral_to_the_feedback_read() -> None:
    """Duties 63 and 65: on a consent, with what was shared; its draft goes; closed with feedback; all recorded."""
    world = scene()
    client = client_of(world.tutor)
    form = opened(client, "referral-create", world.student.pk, reason="Moving")
    client.post(reverse("accounts:draft-save", args=[form["draft_form"]]), form)
    assert Draft.objects.count() == 1
    answer = refer(world, client)
    referral = Referral.objects.get()
    assert answer.url == reverse("referrals:referral-detail", args=[referral.pk])
    assert (referral.referred_by, referral.key_person, referral.status) == (world.tutor, world.tutor, "sent")
    assert Draft.objects.count() == 0
    [shared] = referral.notes.all()
    assert (shared.kind, shared.on, shared.words) == ("shared", localdate(), "Attendance since September.")
    page = client.get(answer.url).content.decode()
    assert "Moving for the third time this year." in page
    assert "The student and a parent or carer agree" in page
    assert "Waymark keeps the record and sends nothing." in page
    assert "days ago" not in page
    assert f'href="{reverse("referrals:meeting-create", args=[world.student.pk])}"' in page

    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    at_head, close = client_of(head), reverse("referrals:referral-close", args=[referral.pk])
    ending = {"status": "finished", "outcome": "They have a flat.", "feedback": "Thank you: it was in time."}
    assert at_head.post(close, opened(at_head, "referral-close", referral.pk, **ending)).status_code == 302
    referral.refresh_from_db()
    assert (referral.closed_on, referral.closed_by, referral.feedback_seen_on) == (localdate(), head, None)
    assert due(world.tutor) == [("feedback", referral.pk)]
    assert "Thank you: it was in time." in client.get(answer.url).content.decode()
    assert due(world.tutor) == []
    kinds = set(Event.objects.filter(student_id=world.student.pk).values_list("action", flat=True))
    assert {"referral.made", "referral.opened", "referral.closed"} <= kinds


def test_without_consent_a_reason_is_compulsory() -> None:
    """Duty 65: the consent basis."""
    world = scene()
    client = client_of(world.tutor)
    refused = refer(world, client, consent="none")
    assert "It goes without consent: say why." in refused.content.decode()
    assert "Moving for the third time this year." in refused.content.decode()
    assert refer(world, client, consent="none", consent_words="Asking would put him at risk.").status_code == 302
    assert Referral.objects.get().consent_words == "Asking would put him at risk."


def test_of_a_form_sent_twice_there_is_one_referral() -> None:
    world = scene()
    client = client_of(world.tutor)
    form = opened(client, "referral-create", world.student.pk)
    for _ in range(2):
        assert refer(world, client, **form).status_code == 302
    clash = refer(world, client, **form, reason="Other words")
    assert clash.status_code == 409
    assert "Other words" in clash.content.decode()
    assert (Referral.objects.count(), ReferralNote.objects.count()) == (1, 1)


def test_one_tap_notes_a_reply_and_asks_again_later() -> None:
    """Duty 63: status; a double click is one line."""
    world = scene()
    referral, client = referral_of(world, expected_by=localdate() - 3 * DAY), client_of(world.tutor)
    page = client.get(reverse("referrals:referral-detail", args=[referral.pk]))
    assert "Reply 3 days overdue" in page.content.decode()
    tap = reverse("referrals:referral-tap", args=[referral.pk])
    for what, stands, days in (("chased", "sent", 7), ("acknowledged", "acknowledged", 14), ("waiting", "waiting", 42)):
        token = str(make.ReferralFactory._meta.model._meta.pk.get_default())
        for _ in range(2):
            assert client.post(tap, {"what": what, "token": token}).status_code == 302
        referral.refresh_from_db()
        assert (referral.status, referral.expected_by) == (stands, localdate() + days * DAY)
    assert [note.kind for note in referral.notes.all()] == ["chased", "reply", "reply"]
    client.post(tap, {"what": "finished", "token": token})
    assert referral.notes.count() == 3


def test_a_line_in_words_with_its_day() -> None:
    """Duty 65: the sharing log."""
    world = scene()
    referral, client = referral_of(world), client_of(world.tutor)
    page = reverse("referrals:referral-detail", args=[referral.pk])
    line = {"kind": "shared", "on": (localdate() - 2 * DAY).isoformat(), "expected_by": ""}
    empty = client.post(page, opened(client, "referral-detail", referral.pk, **line))
    assert "Say it in words." in empty.content.decode()
    assert "a reply is expected by some day" in empty.content.decode()
    line |= {"words": "The report of the nurse.", "status": "accepted"}
    early = client.post(page, opened(client, "referral-detail", referral.pk, **line | {"on": "2020-01-01"}))
    assert "From the day it was sent until today." in early.content.decode()
    assert client.post(page, opened(client, "referral-detail", referral.pk, **line)).status_code == 302
    referral.refresh_from_db()
    assert (referral.status, referral.expected_by) == ("accepted", None)
    [note] = referral.notes.all()
    assert (note.kind, note.on, note.status, note.by) == ("shared", localdate() - 2 * DAY, "accepted", world.tutor)
    assert "The report of the nurse." in client.get(page).content.decode()


def test_it_closes_with_words_only_and_stays_closed() -> None:
    world = scene()
    referral, client = referral_of(world), client_of(world.tutor)
    close, page = (reverse(f"referrals:referral-{name}", args=[referral.pk]) for name in ("close", "detail"))
    form = opened(client, "referral-close", referral.pk, status="declined")
    note = opened(client, "referral-detail", referral.pk, kind="reply", on=localdate().isoformat(), words="Late post.")
    note |= {"expected_by": (localdate() + DAY).isoformat()}
    bare = client.post(close, form).content.decode()
    assert "A referral closes with what came of it." in bare
    assert "A referral closes with a word to whoever made it." in bare
    words = {"outcome": "Not from this borough.", "feedback": "We try the next one."}
    assert client.post(close, form | words).status_code == 302
    assert client.post(close, form | words | {"outcome": "Other."}).status_code == 409
    late = client.post(page, note)
    assert late.status_code == 409
    assert "Late post." in late.content.decode()
    client.post(reverse("referrals:referral-tap", args=[referral.pk]), {"what": "accepted"})
    client.post(reverse("referrals:referral-hand-over", args=[referral.pk]), {"to": str(world.tutor.pk)})
    assert client.get(close).url == page
    referral.refresh_from_db()
    assert (referral.status, referral.outcome, referral.notes.count()) == ("declined", "Not from this borough.", 0)


def test_the_key_person_is_handed_on_to_whoever_may_read_it() -> None:
    """Duty 2: somebody holds the coordination."""
    world = scene()
    referral, client = referral_of(world), client_of(world.tutor)
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    url = reverse("referrals:referral-hand-over", args=[referral.pk])
    client.post(url, {"to": str(teacher.pk)})
    referral.refresh_from_db()
    assert referral.key_person == world.tutor
    client.post(url, {"to": str(head.pk)})
    referral.refresh_from_db()
    assert referral.key_person == head
    assert referral.notes.get().words == f"{world.tutor} → {head}"
    assert refer(world, client, key_person=str(teacher.pk)).status_code == 200
    with acting_as(Actor(user_id=head.pk)), pytest.raises(PermissionDenied):
        hand_over(by=head, referral=referral, to=teacher)


def test_whoever_only_teaches_learns_nothing_of_it() -> None:
    world = scene()
    referral = referral_of(world, reason="Homeless since Friday.")
    page = reverse("referrals:referral-detail", args=[referral.pk])
    for role in (Role.SUBJECT_TEACHER, Role.CONTRIBUTOR):
        client = client_of(make.person(role, group=world.group))
        story = client.get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
        assert "eferral" not in story
        for name in ("referrals:referral-list", "referrals:directory"):
            assert client.get(reverse(name)).status_code == 403
        assert client.get(page).status_code == 403
    elsewhere = make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="8CUR", house=None))
    assert client_of(elsewhere).get(page).status_code == 404
    assert "Homeless since Friday." in client_of(make.person(Role.SENCO)).get(page).content.decode()


def test_what_is_due_for_me() -> None:
    """Due and overdue replies of what I made or hold, the longest overdue first, and unread feedback; one query."""
    world = scene()
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    today = referral_of(world, expected_by=localdate())
    late = referral_of(world, expected_by=localdate() - 9 * DAY, key_person=head)
    unread = closed(world)
    referral_of(world, expected_by=localdate() + DAY)
    referral_of(world, expected_by=None, status="accepted")
    closed(world, feedback_seen_on=localdate())
    referral_of(world, referred_by=head, expected_by=localdate() - 30 * DAY)
    found = due(world.tutor)
    assert found[0] == ("referral", late.pk)
    assert set(found[1:]) == {("referral", today.pk), ("feedback", unread.pk)}
    assert [late.days_late, today.is_due_today, unread.waits_to_be_read] == [9, True, True]
    assert due(head)[1:] == [("referral", late.pk)]


def test_the_list_shows_overdue_first_keeps_its_filters_and_costs_the_same_for_many() -> None:
    world = scene()
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    client, url = client_of(head), reverse("referrals:referral-list")
    assert "No referral is open" in client.get(url).content.decode()
    for number in (1, 6):
        for place in range(number):
            referral = referral_of(world, expected_by=localdate() - place * DAY)
            make.ReferralNoteFactory.create(referral=referral, kind="chased")
            closed(world)
        with CaptureQueriesContext(connection) as found:
            page = client.get(url + "?state=&whose=led")
        assert len(found) == LIST
    rows = list(page.context["page"])
    assert [r.is_open for r in rows] == [True] * 7 + [False] * 7
    assert [r.days_late for r in rows[:7]] == [5, 4, 3, 2, 1, 0, 0]
    assert "chased 1 time" in page.content.decode()
    shown = {state: len(client.get(f"{url}?state={state}").context["page"]) for state in ("open", "late", "closed")}
    assert shown == {"open": 7, "late": 5, "closed": 7}
    assert len(client.get(f"{url}?whose=mine").context["page"]) == 0
    assert '<option value="late" selected>' in client.get(f"{url}?state=late").content.decode()
    other = make.AgencyFactory.create(school=world.student.school, name="Mind")
    assert len(client.get(f"{url}?agency={other.pk}").context["page"]) == 0


def test_from_a_conversation_it_is_one_click_to_refer_with_whom_it_suits_beside_it() -> None:
    """Duty 68: when to refer to somebody else stands beside the field, one click from what was said."""
    world = scene()
    make.AgencyFactory.create(
        school=world.student.school, name="School counsellor", place="inside", eligible="Students who want to come."
    )
    session = make.TutorSessionFactory.create(student=world.student, author=world.tutor)
    client = client_of(world.tutor)
    page = client.get(reverse("tutor_sessions:session-detail", args=[session.pk])).content.decode()
    url = reverse("referrals:referral-create", args=[world.student.pk])
    assert f'href="{url}"' in page
    form = client.get(url).content.decode()
    assert "Students who want to come." in form
    assert "Safeguarding lead" in form or "safeguarding lead" in form
    teacher = make.person(Role.SUBJECT_TEACHER, group=world.group)
    session.confidentiality = "teaching"
    session.save()
    theirs = client_of(teacher).get(reverse("tutor_sessions:session-detail", args=[session.pk])).content.decode()
    assert f'href="{url}"' not in theirs


@pytest.mark.parametrize(("late", "proposed"), [(-3, 7), (0, 7), (4, 4)])
def test_a_note_proposes_a_day_that_is_still_to_come(late: int, proposed: int) -> None:
    """Duty 63: whoever notes something is not asked to wait for a day gone by."""
    world = scene()
    referral = referral_of(world, expected_by=localdate() + late * DAY)
    page = client_of(world.tutor).get(reverse("referrals:referral-detail", args=[referral.pk]))
    assert page.context["form"]["expected_by"].value() == localdate() + proposed * DAY


def test_the_tab_and_one_referral_cost_the_same_for_one_and_for_many() -> None:
    world = scene()
    client = client_of(world.tutor)
    tab = reverse("desk:student-referrals", args=[world.student.pk])
    assert "Not referred to anybody" in client.get(tab).content.decode()
    referral = referral_of(world)
    page = reverse("referrals:referral-detail", args=[referral.pk])
    for number in (1, 6):
        for _ in range(number):
            referral_of(world, key_person=make.UserFactory.create())
            make.ReferralNoteFactory.create(referral=referral, by=make.UserFactory.create())
        for url, cost in ((tab, TAB), (page, ONE)):
            with CaptureQueriesContext(connection) as found:
                client.get(url)
            assert len(found) == cost, url
