"""Terms and closures: what the forms refuse, and in which words."""

import datetime as dt
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import School
from audit.models import Event
from students.forms import ClosureForm, TermForm
from students.models import Closure, Term
from students.services import add_closure, remove_closure, save_term
from tests.factories import ClosureFactory, SchoolFactory, TermFactory, person

pytestmark = pytest.mark.django_db
SPRING = {
    "year": 2026,
    "name": "SPR",
    "starts_on": "2027-01-05",
    "ends_on": "2027-03-24",
    "break_starts_on": "2027-02-15",
    "break_ends_on": "2027-02-19",
}


@pytest.fixture
def school() -> School:
    return TermFactory.create().school  # with the autumn term 2026


def term_errors(school: School, **changes: Any) -> dict[str, list[str]]:
    return dict(TermForm(SPRING | changes, school=school).errors)


def test_a_good_term_is_kept_and_recorded(school: School) -> None:
    form = TermForm(SPRING, school=school)
    assert form.is_valid(), form.errors
    term = save_term(term=form.instance, by=person(Role.DATA_MANAGER))
    assert Term.objects.get(pk=term.pk).starts_on == dt.date(2027, 1, 5)
    assert Event.objects.get(action="term.saved").object_id == str(term.pk)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ends_on": "2027-01-05"}, "ends_on", "after the first day"),
        ({"starts_on": "2026-12-18"}, "starts_on", "overlap with the autumn term 2026/27, 3 September 2026 to 18 Dec"),
        ({"name": "AUT"}, "name", "already an entry for the autumn term 2026/27"),
        ({"year": 2025}, "starts_on", "2025/26 runs from August to July"),
        ({"break_ends_on": ""}, "break_ends_on", "both days of half term, or neither"),
        ({"break_starts_on": ""}, "break_starts_on", "both days of half term, or neither"),
        ({"break_ends_on": "2027-02-12"}, "break_ends_on", "end after it starts"),
        ({"break_ends_on": "2027-03-29"}, "break_starts_on", "inside the term, 5 January 2027 to 24 March 2027"),
        ({"ends_on": "2027-12-24", "break_starts_on": "", "break_ends_on": ""}, "ends_on", "longer than 200 days"),
        ({"starts_on": "soon"}, "starts_on", "valid date"),
        ({"year": 99999}, "year", "four figures"),
        ({"year": 0}, "year", "four figures"),
    ],
)
def test_a_wrong_term_is_refused_in_plain_words(school: School, changes: Any, field: str, words: str) -> None:
    assert words in " ".join(term_errors(school, **changes)[field])


def test_another_schools_terms_are_no_obstacle(school: School) -> None:
    TermFactory.create(
        school=SchoolFactory.create(name="Elsewhere"), name="SPR", starts_on="2027-01-05", ends_on="2027-03-24"
    )
    assert not term_errors(school)


def test_a_term_may_keep_its_own_days(school: School) -> None:
    autumn = Term.objects.get()
    data = {"year": 2026, "name": "AUT", "starts_on": "2026-09-02", "ends_on": "2026-12-18"}
    assert TermForm(data, instance=autumn, school=school).is_valid()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-28", "weekend"),
        ("2026-12-28", "lies in no term"),
        ("2026-10-28", "lies in half term"),
        ("2026-11-27", "already closed"),
    ],
)
def test_a_pointless_closure_is_refused(school: School, day: str, words: str) -> None:
    ClosureFactory.create(school=school)
    assert words in ClosureForm({"date": day, "reason": "INSET"}, school=school).errors["date"][0]


def test_a_closure_comes_and_goes_and_both_are_recorded(school: School) -> None:
    by = person(Role.HEADTEACHER)
    form = ClosureForm({"date": "2026-11-26", "reason": "Polling day"}, school=school)
    assert form.is_valid(), form.errors
    closure = add_closure(closure=form.instance, by=by)
    remove_closure(closure=closure, by=by)
    assert not Closure.objects.exists()
    assert set(Event.objects.values_list("action", flat=True)) == {"closure.added", "closure.removed"}
