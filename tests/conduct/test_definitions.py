"""What each reward, sanction and warning is for, and the policy, beside the field where one decides (duty 45)."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts.enums import Role
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.conduct.enums import USUAL_MEANINGS
from tutoring.conduct.models import ConductType
from tutoring.followup.models import WarningStage

pytestmark = pytest.mark.django_db
NEW = reverse("conduct:entry-create")
POLICY = "https://school.example/behaviour"


@pytest.fixture
def world() -> Scene:
    world = scene()
    school = world.group.school
    school.behaviour_policy = POLICY
    school.save()
    return world


def test_what_each_is_for_stands_beside_the_field_with_the_policy(world: Scene) -> None:
    """Duty 45: the usual words from the first day, the school's own once written; the policy opens in a new tab."""
    ConductType.objects.filter(name="Reminder").update(meaning="Said once, then we mean it.")
    page = client_of(world.tutor).get(NEW).content.decode()
    assert "Said once, then we mean it." in page
    assert escape(USUAL_MEANINGS["Much improved"]) in page
    assert escape(USUAL_MEANINGS["Reminder"]) not in page
    assert f'<a href="{POLICY}" target="_blank" rel="noopener noreferrer">' in page


def test_the_stages_of_warnings_say_what_they_are_for(world: Scene) -> None:
    """Duty 45: beside the choice of a stage, in the school's words, with the policy."""
    WarningStage.objects.filter(name="Verbal warning").update(meaning="We talked twice and it went on.")
    url = reverse("followup:warning-create", args=[world.student.pk])
    page = client_of(world.tutor).get(url).content.decode()
    assert "We talked twice and it went on." in page
    assert POLICY in page


def test_the_school_says_so_in_its_settings(world: Scene) -> None:
    """Duty 45: whoever keeps the settings writes them; a policy is an address that a browser opens, nothing else."""
    client = client_of(make.person(Role.DATA_MANAGER))
    kind = ConductType.objects.get(school=world.group.school, name="Praise point")
    url = reverse("conduct:type-edit", args=[kind.pk])
    form = client.get(url).context["form"]
    assert form["meaning"].value() == USUAL_MEANINGS["Praise point"]
    said = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    client.post(url, said | {"meaning": "Anything that made somebody's day."})
    kind.refresh_from_db()
    assert kind.definition == "Anything that made somebody's day."
    settings = reverse("accounts:school-settings")
    form = client.get(settings).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    refused = client.post(settings, typed | {"behaviour_policy": "javascript:alert(1)"})
    assert "behaviour_policy" in refused.context["form"].errors
    client.post(settings, typed | {"behaviour_policy": "school.example/policy"})
    world.group.school.refresh_from_db()
    assert world.group.school.behaviour_policy == "https://school.example/policy"


def test_another_list_keeps_what_was_ticked_and_typed(world: Scene) -> None:
    """Duty 45: whoever looks for one more student does not begin again; ticked before is entered too."""
    other = make.student_in(make.TutorGroupFactory.create(name="7B"), legal_surname="Elsewhere")
    head = make.person(Role.HEADTEACHER)
    client = client_of(head)
    kind = ConductType.objects.get(name="Praise point")
    typed = {"kind": str(kind.pk), "comment": "Carried chairs.", "students": [str(world.student.pk)]}
    page = client.post(NEW, typed | {"show": "1", "q": "Elsewhere"})
    assert page.context["form"].others == [world.student]
    assert page.context["form"]["comment"].value() == "Carried chairs."
    assert page.context["form"]["kind"].value() == str(kind.pk)
    assert not kind.entries.exists()
    form = page.context["form"]
    sent = typed | {"submission": str(form["submission"].value()), "day": form["day"].value(), "q": "Elsewhere"}
    client.post(NEW, sent | {"students": [str(world.student.pk), str(other.pk)]})
    assert {entry.student for entry in kind.entries.all()} == {world.student, other}
