"""The school's own settings: the words on every page, who may change them, and that it is in the record."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import House, School
from accounts.quiet_hours import digest_at, in_words, is_quiet, next_sending
from audit.models import Event
from tests.factories import CaseloadEntryFactory, HouseFactory, SchoolFactory, TermFactory, TutorGroupFactory, person

pytestmark = pytest.mark.django_db
PAGE = "accounts:school-settings"
WORDS = {
    "name": "Harbour College",
    "dfe_number": "925/4001",
    "house_label": "Alliance",
    "tutor_group_label": "Progress group",
    "handling_label": "PHP",
    "behaviour_policy": "https://school.example/behaviour",
    "boundaries": "I listen, and I pass on what keeps you safe.",
}
HOURS = {"quiet_from": "19:00", "quiet_until": "07:00", "digest_at": "16:00", "new_weeks": "6", "plain_year": "8"}


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def test_new_words_stand_on_every_page_and_the_change_is_recorded() -> None:
    client = signed_in(Role.HEADTEACHER)
    page = client.post(reverse(PAGE), WORDS | HOURS, follow=True).content.decode()
    assert "Saved. The new words" in page
    assert "Harbour College" in page
    school = School.objects.get()
    assert (school.dfe_number, school.house_label) == ("9254001", "Alliance")
    assert Event.objects.get(action="school.changed").detail["fields"] == sorted(WORDS)
    dashboard = client.get(reverse("reports:house-dashboard")).content.decode()
    assert "<h2>Alliance</h2>" in dashboard


def test_nothing_changed_is_nothing_recorded() -> None:
    client = signed_in(Role.DATA_MANAGER)
    school = School.objects.get()
    client.post(reverse(PAGE), {name: getattr(school, name) for name in WORDS | HOURS})
    assert not Event.objects.filter(action="school.changed").exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "required"),
        ("dfe_number", "12", "seven digits"),
        ("dfe_number", "٩٢٥٤٠٠١", "seven digits"),
        ("house_label", "--", "Use a word"),
        ("quiet_from", "06:30", "begins in the evening"),
        ("digest_at", "19:00", "in the quiet hours"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_field_and_keeps_the_old_one(field: str, value: str, words: str) -> None:
    response = signed_in(Role.HEADTEACHER).post(reverse(PAGE), WORDS | HOURS | {field: value})
    page = response.content.decode()
    assert words in page
    assert f'href="#id_{field}"' in page
    assert School.objects.get().name == "Northgate School"


def test_the_hours_of_mails_are_the_schools_own() -> None:
    """Duty 96, delight 10: nothing leaves from the school's evening to its morning, nor at a weekend."""
    friday = timezone.make_aware(dt.datetime(2026, 11, 20, 18))
    answer = signed_in(Role.HEADTEACHER)
    assert not is_quiet(friday)
    answer.post(reverse(PAGE), WORDS | HOURS | {"quiet_from": "17:30", "quiet_until": "08:15", "digest_at": "15:00"})
    assert is_quiet(friday)
    assert next_sending(friday) == timezone.make_aware(dt.datetime(2026, 11, 23, 8, 45))
    assert digest_at() == dt.time(15)
    assert "08:15 to 17:30" in in_words()


def test_where_two_schools_differ_the_strictest_hours_hold() -> None:
    SchoolFactory.create(name="One", quiet_from="18:00", quiet_until="06:00")
    SchoolFactory.create(name="Two", quiet_from="20:00", quiet_until="08:00")
    at = [timezone.make_aware(dt.datetime(2026, 11, 20, hour)) for hour in (7, 8, 17, 18)]
    assert [is_quiet(moment) for moment in at] == [True, False, False, True]


def test_the_database_too_keeps_the_weekly_mail_out_of_the_quiet_hours() -> None:
    with pytest.raises(IntegrityError, match="school_weekly_mail"):
        SchoolFactory.create(digest_at="21:00")


def test_a_colleague_without_the_role_changes_nothing() -> None:
    assert signed_in(Role.SENIOR_LEADER).post(reverse(PAGE), WORDS).status_code == 403
    assert School.objects.get().name == "Northgate School"


def test_the_permission_table_is_open_to_all_and_names_every_role() -> None:
    page = signed_in(Role.TUTOR).get(reverse("accounts:permission-table")).content.decode()
    assert all(role.label in page for role in Role)
    assert "School settings" not in page.split("<main")[0]


def test_terms_are_added_on_the_page() -> None:
    client = signed_in(Role.DATA_MANAGER)
    term = TermFactory.build(school=School.objects.get())
    fields = ("year", "name", "starts_on", "ends_on", "break_starts_on", "break_ends_on")
    page = client.post(reverse("students:term-create"), {f: getattr(term, f) for f in fields}, follow=True)
    assert "Saved: Autumn term 2026/27." in page.content.decode()
    wrong = client.post(reverse("students:term-create"), {f: getattr(term, f) for f in fields}).content.decode()
    assert "already an entry for the autumn term" in wrong


def test_the_staff_list_says_roles_and_where_in_a_fixed_number_of_queries(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    house = HouseFactory.create(name="Becket")
    group = TutorGroupFactory.create(school=house.school, name="11BEC", house=house)
    person(Role.TUTOR, group=group, last_name="Cole")
    helper = person(Role.ONE_TO_ONE_TUTOR, last_name="Diaz")
    for _ in range(3):
        CaseloadEntryFactory.create(membership=helper.memberships.get())
    for n in range(20):
        person(Role.HEAD_OF_HOUSE, house=House.objects.get(), last_name=f"Head{n}")
    client = signed_in(Role.DATA_MANAGER)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("groups:staff-list")).content.decode()
    for words in ("Tutor · 11BEC", "1:1 tutor · 3 single students", "Head of house · Becket"):
        assert words in page
