"""Warnings: a ladder the school defines, who issues which stage, the words, appeal and letter (duties 40, 41)."""

import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from pypdf import PdfReader

from accounts.enums import Role
from accounts.models import Draft
from audit.models import Event
from tests import factories as make
from tests.sessions.pages import Scene, client_of, hidden_fields, scene
from tutoring.followup.enums import Appeal
from tutoring.followup.models import Warning, WarningStage

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TAB = 16


def stage_of(world: Scene, name: str) -> WarningStage:
    return WarningStage.objects.get(school=world.student.school, name=name)


def warning_of(world: Scene, **fields: Any) -> Warning:
    stage = stage_of(world, "Verbal warning")
    fields = {"student": world.student, "issued_by": world.tutor, "stage": stage} | fields
    return make.WarningFactory.create(**fields)  # type: ignore[no-any-return]


def opened(client: Client, name: str, key: Any, **typed: Any) -> dict[str, Any]:
    return hidden_fields(client.get(reverse(f"followup:{name}", args=[key]))) | typed


def issue(world: Scene, client: Client, stage: str, **typed: Any) -> Any:
    form = opened(client, "warning-create", world.student.pk) | {
        "stage": str(stage_of(world, stage).pk),
        "reason": "Walked out of maths twice this week.",
        "student_response": "I needed air.",
        "issued_on": localdate().isoformat(),
    }
    return client.post(reverse("followup:warning-create", args=[world.student.pk]), form | typed)


def test_every_school_has_the_usual_ladder() -> None:
    school = make.SchoolFactory.create(name="Newly Founded School")
    ladder = WarningStage.objects.filter(school=school)
    assert [stage.name for stage in ladder] == ["Verbal warning", "Written warning", "Final warning"]
    assert all("{reason}" in stage.letter for stage in ladder)


def test_a_warning_is_issued_and_stands_as_long_as_its_stage_says() -> None:
    """Duty 40: a stage, a reason, the student's response, an end; its draft goes, the record knows."""
    world = scene()
    client = client_of(world.tutor)
    form = opened(client, "warning-create", world.student.pk, reason="Walked out")
    client.post(reverse("accounts:draft-save", args=[form["draft_form"]]), form)
    assert Draft.objects.count() == 1
    answer = issue(world, client, "Verbal warning")
    warning = Warning.objects.get()
    assert answer.url == reverse("followup:warning-detail", args=[warning.pk])
    assert (warning.student, warning.issued_by) == (world.student, world.tutor)
    assert warning.expires_on == localdate() + dt.timedelta(weeks=6)
    assert Draft.objects.count() == 0
    assert Event.objects.get(action="warning.issued").student_id == world.student.pk
    page = client.get(answer.url).content.decode()
    assert "Walked out of maths twice this week." in page
    assert "I needed air." in page
    assert Event.objects.get(action="warning.opened").object_id == str(warning.pk)


def test_a_stage_of_others_is_not_offered_and_is_refused_in_words() -> None:
    """Duty 40: who may issue which."""
    world = scene()
    client = client_of(world.tutor)
    page = client.get(reverse("followup:warning-create", args=[world.student.pk]))
    assert [str(label).split(",")[0] for _, label in page.context["form"].fields["stage"].choices] == ["Verbal warning"]
    assert "Not yours to issue: Written warning (Head of house" in page.content.decode()
    refused = issue(world, client, "Final warning")
    assert refused.status_code == 200
    assert "Final warning: issued by Head of house, Headteacher, Senior leader." in refused.content.decode()
    assert "Walked out of maths twice this week." in refused.content.decode()
    assert not Warning.objects.exists()
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house)
    assert issue(world, client_of(head), "Final warning").status_code == 302


def test_of_a_form_sent_twice_there_is_one_warning() -> None:
    world = scene()
    client, url = client_of(world.tutor), reverse("followup:warning-create", args=[world.student.pk])
    stage = str(stage_of(world, "Verbal warning").pk)
    form = opened(
        client, "warning-create", world.student.pk, stage=stage, reason="Once", issued_on=localdate().isoformat()
    )
    for _ in range(2):
        assert client.post(url, form).status_code == 302
    clash = client.post(url, form | {"reason": "Other words"})
    assert clash.status_code == 409
    assert "Other words" in clash.content.decode()
    assert Warning.objects.count() == 1


@pytest.mark.parametrize(("offset", "is_refused"), [(1, True), (0, False), (-60, False), (-61, True)])
def test_a_warning_is_of_today_or_of_the_last_two_months(offset: int, is_refused: bool) -> None:
    world = scene()
    answer = issue(world, client_of(world.tutor), "Verbal warning", issued_on=(localdate() + offset * DAY).isoformat())
    assert (answer.status_code == 200) is is_refused


def test_it_ends_by_itself_after_its_last_day() -> None:
    world = scene()
    stands = warning_of(world, issued_on=localdate() - 42 * DAY, expires_on=localdate())
    over = warning_of(world, issued_on=localdate() - 43 * DAY, expires_on=localdate() - DAY)
    assert (stands.in_force, over.in_force) == (True, False)
    tab = client_of(world.tutor).get(reverse("desk:student-warnings", args=[world.student.pk]))
    assert [rung.warning for rung in tab.context["rungs"]] == [stands, None, None]
    text = tab.content.decode()
    assert "In force until" in text
    assert f"Ended {over.expires_on.day} {over.expires_on:%b}" in text


def test_what_the_student_says_is_kept_and_never_overwritten_unseen() -> None:
    world = scene()
    warning, client = warning_of(world), client_of(world.tutor)
    url = reverse("followup:warning-response", args=[warning.pk])
    form = opened(client, "warning-response", warning.pk, words="I was not the only one.")
    Warning.objects.update(student_response="Nothing to say.")
    stale = client.post(url, form)
    assert stale.status_code == 409
    assert "Nothing to say." in stale.content.decode()
    assert "I was not the only one." in stale.content.decode()
    assert client.post(url, opened(client, "warning-response", warning.pk, words="Both.")).status_code == 302
    warning.refresh_from_db()
    assert warning.student_response == "Both."


def test_an_appeal_is_decided_by_somebody_who_did_not_issue_it() -> None:
    """Duty 41."""
    world = scene()
    head = make.person(Role.HEAD_OF_HOUSE, house=world.group.house, last_name="Bright")
    warning = warning_of(world, issued_by=head)
    tutor, decider = client_of(world.tutor), make.person(Role.HEADTEACHER)
    appeal, decide = (reverse(f"followup:warning-{what}", args=[warning.pk]) for what in ("appeal", "decide"))
    assert tutor.post(appeal, opened(tutor, "warning-appeal", warning.pk, words="I was ill.")).status_code == 302
    again = tutor.post(appeal, opened(tutor, "warning-appeal", warning.pk, words="Once more."))
    assert again.status_code == 409
    lifting = {"outcome": "lifted", "words": "The nurse had sent for them."}
    assert tutor.post(decide, lifting).status_code == 403
    issuer = client_of(head)
    own = issuer.post(decide, opened(issuer, "warning-decide", warning.pk, **lifting))
    assert own.status_code == 409
    assert "somebody else decides the appeal" in own.content.decode()
    other = client_of(decider)
    assert other.post(decide, opened(other, "warning-decide", warning.pk, **lifting)).status_code == 302
    warning.refresh_from_db()
    assert (warning.appeal, warning.decided_by, warning.decided_on) == (Appeal.LIFTED, decider, localdate())
    assert not warning.in_force
    assert Event.objects.get(action="warning.decided").detail == {"lifted": True}


def test_one_that_is_over_is_not_appealed() -> None:
    world = scene()
    warning = warning_of(world, issued_on=localdate() - 43 * DAY, expires_on=localdate() - DAY)
    client = client_of(world.tutor)
    form = opened(client, "warning-appeal", warning.pk, words="Too late?")
    assert client.post(reverse("followup:warning-appeal", args=[warning.pk]), form).status_code == 409


def test_the_letter_says_what_why_until_when_and_how_to_appeal() -> None:
    world = scene()
    reason = "Left {name} and {until} on the wall."  # a tutor's braces are words
    warning = warning_of(world, reason=reason, student_response="It washes off.")
    client, url = client_of(world.tutor), reverse("followup:warning-letter", args=[warning.pk])
    answer = client.get(url)
    reader = PdfReader(io.BytesIO(b"".join(answer)))  # type: ignore[arg-type]
    text = " ".join("\n".join(page.extract_text() for page in reader.pages).split())
    assert len(reader.pages) == 1
    assert f'"{world.group} Okafor Jamal warning.pdf"' in answer["Content-Disposition"]
    for words in (
        world.student.school.name, "Jamal Okafor has been given a verbal warning", reason, "It washes off.",
        f"It stands until {warning.expires_on.day} {warning.expires_on:%B %Y}", "If you do not agree",
    ):  # fmt: skip
        assert words in text
    assert Event.objects.get(action="warning.letter").student_id == world.student.pk
    lifted = {"appeal": "lifted", "appealed_on": localdate(), "decided_on": localdate(), "decided_by": world.tutor}
    Warning.objects.update(**lifted)
    assert client.get(url).status_code == 302


def test_the_story_tells_of_a_warning_from_its_issue_to_its_end() -> None:
    world = scene()
    warning_of(world, issued_on=localdate() - 50 * DAY, expires_on=localdate() - 8 * DAY, reason="Threw a chair.")
    lifted = {"appeal": "lifted", "appealed_on": localdate(), "decided_on": localdate(), "decided_by": world.tutor}
    warning_of(world, stage=stage_of(world, "Written warning"), issued_on=localdate() - 3 * DAY, **lifted)
    url = reverse("desk:student-story", args=[world.student.pk])
    page = client_of(world.tutor).get(url).content.decode()
    told = ["Written warning lifted", "Written warning issued", "Verbal warning ended", "Verbal warning issued"]
    places = [page.index(words) for words in told]
    assert places == sorted(places)
    teacher = client_of(make.person(Role.SUBJECT_TEACHER, group=world.group))
    assert "Threw a chair." not in teacher.get(url).content.decode()


def test_the_tab_costs_the_same_for_one_warning_and_for_many() -> None:
    world = scene()
    client, url = client_of(world.tutor), reverse("desk:student-warnings", args=[world.student.pk])
    assert "No warning, now or before" in client.get(url).content.decode()
    for number in (1, 6):
        for _ in range(number):
            warning_of(world, issued_by=make.UserFactory.create())
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        assert len(found) == TAB


def test_a_school_settles_its_ladder() -> None:
    world = scene()
    client = client_of(make.person(Role.HEADTEACHER))
    verbal = stage_of(world, "Verbal warning")
    warning = warning_of(world)
    edit = reverse("followup:stage-edit", args=[verbal.pk])
    fields = {"name": "First talk", "position": "5", "weeks": "4", "roles": ["tutor"], "is_active": "on"}
    wrong = client.post(edit, fields | {"paragraph_1": "Dear {parent}, {name}"})
    assert "{parent}: a letter knows" in wrong.content.decode()
    assert client.post(edit, fields | {"paragraph_1": "{name}: {reason}"}).status_code == 302
    verbal.refresh_from_db()
    assert (verbal.name, verbal.weeks, verbal.roles, verbal.letter) == ("First talk", 4, ["tutor"], "{name}: {reason}")
    warning.refresh_from_db()
    assert warning.expires_on == localdate() + dt.timedelta(weeks=6)
    add = reverse("followup:stage-create")
    assert "a stage of that name" in client.post(add, fields | {"name": "first TALK"}).content.decode()
    assert client.post(add, fields | {"name": "Governors’ panel", "roles": []}).status_code == 200
    assert "First talk" in client.get(reverse("followup:stage-list")).content.decode()
