"""The story pages by time: what a page reads does not grow with what there is; its seams lose and repeat nothing."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Permission
from students.models import Student
from tests import factories as make
from tutoring.attendance.models import WeekCount
from tutoring.desk.calendar import Calendar
from tutoring.desk.story import FILTERS, PAGE, Page, Reading, story_page
from tutoring.desk.story_entries import Entry
from tutoring.diary.enums import State
from tutoring.followup.models import Warning
from tutoring.progress.models import Assessment, BehaviourEvent
from tutoring.referrals.models import Referral
from tutoring.sessions.models import NextStep, Reflection, TutorSession

pytestmark = pytest.mark.django_db
EVERYTHING = 100_000


@pytest.fixture
def tutor() -> User:
    return make.person(Role.TUTOR, group=make.TutorGroupFactory.create())


def days_ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


def page_of(student: Student, tutor: User, before: dt.date | None = None, size: int = PAGE, kind: str = "") -> Page:
    calendar = Calendar(timezone.localdate(), (), {})
    return story_page(Reading(student, tutor, frozenset(Permission), calendar, before, size), kind)


def walked(student: Student, tutor: User, size: int = PAGE, kind: str = "") -> Iterator[Page]:
    """All pages, as somebody reads on to the beginning."""
    page = page_of(student, tutor, None, size, kind)
    yield page
    while page.earlier:
        page = page_of(student, tutor, page.earlier, size, kind)
        yield page


@contextmanager
def rows_fetched() -> Iterator[list[int]]:
    """How many rows each statement brought."""
    found: list[int] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        found.append(context["cursor"].rowcount)
        return result

    with connection.execute_wrapper(count):
        yield found


def years_of_everything(student: Student, tutor: User, years: int) -> None:
    """Each week a conversation, a step done, own words and two sanctions; each term grades; one bad week in six."""
    weeks = [days_ago(0) - dt.timedelta(days=days_ago(0).weekday(), weeks=back) for back in range(1, 52 * years)]
    sessions = [make.TutorSessionFactory.build(student=student, author=tutor, held_on=week) for week in weeks]
    TutorSession.objects.bulk_create(sessions)
    NextStep.objects.bulk_create(
        make.NextStepFactory.build(session=s, student=student, done_on=s.held_on, due_on=s.held_on) for s in sessions
    )
    Reflection.objects.bulk_create(make.ReflectionFactory.build(student=student, taken_by=tutor) for _ in weeks)
    said = list(Reflection.objects.filter(student=student))
    for number, one in enumerate(said):
        one.written_at = timezone.now() - dt.timedelta(weeks=number)
    Reflection.objects.bulk_update(said, ["written_at"])
    BehaviourEvent.objects.bulk_create(
        make.BehaviourEventFactory.build(student=student, date=week, kind="negative", number=number)
        for week in weeks for number in (1, 2)
    )  # fmt: skip
    WeekCount.objects.bulk_create(
        WeekCount(student=student, week=week, possible=10, attended=10 - gone, unauthorised=gone)
        for number, week in enumerate(weeks) for gone in [0 if number % 6 else 10]
    )  # fmt: skip
    subjects = [make.SubjectFactory.create(school=student.school, name=name) for name in ("Art", "Maths", "Music")]
    places = [year * 10 + term for year in range(2026 - years, 2026) for term in (1, 2, 3)]
    drops = [make.DataDropFactory.create(school=student.school, name=f"Drop {at}", position=at) for at in places]
    Assessment.objects.bulk_create(
        make.AssessmentFactory.build(student=student, subject=s, data_drop=drop) for s in subjects for drop in drops
    )
    agency, stage = make.AgencyFactory.create(school=student.school), student.school.warning_stages.first()
    Referral.objects.bulk_create(
        make.ReferralFactory.build(student=student, agency=agency, referred_by=tutor, sent_on=week) for week in weeks
    )
    Warning.objects.bulk_create(
        make.WarningFactory.build(student=student, stage=stage, issued_by=tutor, issued_on=week) for week in weeks
    )


def test_a_page_fetches_no_more_of_twenty_years_than_of_two(tutor: User) -> None:
    """More only by drops and school years, of which a page holds more than two years have."""
    rows, statements = {}, set()
    tutor.has_perm(Permission.RUN_REPORTS)  # asked once
    for years in (2, 20):
        student = make.student_in(make.TutorGroupFactory.create())
        years_of_everything(student, tutor, years)
        for before in (None, days_ago(60)):
            for kind in FILTERS:
                with rows_fetched() as found:
                    page_of(student, tutor, before, kind=kind)
                rows[years, before, kind] = sum(found)
                statements.add((kind, len(found)))
    for (_, before, kind), number in rows.items():
        by_the_year = {"": 5 * PAGE, "attendance": 4 * PAGE, "progress": PAGE + 1}.get(kind, 0)
        assert number <= rows[2, before, kind] + by_the_year, (before, kind, rows)
    assert len(statements) == len(FILTERS)


def test_more_than_a_thousand_sanctions_are_all_told_once(tutor: User) -> None:
    """Each three in a week that ends before the next: 1,200 of them, the oldest too."""
    student = make.student_in(make.TutorGroupFactory.create())
    first = days_ago(0) - dt.timedelta(days=days_ago(0).weekday())
    weeks = [first - dt.timedelta(weeks=back) for back in range(1, 401)]
    BehaviourEvent.objects.bulk_create(
        make.BehaviourEventFactory.build(
            student=student, date=week + dt.timedelta(days=2 * number), kind="negative", category=f"Of {week}"
        )
        for week in weeks for number in range(3)
    )  # fmt: skip
    for kind in ("", "behaviour"):
        pages = list(walked(student, tutor, kind=kind))
        told = [entry.note for page in pages for entry in page.entries]
        assert told == [f"Of {week} ×3" for week in weeks]
        assert len(pages) == 400 / PAGE


def test_one_long_day_is_told_whole(tutor: User) -> None:
    """More of one source on one day than a page holds, and older ones after it."""
    student = make.student_in(make.TutorGroupFactory.create())
    days = [days_ago(3)] * 90 + [days_ago(4)]
    TutorSession.objects.bulk_create(
        make.TutorSessionFactory.build(student=student, author=tutor, held_on=day) for day in days
    )
    assert [len(page.entries) for page in walked(student, tutor)] == [90, 1]


def test_the_last_page_does_not_promise_another(tutor: User) -> None:
    student = make.student_in(make.TutorGroupFactory.create())
    for _ in range(4):
        make.TutorSessionFactory.create(student=student, author=tutor, held_on=days_ago(3))
    for size in (3, 4, 5):
        assert page_of(student, tutor, size=size).earlier is None


def _session(student: Student, tutor: User, day: dt.date, more: int) -> None:
    kind = ("one_to_one", "call_home", "agency")[more % 3]
    session = make.TutorSessionFactory.create(student=student, author=tutor, held_on=day, kind=kind)
    if more % 2:
        make.NextStepFactory.create(session=session, done_on=None if more > 3 else day, due_on=day)


def _plan(student: Student, tutor: User, day: dt.date, more: int) -> None:
    over = {"closed_on": day + dt.timedelta(days=more), "outcome": 1, "outcome_words": "Better."} if more > 2 else {}
    plan = make.ActionPlanFactory.create(
        student=student, made_by=tutor, started_on=day, review_on=day + dt.timedelta(days=40), **over
    )
    if not over:
        make.PlanReviewFactory.create(plan=plan, by=tutor, held_on=day, next_on=day + dt.timedelta(days=40))
        make.PlanStepFactory.create(plan=plan, due_on=day)


def _words(student: Student, tutor: User, day: dt.date, more: int) -> None:
    said = make.ReflectionFactory.create(student=student, taken_by=tutor)
    at = timezone.make_aware(dt.datetime(day.year, day.month, day.day, 3 * more))
    Reflection.objects.filter(pk=said.pk).update(written_at=at)


def _referral(student: Student, tutor: User, day: dt.date, more: int) -> None:
    closed = {"status": "finished", "closed_by": tutor, "outcome": "Done.", "feedback": "Told."} if more > 2 else {}
    closed |= {"closed_on": day + dt.timedelta(days=more)} if closed else {}
    make.ReferralFactory.create(student=student, referred_by=tutor, sent_on=day, **closed)


def _member(student: Student, tutor: User, day: dt.date, more: int) -> None:
    whole = make.InterventionFactory.create(lead=tutor)
    left = {"ends_on": day + dt.timedelta(days=more), "left_why": "Moved set."} if more > 2 else {}
    make.DoseFactory.create(
        member=make.MemberFactory.create(intervention=whole, student=student, starts_on=day, **left),
        meeting=make.SittingFactory.create(intervention=whole),
    )


def _warning(student: Student, tutor: User, day: dt.date, more: int) -> None:
    until = day + dt.timedelta(days=3 * more)
    decided = {"appeal": ("stands", "lifted")[more % 2], "appealed_on": day, "decided_by": tutor} if more > 2 else {}
    decided |= {"decided_on": day + dt.timedelta(days=1)} if decided else {}
    make.WarningFactory.create(student=student, issued_by=tutor, issued_on=day, expires_on=until, **decided)


def _missed(student: Student, tutor: User, day: dt.date, more: int) -> None:
    make.AppointmentFactory.create(
        student=student, staff=tutor, day=day, state=State.MISSED, starts_at=dt.time(8 + more), reason="Not there."
    )


def _sanctions(student: Student, tutor: User, day: dt.date, more: int) -> None:
    number = BehaviourEvent.objects.filter(student=student).count()
    kind = ("negative", "positive")[more % 2]
    make.BehaviourEventFactory.create(student=student, date=day, kind=kind, number=number + 1)


def _grades(student: Student, tutor: User, day: dt.date, more: int) -> None:
    """The nearer the day, the later the drop; `more` makes two of one term, and names that say none."""
    place = (2026 - (timezone.localdate() - day).days // 3) * 10 + more % 5
    drop = make.DataDropFactory.create(school=student.school, name=f"{student.pk} {place} {more}"[:60], position=place)
    subject = make.SubjectFactory.create(school=student.school)
    if not Assessment.objects.filter(student=student, data_drop=drop).exists():
        make.AssessmentFactory.create(student=student, data_drop=drop, subject=subject)


def _week(student: Student, tutor: User, day: dt.date, more: int) -> None:
    """Further back than a day of the others, so that there are years of them."""
    monday = day - dt.timedelta(days=day.weekday(), weeks=4 * (timezone.localdate() - day).days)
    counts = {"possible": 40, "attended": 40 - 2 * more, "unauthorised": 2 * more, "notice": more}
    WeekCount.objects.get_or_create(student=student, week=monday, defaults=counts)


KINDS = (_session, _plan, _words, _referral, _member, _warning, _missed, _sanctions, _grades, _week)
EVENTS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 24), st.integers(0, 6)), min_size=1, max_size=60
)  # fmt: skip


def told(entries: list[Entry]) -> Counter[tuple[Any, ...]]:
    return Counter((e.day, e.rank, e.title, e.note, e.chip, e.when, e.opens, e.session, e.reflection) for e in entries)


@given(events=EVENTS, size=st.integers(1, 6), kind=st.sampled_from(["", "", *FILTERS]))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_the_pages_together_are_the_whole_story(
    events: list[tuple[Callable[..., None], int, int]], size: int, kind: str, tutor: User
) -> None:
    student = make.student_in(make.TutorGroupFactory.create())
    for add, back, more in events:
        add(student, tutor, days_ago(back), more)
    whole = page_of(student, tutor, size=EVERYTHING, kind=kind)
    pages = list(walked(student, tutor, size, kind))
    paged = [entry for page in pages for entry in page.entries]
    assert whole.earlier is None
    assert [(e.day, e.rank) for e in paged] == [(e.day, e.rank) for e in whole.entries]
    assert told(paged) == told(whole.entries)
    assert all(len(page.entries) >= size for page in pages[:-1])
    assert pages[-1].entries or not whole.entries
    if not kind:
        assert sum(bool(e.session) for e in whole.entries) == sum(add is _session for add, _, _ in events)
        assert sum(bool(e.reflection) for e in whole.entries) == sum(add is _words for add, _, _ in events)
