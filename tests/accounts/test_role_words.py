"""What a school calls each role: said once on a page of School settings, shown wherever a role is."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import School
from accounts.role_words import RoleWord
from audit.models import Event
from exchange.kinds.roles import roles_in
from tests.factories import SchoolFactory, person

pytestmark = pytest.mark.django_db
PAGE = "accounts:role-words"


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def sent(**words: str) -> dict[str, str]:
    return {role.value: "" for role in Role} | words


def test_a_role_stands_under_the_schools_own_word_and_the_change_is_recorded() -> None:
    """Duty 5: head of year is Progress Manager, the DSL is Student Welfare Lead, without anybody's help."""
    client = signed_in(Role.DATA_MANAGER)
    person(Role.HEAD_OF_YEAR, school=School.objects.get(), year_group=11)
    person(Role.DSL, school=School.objects.get())
    words = sent(head_of_year="Progress Manager", dsl="Student Welfare Lead", tutor="Coach", senco="ALS manager")
    assert "Saved. The new words" in client.post(reverse(PAGE), words, follow=True).content.decode()
    staff = client.get(reverse("groups:staff-list")).content.decode()
    assert "Progress Manager · Year 11" in staff
    assert "Head of year" not in staff
    worried = client.get(reverse("safeguarding:raise-concern")).content.decode()
    assert "Then tell the Student Welfare Lead in person" in worried
    assert "Student Welfare Lead" in client.get(reverse("accounts:permission-table")).content.decode()
    school = School.objects.get()
    assert (school.tutor_label, school.senco_label) == ("Coach", "ALS manager")
    assert school.role_labels == {"head_of_year": "Progress Manager", "dsl": "Student Welfare Lead"}
    fields = Event.objects.get(action="school.changed").detail["fields"]
    assert fields == ["role_labels", "senco_label", "tutor_label"]


def test_an_empty_line_is_waymarks_word_again() -> None:
    client = signed_in(Role.HEADTEACHER)
    client.post(reverse(PAGE), sent(tutor="Coach", nurse="Matron"))
    client.post(reverse(PAGE), sent(nurse="Nurse"))
    school = School.objects.get()
    assert (school.called[Role.TUTOR], school.called[Role.NURSE], school.role_labels) == ("Tutor", "Nurse", {})


@pytest.mark.parametrize(
    ("words", "field", "says"),
    [
        ({"nurse": "--"}, "nurse", "Use a word"),
        ({"nurse": "SENCO"}, "nurse", "is another role already"),
        ({"nurse": "Matron", "dsl": "matron"}, "nurse", "is another role already"),
        ({"tutor": "x" * 31}, "tutor", "at most 30"),
    ],
)
def test_a_wrong_word_is_refused_at_its_line(words: dict[str, str], field: str, says: str) -> None:
    """Duty 5: two roles with one name would leave nobody able to tell who may do what."""
    page = signed_in(Role.DATA_MANAGER).post(reverse(PAGE), sent(**words)).content.decode()
    assert says in page
    assert f'href="#id_{field}"' in page
    assert School.objects.get().called == SchoolFactory.build().called


def test_two_who_change_them_at_once_do_not_overwrite_each_other() -> None:
    client = signed_in(Role.DATA_MANAGER)
    opened = client.get(reverse(PAGE)).context["form"].initial["opened_with"]
    client.post(reverse(PAGE), sent(nurse="Matron"))
    answer = client.post(reverse(PAGE), sent(dsl="Welfare Lead", opened_with=opened))
    assert answer.status_code == 409
    assert "Nurse: “Matron”" in answer.content.decode()
    assert School.objects.get().role_labels == {"nurse": "Matron"}


def test_a_tutor_may_not_rename_a_role() -> None:
    client = signed_in(Role.TUTOR)
    assert client.get(reverse(PAGE)).status_code == 403
    assert client.post(reverse(PAGE), sent(nurse="Matron")).status_code == 403
    assert School.objects.get().role_labels == {}


def test_the_words_of_tutor_and_senco_have_one_place() -> None:
    """Duty 5: the two older columns stay theirs; PostgreSQL refuses the same word kept twice."""
    for role in ("tutor", "senco"):
        with pytest.raises(IntegrityError, match="one_place"), transaction.atomic():
            SchoolFactory.create(role_labels={role: "Coach"})


def test_own_words_cost_no_further_statement() -> None:
    """Duty 5: they come with the school, which comes with the person."""
    client, counts = signed_in(Role.DATA_MANAGER), []
    for words in ({}, {"nurse": "Matron", "data_manager": "Registrar"}):
        School.objects.update(role_labels=words)
        with CaptureQueriesContext(connection) as seen:
            page = client.get(reverse("groups:staff-list")).content.decode()
        counts.append(len(seen))
    assert "Registrar" in page
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("word", "mid", "many"),
    [
        ("Head of house", "head of house", "Heads of house"),
        ("SENCO", "SENCO", "SENCOs"),
        ("ALS manager", "ALS manager", "ALS managers"),
        ("1:1 tutor", "1:1 tutor", "1:1 tutors"),
        ("Deputy of college", "deputy of college", "Deputies of college"),
        ("Coach", "coach", "Coaches"),
    ],
)
def test_a_word_in_the_middle_of_a_sentence_and_of_several(word: str, mid: str, many: str) -> None:
    assert (RoleWord(word).mid, RoleWord(word).many) == (mid, many)


def test_the_letter_of_a_warning_names_them_too() -> None:
    """Duty 5: on paper, to families, whom they may tell that they do not agree."""
    school = SchoolFactory.create(tutor_label="Coach", role_labels={"head_of_year": "Progress Manager"})
    html = render_to_string("followup/letter_pdf.html", {"school": school})
    assert "Tell the coach or any head of house or Progress Manager, in words" in html


def test_an_export_may_name_roles_as_the_school_does() -> None:
    """Duty 5: the MIS says Progress Manager too; a title of ours stays known, and a stranger's word gives no role."""
    called = SchoolFactory.build(
        role_labels={"head_of_year": "Progress Manager", "contributor": "Head of School"}
    ).called
    assert roles_in("Progress manager; Tutor", called) == [Role.HEAD_OF_YEAR, Role.TUTOR]
    assert roles_in("Head of School", called) == [Role.CONTRIBUTOR]
    assert roles_in("Progress Manager") == []
