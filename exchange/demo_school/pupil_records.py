"""One pupil as rows, told in the order in which one thing follows from another."""

import datetime as dt
import uuid

from django.utils import timezone

from accounts.enums import Role
from exchange.demo_school import (
    alerts,
    asked,
    behaviour,
    comments,
    concerns,
    conduct,
    conversations,
    diary,
    digests,
    force,
    handovers,
    interventions,
    looked_into,
    mentors,
    plans,
    progress,
    reflections,
    registers,
    staff_lines,
    strategies,
    taken,
    tutorials,
    visits,
    warnings,
    watches,
)
from exchange.demo_school.agreements import agreements_of
from exchange.demo_school.ethnicity import add_ethnicity
from exchange.demo_school.families import rows_of
from exchange.demo_school.homes import add_home_contact, add_praise, first_to_ring
from exchange.demo_school.marks import Register
from exchange.demo_school.people import Pupil
from exchange.demo_school.records import Frame, previous_group
from exchange.demo_school.referrals import add_referral
from exchange.demo_school.wording import set_words
from students.models import Contact, Student
from tutoring.groups.models import CaseloadEntry, GroupMembership
from tutoring.progress.models import Assessment, BehaviourEvent, TermComment
from tutoring.sessions.models import Agreement, AgreementOutcome, NextStep, TutorSession

SEEN_AGAIN = dt.timedelta(days=8)  # then somebody says whether what was agreed happened


def add_pupil(frame: Frame, pupil: Pupil) -> None:
    """Everything about one pupil, told in the order in which one thing follows from another."""
    calendar = frame.calendar
    pupil.subjects = {
        s: frame.timetable.teacher_of(pupil, s, pupil.year) for s in frame.timetable.subjects_of(pupil, pupil.year)
    }
    register = registers.register_of(pupil, calendar)
    results = progress.results_of(pupil, calendar, frame.timetable, register.missed_share())
    set_words(pupil, results)
    contacts = _add_student(frame, pupil)
    add_ethnicity(frame, pupil)
    home = first_to_ring(contacts)
    _add_places(frame, pupil)
    _add_marks(frame, pupil, register)
    taken.add_entries(frame, pupil, register)
    for result in results:
        _add_result(frame, pupil, result)
    entries = behaviour.entries_of(pupil, calendar, register)
    for entry in entries:
        frame.tables.add(
            BehaviourEvent, id=frame.keys.new(), student_id=pupil.id, date=entry.day, kind=entry.kind,
            category=entry.category, points=entry.points, staff_id=entry.staff.id, staff_code=entry.staff.code,
            comment=entry.comment, number=entry.number,
        )  # fmt: skip
    talks = conversations.conversations_of(pupil, calendar, register, results, frame.staff, frame.keys)
    for conversation in talks:
        _add_conversation(frame, pupil, conversation)
        add_home_contact(frame, pupil, conversation, home)
    add_praise(frame, pupil, home, [conversation.day for conversation in talks])
    diary.add_appointments(frame, pupil, talks)
    diary.add_small_groups(frame, pupil)
    _add_comments(frame, pupil, register, results)
    plans.add_plan(frame, pupil, talks)
    warnings.add_warnings(frame, pupil, entries)
    alerts.add_alert(frame, pupil)
    add_referral(frame, pupil)
    conduct.add_conduct(frame, pupil)
    handovers.add_handover(frame, pupil)
    visits.add_visit(frame, pupil)
    asked.add_asks(frame, pupil)
    digests.add_digest(frame, pupil, contacts)
    strategies.add_strategies(frame, pupil)
    reflections.add_reflections(frame, pupil)
    concerns.add_concern(frame, pupil)
    force.add_incident(frame, pupil)
    staff_lines.add_line(frame, pupil)
    looked_into.add_investigation(frame, pupil)
    mentors.add_mentor(frame, pupil)
    watches.add_watch(frame, pupil)
    interventions.add_interventions(frame, pupil)
    tutorials.add_presence(frame, pupil)


def _add_student(frame: Frame, pupil: Pupil) -> list[Contact]:
    """The pupil and everybody at home; returns those, in the order in which to ring."""
    initial = pupil.forename[:1].lower() + "".join(c for c in pupil.surname.lower() if c.isalpha())
    frame.tables.add(
        Student, id=pupil.id, school_id=frame.school, upn=pupil.upn, admission_number=f"{pupil.number:06d}",
        legal_forename=pupil.forename, legal_surname=pupil.surname, preferred_forename=pupil.preferred,
        preferred_surname=pupil.surname, date_of_birth=pupil.born, sex=pupil.sex, year_group=pupil.year,
        house_id=pupil.house.id, email=f"{initial}{pupil.number}@students.{frame.staff.people[0].email.split('@')[1]}",
        joined_on=pupil.joined_on, left_on=pupil.left_on,
        enrolment_status="M" if pupil.story.pupil.get("dual") else "C", sen_status=pupil.sen, sen_need=pupil.need,
        pupil_premium=pupil.pupil_premium, eal=pupil.eal, looked_after=pupil.looked_after,
    )  # fmt: skip
    contacts = [Contact(id=frame.keys.new(), student_id=pupil.id, **row) for row in rows_of(pupil)]
    for contact, row in zip(contacts, rows_of(pupil), strict=True):
        frame.tables.add(Contact, id=contact.id, student_id=pupil.id, **row)
    return contacts


def _add_places(frame: Frame, pupil: Pupil) -> None:
    """Their group this year and last, and the people who have them singly."""
    tables, keys, begins = frame.tables, frame.keys, frame.calendar.year_starts_on
    starts_on = max(begins, pupil.joined_on)
    tables.add(
        GroupMembership, id=keys.new(), student_id=pupil.id, group_id=pupil.group.id, starts_on=starts_on,
        ends_on=pupil.left_on,
    )  # fmt: skip
    earlier = previous_group(frame, pupil.group) if pupil.year not in (7, 12) else None
    if earlier and pupil.joined_on < begins:
        since = max(pupil.joined_on, frame.calendar.first_day_of_year(frame.calendar.current.year - 1))
        tables.add(
            GroupMembership, id=keys.new(), student_id=pupil.id, group_id=earlier.id, starts_on=since,
            ends_on=begins - dt.timedelta(days=1),
        )  # fmt: skip
    holders = {teacher.memberships[Role.SUBJECT_TEACHER] for teacher in pupil.subjects.values()}
    singly = ((pupil.one_to_one, Role.ONE_TO_ONE_TUTOR), (pupil.mentor, Role.CONTRIBUTOR))
    keyed = [*sorted(holders), *(person.memberships[role] for person, role in singly if person)]
    for membership in keyed:
        tables.add(
            CaseloadEntry, id=keys.new(), membership_id=membership, student_id=pupil.id, starts_on=starts_on,
            ends_on=pupil.left_on,
        )  # fmt: skip


def _add_marks(frame: Frame, pupil: Pupil, register: Register) -> None:
    """As ready lines: most sessions are plain present and their ends are shared by all."""
    told, days = min(register.end, taken.sessions_told(frame.calendar)), frame.calendar.days
    ends = frame.mark_ends[register.first : told]
    for position, (code, minutes, comment) in register.marks.items():
        if position >= told:
            continue
        late = "\\N" if minutes is None else minutes
        session = "PM" if position % 2 else "AM"
        ends[position - register.first] = f"\t{days[position // 2]}\t{session}\t{code}\t{late}\t{comment}\n"
    if ends:
        key = str(pupil.id)
        frame.tables.add_marks(key + key.join(ends), len(ends))


def _add_result(frame: Frame, pupil: Pupil, result: progress.Result) -> None:
    frame.tables.add(
        Assessment, id=frame.keys.new(), student_id=pupil.id, subject_id=frame.subjects[result.subject],
        data_drop_id=frame.drops[result.term.drop_name], teacher_id=result.teacher.id, teacher_code=result.teacher.code,
        target=result.grade(result.target), working_at=result.grade(result.level), effort=result.effort,
        comment=result.comment,
    )  # fmt: skip


def _add_conversation(frame: Frame, pupil: Pupil, conversation: conversations.Conversation) -> None:
    scene, tables = conversation.scene, frame.tables
    written = timezone.make_aware(dt.datetime.combine(conversation.day, dt.time(15, 40)))
    face_to_face = scene.kind == "one_to_one"
    tables.add(
        TutorSession, id=conversation.id, student_id=pupil.id, author_id=conversation.author.id,
        submission=conversation.submission, kind=scene.kind, topics=list(scene.topics), held_on=conversation.day,
        minutes=conversation.minutes, place=f"Room {conversation.author.room}" if face_to_face else "",
        happened=conversation.happened, student_words=conversation.words, wellbeing=conversation.wellbeing,
        confidentiality=scene.confidentiality, for_report=conversation.for_report, created_at=written,
        updated_at=written, tags=interventions.tags_of(conversation.id),
    )  # fmt: skip
    for leader in conversation.named:
        tables.add(TutorSession.named_staff.through, tutorsession_id=conversation.id, user_id=leader.id)
    for step in conversation.steps:
        tables.add(
            NextStep, id=frame.keys.new(), session_id=conversation.id, student_id=pupil.id, text=step.text,
            owner=step.owner, owner_staff_id=step.staff.id if step.staff else None, due_on=step.due_on,
            done_on=step.done_on, outcome=step.outcome,
        )  # fmt: skip
    _add_agreements(frame, pupil, conversation)


def _add_agreements(frame: Frame, pupil: Pupil, conversation: conversations.Conversation) -> None:
    for place, agreed in enumerate(agreements_of(conversation, always=not pupil.story.everyday), start=1):
        answered = agreed.answer != "open"
        frame.tables.add(
            Agreement, id=agreed.id, session_id=conversation.id, student_id=pupil.id, position=place,
            text=agreed.text, answer=agreed.answer, student_text=agreed.student_text,
            answered_on=conversation.day if answered else None, answered_how="device" if answered else "",
        )  # fmt: skip
        said = conversation.day + SEEN_AGAIN
        if agreed.happened and said < frame.calendar.today:
            frame.tables.add(
                AgreementOutcome, id=uuid.uuid5(agreed.id, "outcome"), agreement_id=agreed.id,
                session_id=conversation.id, student_id=pupil.id, happened=agreed.happened,
                said_by_id=conversation.author.id, said_at=timezone.make_aware(dt.datetime.combine(said, dt.time(12))),
            )  # fmt: skip


def _add_comments(frame: Frame, pupil: Pupil, register: Register, results: list[progress.Result]) -> None:
    calendar = frame.calendar
    for term in (calendar.before, calendar.current):
        found = comments.comment_of(pupil, calendar, term, register, results)
        if found is None:
            continue
        text, day = found
        was_theirs = pupil.year != 12 or term.year == calendar.current.year
        author = pupil.group.tutor if was_theirs else pupil.house.leaders[0]
        frame.tables.add(
            TermComment, id=frame.keys.new(), student_id=pupil.id, term_id=frame.terms[term.year, term.name.value],
            author_id=author.id, text=text,
            updated_at=timezone.make_aware(dt.datetime.combine(day, dt.time(16, 10))),
        )  # fmt: skip
