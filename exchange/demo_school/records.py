"""The invented school as rows: each function adds one thing's rows to the tables."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from psycopg.types.json import Jsonb

from accounts.demo import DEMO_PASSWORD
from accounts.enums import Mails, Role
from accounts.models import MAILS_AT, House, Membership, School, User
from exchange.demo_school import bank, people
from exchange.demo_school.curriculum import Timetable
from exchange.demo_school.identifiers import Keys
from exchange.demo_school.people import Colleague, Group, Pupil
from exchange.demo_school.school_year import Calendar
from exchange.demo_school.staffing import Staff
from exchange.demo_school.tables import Tables
from students.models import Closure, Term
from tutoring.conduct.models import ConductType
from tutoring.followup.models import WarningStage
from tutoring.groups.models import TutorAssignment, TutorGroup
from tutoring.plans.models import Barrier
from tutoring.progress.models import DataDrop, Subject

# The group that a tutor and its students were last year; sixth-form tutors stay in the sixth form.
LAST_YEAR = {7: 11, 12: 13}
# Weeks for which this school watches whoever is new: until after the first half term.
NEW_WEEKS = 12
# Every other role keeps the usual word.
CALLED = {"attendance_officer": "Attendance and welfare officer", "nurse": "School nurse"}


@dataclass
class Frame:
    """What every row needs: where it goes, keys, the calendar, who works here, and the keys of shared things."""

    tables: Tables
    keys: Keys
    calendar: Calendar
    staff: Staff
    timetable: Timetable
    school: UUID = field(init=False)
    subjects: dict[str, UUID] = field(default_factory=dict)
    drops: dict[str, UUID] = field(default_factory=dict)
    terms: dict[tuple[int, str], UUID] = field(default_factory=dict)
    groups: dict[tuple[int, str, int], Group] = field(default_factory=dict)
    barriers: dict[str, UUID] = field(default_factory=dict)
    models: dict[str, UUID] = field(default_factory=dict)  # topic → the model plan that plans of it grew out of
    planned: set[UUID] = field(default_factory=set)  # groups in which somebody has a plan already
    stages: list[WarningStage] = field(default_factory=list)
    alerted: set[UUID] = field(default_factory=set)  # groups from which somebody was alerted
    warned: set[UUID] = field(default_factory=set)  # groups in which somebody had a warning
    agencies: dict[str, UUID] = field(default_factory=dict)  # name → the entry of the directory
    referred: dict[UUID, int] = field(default_factory=dict)  # group → how many were referred from it
    digested: dict[UUID, int] = field(default_factory=dict)  # group → how many of its families get the weekly mail
    visited: dict[UUID, int] = field(default_factory=dict)  # group → how many of it have a home visit
    watched: dict[UUID, int] = field(default_factory=dict)  # group → pupils told so far, for watches
    helped: dict[UUID, int] = field(default_factory=dict)  # group → of how many of it something stands that helps
    joined: dict[UUID, int] = field(default_factory=dict)  # small group → of how many, tutor group → which of them
    seen: Counter[tuple[UUID, dt.date]] = field(default_factory=Counter)  # tutor and day → how many were seen
    keyed: set[UUID] = field(default_factory=set)  # pupils who have a key of the safeguarding file
    lined: set[UUID] = field(default_factory=set)  # pupils about whom staff need to know something
    concerned: set[UUID] = field(default_factory=set)  # groups of which somebody stands on the safeguarding file
    restrained: dict[UUID, int] = field(default_factory=dict)  # group → pupils told so far, for uses of force
    targets: dict[UUID, Pupil] = field(default_factory=dict)  # group → who says that something was done to them
    looked_into: dict[UUID, list[UUID]] = field(
        default_factory=dict
    )  # house → groups in which something is looked into
    reflected: dict[UUID, int] = field(default_factory=dict)  # group → of how many of it somebody wrote before a 1:1
    mentored: dict[UUID, int] = field(default_factory=dict)  # group → of how many of it somebody is mentor
    held: set[UUID] = field(default_factory=set)  # houses in which somebody has a handling plan
    asked: dict[UUID, int] = field(default_factory=dict)  # group → of how many of it teachers were asked
    taken: dict[tuple[UUID, int], UUID] = field(default_factory=dict)  # group and half of the day → its register
    checks: dict[UUID, list[UUID]] = field(default_factory=dict)  # group → its planner checks
    entered: dict[UUID, int] = field(default_factory=dict)  # group → pupils told so far
    conduct: dict[str, ConductType] = field(default_factory=dict)
    topics: dict[int, tuple[UUID, list[str]]] = field(default_factory=dict)  # week of this term → topic, its lines
    meetings: dict[UUID, list[UUID]] = field(default_factory=dict)  # group → its tutorials that were held
    handed: dict[UUID, int] = field(default_factory=dict)  # group → how many of it were handed over
    interventions: dict[UUID, list[Any]] = field(default_factory=dict)  # group → those its pupils are in
    mark_ends: list[str] = field(default_factory=list)
    # tutor → the times of their diary that are still to be given away
    coming: dict[UUID, Iterator[tuple[dt.date, dt.time]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.school = self.keys.new()
        self.barriers = dict(Barrier.objects.filter(school=None).values_list("name", "pk"))
        self.mark_ends = [
            f"\t{day}\t{session}\t{code}\t\\N\t\n"
            for day in self.calendar.days
            for session, code in (("AM", "/"), ("PM", "\\"))
        ]


def add_school(frame: Frame, name: str, houses: list[people.House], groups: list[Group]) -> None:
    """The school itself, its calendar, subjects, groups and everybody who works there."""
    tables, keys, calendar = frame.tables, frame.keys, frame.calendar
    tables.add(
        School, id=frame.school, name=name, dfe_number="9894001", new_weeks=NEW_WEEKS, role_labels=Jsonb(CALLED),
        behaviour_policy="https://school.example/behaviour",
    )  # fmt: skip
    for house in houses:
        tables.add(House, id=house.id, school_id=frame.school, name=house.name)
    for term in calendar.terms:
        key = frame.terms[term.year, term.name.value] = keys.new()
        tables.add(
            Term, id=key, school_id=frame.school, year=term.year, name=term.name.value, starts_on=term.starts_on,
            ends_on=term.ends_on, break_starts_on=term.break_starts_on, break_ends_on=term.break_ends_on,
        )  # fmt: skip
    for date, reason in calendar.closures:
        tables.add(Closure, id=keys.new(), school_id=frame.school, date=date, reason=reason)
    for department in bank.read("subjects")["departments"].values():
        for subject in department["subjects"]:
            frame.subjects[subject] = keys.new()
            tables.add(Subject, id=frame.subjects[subject], school_id=frame.school, name=subject)
    for term, day in calendar.drops():
        frame.drops[term.drop_name] = keys.new()
        tables.add(
            DataDrop, id=frame.drops[term.drop_name], school_id=frame.school, name=term.drop_name,
            position=term.drop_position, collected_on=day,
        )  # fmt: skip
    password = make_password(DEMO_PASSWORD) if settings.DEMO else ""
    for person in frame.staff.people:
        _add_colleague(frame, person, password)
    for group in groups:
        frame.groups[group.year, group.house.name, group.position] = group
        tables.add(
            TutorGroup, id=group.id, school_id=frame.school, name=group.name, year_group=group.year,
            house_id=group.house.id,
        )  # fmt: skip
    for group in groups:
        _add_tutor(frame, group)
    _add_cover(frame, groups)
    _add_key_stage(frame)


# Heads of house read what waits at the end of the day, safeguarding leads at once, everybody else in the morning.
MAILS = {
    Role.HEAD_OF_HOUSE: (Mails.DAILY, dt.time(16)), Role.DSL: (Mails.AT_ONCE, MAILS_AT),
    Role.HEADTEACHER: (Mails.NEVER, MAILS_AT),
}  # fmt: skip


def _add_key_stage(frame: Frame) -> None:
    """The head of Year 7 has the key stage: Years 8 and 9 too."""
    heads = frame.staff.by_role[Role.HEAD_OF_YEAR]
    head = next(head for head in heads if frame.staff.scopes[head, Role.HEAD_OF_YEAR]["year_group"] == 7)
    for year in (8, 9):
        frame.tables.add(
            Membership, id=frame.keys.new(), user_id=head.id, school_id=frame.school, role=Role.HEAD_OF_YEAR.value,
            starts_on=head.since, year_group=year,
        )  # fmt: skip


def _add_colleague(frame: Frame, person: Colleague, password: str) -> None:
    mails, mails_at = next((MAILS[r] for r in person.memberships if r in MAILS), (Mails.USUAL, MAILS_AT))
    frame.tables.add(
        User, id=person.id, email=person.email, title=person.title, first_name=person.first_name,
        last_name=person.last_name, school_id=frame.school, staff_code=person.code,
        password=password if person.named and password else make_password(None),
        date_joined=timezone.make_aware(dt.datetime.combine(person.since, dt.time(9))),
        mails=mails, mails_at=mails_at,
    )  # fmt: skip
    for role, key in person.memberships.items():
        frame.tables.add(
            Membership, id=key, user_id=person.id, school_id=frame.school, role=role.value, starts_on=person.since,
            **frame.staff.scopes[person, role],
        )  # fmt: skip


def _add_cover(frame: Frame, groups: list[Group]) -> None:
    """Of the first house, one invented tutor stands in for another this fortnight, and did once before."""
    house, today = groups[0].house, frame.calendar.today
    tutors = list(dict.fromkeys(g.tutor for g in groups if g.house is house and not g.tutor.named))
    if len(tutors) < 2:
        return
    away, deputy = tutors[:2]
    begins = max(today - dt.timedelta(days=2), away.since)
    earlier = today - dt.timedelta(days=40)
    for starts_on, ends_on in ((begins, today + dt.timedelta(days=9)), (earlier, earlier + dt.timedelta(days=4))):
        if starts_on >= away.since:
            frame.tables.add(
                Membership, id=frame.keys.new(), user_id=deputy.id, school_id=frame.school, role=Role.TUTOR.value,
                starts_on=starts_on, ends_on=ends_on, stands_in_for_id=away.memberships[Role.TUTOR],
                **frame.staff.scopes[away, Role.TUTOR],
            )  # fmt: skip


def previous_group(frame: Frame, group: Group) -> Group | None:
    year = LAST_YEAR.get(group.year, group.year - 1)
    return frame.groups.get((year, group.house.name, group.position))


def _add_tutor(frame: Frame, group: Group) -> None:
    begins, membership = (frame.calendar.year_starts_on, group.tutor.memberships[Role.TUTOR])
    frame.tables.add(
        TutorAssignment, id=frame.keys.new(), membership_id=membership, group_id=group.id, starts_on=begins
    )
    if earlier := previous_group(frame, group):
        starts_on = frame.calendar.first_day_of_year(frame.calendar.current.year - 1)
        frame.tables.add(
            TutorAssignment, id=frame.keys.new(), membership_id=membership, group_id=earlier.id, starts_on=starts_on,
            ends_on=begins - dt.timedelta(days=1),
        )  # fmt: skip
