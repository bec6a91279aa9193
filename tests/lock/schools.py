"""A whole school whose every text carries one word, so that a page of another school that says the word has leaked."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, YEAR_ROLES, Role
from accounts.models import House, School, User
from accounts.step_up import elevate
from exchange.enums import RunState
from students.models import Student, Term
from tests import factories as make
from tests.conventions.access import TABLE
from tests.conventions.test_access import ADDRESSES
from tests.reports.scenes import made_report, mark_weeks
from tutoring.groups.models import TutorGroup
from tutoring.sessions.enums import Confidentiality

GROUPS, IN_GROUP = 2, 3
WEEKS = ["/" * 10, "OO////L///", "/L//OO////"]


@dataclass
class Whole:
    """One school; `subjects` has something of its own for each kind of argument in the table of addresses."""

    word: str
    school: School
    term: Term
    houses: list[House]
    groups: list[TutorGroup]
    students: list[Student]
    people: dict[Role, User]
    subjects: dict[str, Any]

    @property
    def keys(self) -> set[str]:
        """Of its people and students."""
        return {str(row.pk) for row in (*self.students, *self.school.staff.all())}

    def path(self, name: str, **changed: Any) -> str:
        """The address with something of this school as its argument."""
        address, subject = ADDRESSES[name], TABLE[name].subject
        value = self.subjects[subject] if subject else {}
        kwargs = dict(value) if isinstance(value, dict) else dict.fromkeys(address.arguments, value)
        return reverse(name, kwargs=kwargs | changed)


def build_school(word: str) -> Whole:
    """Two houses, two groups of three, a person of every role, and something of every kind about each student."""
    school = make.SchoolFactory.create(name=f"{word} School")
    today, day = timezone.localdate(), dt.timedelta(days=1)
    term = make.TermFactory.create(
        school=school, starts_on=today - 60 * day, ends_on=today + 30 * day, break_starts_on=None, break_ends_on=None
    )
    houses = [make.HouseFactory.create(school=school, name=f"{word} {n}") for n in ("Becket", "Curie")]
    groups = [
        make.TutorGroupFactory.create(school=school, house=house, name=f"{11 - n}{word}", year_group=11 - n)
        for n, house in enumerate(houses)
    ]
    students = [_student(word, group, n) for group in groups for n in range(IN_GROUP)]
    people = {role: _person(word, role, groups[0], students[0]) for role in Role}
    whole = Whole(word, school, term, houses, groups, students, people, {})
    for number, student in enumerate(students):
        _about(whole, student, number)
    whole.subjects |= _subjects(whole)
    return whole


def _student(word: str, group: TutorGroup, number: int) -> Student:
    names = {"legal_forename": f"{word}a", "legal_surname": f"{word}son{number}"}
    return make.student_in(
        group, sen_status="K", pupil_premium=True, admission_number=f"{word}{group.year_group}{number}", **names
    )


def _person(word: str, role: Role, group: TutorGroup, student: Student) -> User:
    scope: dict[str, Any] = {"house": group.house} if role in HOUSE_ROLES else {}
    scope |= {"year_group": group.year_group} if role in YEAR_ROLES else {}
    scope |= {"group": group, "student": student} if role in ASSIGNED_ROLES else {}
    code = f"{word[:3]}{list(Role).index(role)}"
    return make.person(
        role, school=group.school, first_name=word, last_name=f"{word}-{role.label}", staff_code=code,
        email=f"{role}@{word.lower()}.example", **scope,
    )  # fmt: skip


def _about(whole: Whole, student: Student, number: int) -> None:
    word, school, staff = whole.word, whole.school, list(whole.people.values())
    make.ContactFactory.create(student=student, forename=word, surname=f"{word}son", phone="07700 900456")
    mark_weeks(student, WEEKS, timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday() + 28))
    subject = make.SubjectFactory.create(school=school, name=f"{word} studies")
    drop = make.DataDropFactory.create(school=school, name=f"{word} drop")
    make.AssessmentFactory.create(student=student, subject=subject, data_drop=drop, comment=f"{word} advice")
    make.BehaviourEventFactory.create(
        student=student, date=timezone.localdate(), category=word, comment=f"{word} was kind"
    )
    make.TermCommentFactory.create(student=student, term=whole.term, author=staff[0], text=f"{word} did well.")
    day = timezone.localdate() - dt.timedelta(days=9)
    for place, level in enumerate(Confidentiality):
        author = whole.people[Role.TUTOR] if place == 0 else staff[(number + place) % len(staff)]
        talk = make.TutorSessionFactory.create(
            student=student, author=author, confidentiality=level, for_report=True, place=f"{word} room",
            happened=f"{word} talked.", student_words=f"{word} said so.", held_on=day,
        )  # fmt: skip
        talk.named_staff.add(staff[(number + 3) % len(staff)])
        due = timezone.localdate() - dt.timedelta(days=2)
        make.NextStepFactory.create(session=talk, owner_staff=author, text=f"{word} rings", due_on=due)


def _intervention(whole: Whole, student: Student, lead: User) -> dict[str, Any]:
    it = make.InterventionFactory.create(lead=lead, name=f"{whole.word} readers", about=f"{whole.word} reads")
    member = make.MemberFactory.create(intervention=it, student=student)
    meeting = make.SittingFactory.create(intervention=it, note=f"{whole.word} books")
    make.DoseFactory.create(meeting=meeting, member=member)
    return {"intervention": it.pk, "intervention member": member.pk, "intervention meeting": meeting.pk}


def _held(whole: Whole) -> dict[str, Any]:
    """A line manager, and a role by which somebody has a single student."""
    role, work = (whole.people[role].memberships.get() for role in (Role.TUTOR, Role.ONE_TO_ONE_TUTOR))
    line = make.LineManagerFactory.create(person=role.user, manager=whole.people[Role.SENCO])
    return {
        "work held": work.pk, "single student": work.caseload.all()[0].pk,
        "line held": {"pk": role.user_id, "line": line.pk},
    }  # fmt: skip


def _subjects(whole: Whole) -> dict[str, Any]:
    student, head = whole.students[0], whole.people[Role.HEADTEACHER]
    report = made_report(student, head)
    finding = {"file": f"{whole.word}.csv", "line": 1, "column": "name", "value": whole.word, "severity": "warning"}
    found = {"findings": [finding | {"code": "odd", "message": whole.word}], "files": [], "totals": {}, "also": {}}
    run = make.ImportRunFactory.create(
        school=whole.school, requested_by=whole.people[Role.DATA_MANAGER], state=RunState.READY, report=found
    )
    session = student.tutor_sessions.filter(author=whole.people[Role.TUTOR])[0]
    make.DraftFactory.create(user=head, form=f"session:{student.pk}")
    return {
        "student": student.pk, "session": session.pk, "step": session.steps.all()[0].pk,
        "agreement": make.AgreementFactory.create(session=session, text=f"{whole.word} agreed").pk,
        "run": report.batch_id,
        "report": report.pk, "form": f"session:{student.pk}", "term": whole.term.pk, "import": run.pk,
        "closure": make.ClosureFactory.create(school=whole.school, reason=f"{whole.word} day").pk, "kind": "csv",
        "colleague": whole.people[Role.SENCO].pk,
        **_held(whole), "record": {"pk": student.pk, "kind": "csv"},
        "appointment": make.AppointmentFactory.create(student=student, staff=session.author).pk,
        "slot": make.SlotFactory.create(staff=session.author, room=f"{whole.word} room").pk,
        "calendar": make.calendar_token(session.author),
        "session_tag": make.SessionTagFactory.create(school=whole.school, name=f"{whole.word} tag").pk,
        "session_kind": whole.school.session_kinds.all()[0].pk,
        "barrier": make.BarrierFactory.create(school=whole.school, name=f"{whole.word} bus").pk,
        "plan": make.ActionPlanFactory.create(student=student, made_by=session.author).pk,
        "warning": make.WarningFactory.create(
            student=student, issued_by=session.author, reason=f"{whole.word} left", student_response=whole.word
        ).pk,
        "group": student.group_memberships.all()[0].group_id,
        "handover": make.HandoverFactory.create(
            student=student, from_tutor=session.author, helps=f"{whole.word} helps", note=whole.word, handed_on=None
        ).pk,
        "alert": make.AlertFactory.create(
            student=student, raised_by=session.author, to=head, what=f"{whole.word} worries", recommendation=whole.word
        ).pk,
        "ask": (
            ask := make.AskFactory.create(
                student=student, asked_by=session.author, teacher=head, subjects=f"{whole.word} studies",
                answers=["Usually good", "Well"], words=f"{whole.word} words", answered_at=timezone.now(), how="link",
            )
        ).pk,
        "round": ask.round,
        **_file(whole, student, session.author),
        "ask link": "a-word-that-is-no-token",
        "stop link": "a-word-that-is-no-token",
        "cover": make.cover_of(session.author).pk,
        **_force(whole, student, session.author),
        **_investigation(whole, student, session.author),
        **_told(whole, student, session.author),
        **_support(whole, student, session.author),
        **_days(whole, student, session.author),
    }  # fmt: skip


def _support(whole: Whole, student: Student, author: User) -> dict[str, Any]:
    head = whole.people[Role.HEADTEACHER]
    return {
        "home contact": make.DigestChoiceFactory.create(
            contact__student=student, contact__surname=f"{whole.word} home", recorded_by=author
        ).contact_id,
        "watch": make.CheckInFactory.create(
            watch__student=student, watch__who=author, watch__reason=f"{whole.word} bus",
            words=f"{whole.word} stays",
        ).watch_id,
        "strategy card": make.StrategyCardFactory.create(
            student=student, author=author, text=f"{whole.word} door"
        ).pk,
        "habit": make.HabitCheckFactory.create(
            target__plan__student=student, target__text=f"{whole.word} by 8.35"
        ).target_id,
        "handling student": _strategies(whole, student, author),
        "visit": make.HomeVisitFactory.create(
            student=student, visitor=author, told=head, note=f"{whole.word} visit"
        ).pk,
        **_intervention(whole, student, author),
        "referral": _referral(whole, student, author).pk,
        **_around(whole, student, author),
        "agency": make.AgencyFactory.create(school=whole.school, name=f"{whole.word} agency").pk,
        "agency contact": make.AgencyContactFactory.create(
            agency__school=whole.school, agency__name=f"{whole.word} housing", name=f"{whole.word} worker"
        ).pk,
    }  # fmt: skip


def _days(whole: Whole, student: Student, author: User) -> dict[str, Any]:
    return {
        "conduct entry": make.ConductEntryFactory.create(
            student=student, author=author, comment=f"{whole.word} carried chairs"
        ).pk,
        "register group": make.RegisterEntryFactory.create(
            register__group=whole.groups[0], register__by=author, student=student, reason=f"{whole.word} rang"
        ).register.group_id,
        "planner group": whole.groups[0].pk,
        "planner check": make.PlannerExceptionFactory.create(
            check_of__group=whole.groups[0], check_of__by=author, student=student, words=f"{whole.word} dog"
        ).check_of_id,
        "tutorial": _tutorial(whole, author).series_id,
        "tutorial day": {
            "pk": _tutorial(whole, author).series_id,
            "day": _tutorial(whole, author).day.isoformat(),
        },
        "tutorial meeting": make.PresenceFactory.create(
            meeting=_tutorial(whole, author), student=student
        ).meeting_id,
        "event": _event(whole, author),
        "topic": make.TopicFactory.create(term=whole.term, week=19, title=f"{whole.word} online").pk,
        "conduct type": make.ConductTypeFactory.create(school=whole.school, name=f"{whole.word} star").pk,
        "house type": make.ConductTypeFactory.create(
            school=whole.school, house=student.house, name=f"{whole.word} cup"
        ).pk,
        "shared type": make.ConductTypeFactory.create(
            school=whole.school, house=make.HouseFactory.create(school=whole.school, name=f"{whole.word} house"),
            name=f"{whole.word} badge", shared=True,
        ).pk,
        "stage": make.WarningStageFactory.create(school=whole.school, name=f"{whole.word} stage").pk,
        "model": make.ModelPlanFactory.create(author=author, title=f"{whole.word} model").pk,
        "model use": {
            "student": student.pk,
            "model": make.ModelPlanFactory.create(author=author, title=f"{whole.word} model").pk,
        },
        "plan step": make.PlanStepFactory.create(plan__student=student, owner_staff=author).pk,
    }  # fmt: skip


def _file(whole: Whole, student: Student, by: User) -> dict[str, Any]:
    """A concern about this student, which the leads of the other school may not see either."""
    receipt = make.ReceiptFactory.create(reporter=by, concern__school=whole.school)
    make.ConcernChildFactory.create(concern=receipt.concern, student=student)
    attachment = make.AttachmentFactory.create(entry=make.EntryFactory.create(concern=receipt.concern))
    due = make.DueFactory.create(concern=receipt.concern, owner=by, made_by=by)
    standing = make.StandingFactory.create(student=student, written_by=by)
    transfer = make.TransferFactory.create(student=student, begun_by=by)
    make.PackageFactory.create(transfer=transfer, made_by=by)
    hold = make.HoldFactory.create(student=student, placed_by=by)
    review = make.ReviewFactory.create(student=student, by=by)
    return {
        "receipt": receipt.pk,
        "concern": receipt.concern_id,
        "child on file": student.pk,
        "due": due.pk,
        "standing": standing.pk,
        "attachment": {"pk": receipt.concern_id, "attachment": attachment.pk},
        "transfer": transfer.pk,
        "hold": hold.pk,
        "proposal": review.pk,
        "certificate": make.CertificateFactory.create(review__student=student, review__by=by).pk,
        "retention class": make.RetentionClassFactory.create(school=whole.school).pk,
    }


def _told(whole: Whole, student: Student, by: User) -> dict[str, Any]:
    """A line to staff about this student, broken glass, and a lead kept from a file who waits for a second word."""
    line = make.StaffLineFactory.create(student=student, published_by=by)
    make.StaffLineReaderFactory.create(line=line, person=by)
    make.HandoverAnswerFactory.create(handover__student=student, handover__from_tutor=by, person=by)
    confirmation = make.ConfirmationFactory.create(
        kept__person__school=whole.school, kept__concern__school=whole.school, kept__set_by=by
    )
    glass = make.GlassBreakFactory.create(student=student, person=by)
    return {"line": line.pk, "line for me": line.pk, "confirmation": confirmation.pk, "glass": glass.pk}


def _force(whole: Whole, student: Student, by: User) -> dict[str, Any]:
    """A record about this student, which nobody of the other school may see."""
    incident = make.IncidentFactory.create(student=student, recorded_by=by)
    entry = make.IncidentEntryFactory.create(incident=incident, kind="letter")
    return {
        "incident": incident.pk,
        "incident entry": {"pk": incident.pk, "kind": "added"},
        "incident letter": {"pk": incident.pk, "entry": entry.pk},
    }


def _investigation(whole: Whole, student: Student, by: User) -> dict[str, Any]:
    """About this student, which nobody of the other school may see."""
    one = make.InvestigationFactory.create(school=whole.school, lead=by)
    make.PartyFactory.create(investigation=one, student=student)
    make.InvestigationKeyFactory.create(investigation=one, student=student)
    make.InvestigationEntryFactory.create(investigation=one)
    saw = make.PartyFactory.create(investigation=one, staff=by, part="witness")
    mine, taken = make.StatementFactory.create(party=saw), make.StatementFactory.create(party=one.parties.first())
    make.StatementKeyFactory.create(statement=mine)
    follow_up = make.FollowUpFactory.create(investigation=one)
    make.StatementWordsFactory.create(statement__party=one.parties.first())
    return {
        "investigation statement": {"pk": one.pk, "statement": taken.pk},
        "statement of mine": mine.pk,
        "follow-up": {"pk": one.pk, "follow_up": follow_up.pk},
        "investigation": one.pk,
        "investigation entry": {"pk": one.pk, "kind": "added"},
    }


def _event(whole: Whole, by: User) -> Any:
    """Of this school, for one of its houses."""
    event = make.SchoolEventFactory.create(
        school=whole.school, lead=by, title=f"{whole.word} evening", place=f"{whole.word} hall", told_by=by,
        told_on=timezone.localdate(), outcome=f"{whole.word} came", next_time=f"{whole.word} again",
    )  # fmt: skip
    make.AudienceFactory.create(event=event, year_group=None, house=whole.houses[0])
    return event.pk


def _tutorial(whole: Whole, by: User) -> Any:
    """The same meeting each time."""
    monday = whole.term.starts_on + dt.timedelta(days=-whole.term.starts_on.weekday() % 7)
    series = whole.groups[0].tutorials.first() or make.TutorialFactory.create(
        group=whole.groups[0], made_by=by, room=f"{whole.word} hall", starts_on=monday
    )
    return make.MeetingFactory.create(series=series, note=f"{whole.word} is loud")


def _strategies(whole: Whole, student: Student, by: User) -> Any:
    make.OwnWordsFactory.create(student=student, made_by=by, strengths=f"{whole.word} goals")
    make.ReflectionFactory.create(student=student, taken_by=by, said=[f"{whole.word} bus"], wish=f"{whole.word} wish")
    part = make.TeamPartFactory.create(
        student=student, plan__made_by=by, plan__calms=f"{whole.word} space", triggers=f"{whole.word} names"
    )
    return part.student_id


def _referral(whole: Whole, student: Student, by: User) -> Any:
    referral = make.ReferralFactory.create(
        student=student, agency__name=f"{whole.word} agency", referred_by=by, reason=f"{whole.word} is moving",
        consent_words=whole.word,
    )  # fmt: skip
    make.ReferralNoteFactory.create(referral=referral, words=f"{whole.word} summary")
    return referral


def _around(whole: Whole, student: Student, by: User) -> dict[str, Any]:
    """Somebody outside, the key person, and a meeting of theirs."""
    person = make.PersonAroundFactory.create(
        student=student, added_by=by, name=f"{whole.word} Around", may_know=f"{whole.word} only", note=whole.word
    )
    make.KeyPersonFactory.create(student=student, staff=by)
    mentoring = make.MentoringFactory.create(student=student, mentor=by, set_by=by, strengths=f"{whole.word} kind")
    meeting = make.MeetingRecordFactory.create(
        session__student=student, session__author=by, session__happened=f"{whole.word} met",
        decided=f"{whole.word} stays", came=[person.name], next_on=dt.date(2026, 12, 9),
    )  # fmt: skip
    return {"person around": person.pk, "meeting": meeting.session_id, "mentoring": mentoring.pk}


def client_of(user: User) -> Client:
    """Signed in, and has just proved again who they are: what is hidden then is not hidden by the proof."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    request = RequestFactory().get("/")
    request.user, request.session = user, client.session
    elevate(request)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key or ""
    return client


def words_of(answer: Any) -> str:
    """All an answer says in lower case: headers, pages, cells of sheets, lines of PDFs, files in archives."""
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{headers}\n{' '.join(_texts(b''.join(answer)))}".lower()


def _texts(content: bytes) -> Iterator[str]:
    if content.startswith(b"%PDF"):
        yield from (page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    elif not content.startswith(b"PK"):
        yield content.decode()
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            yield from names
            if "xl/workbook.xml" in names:
                yield from _cells(content)
            else:
                for name in names:
                    yield from _texts(archive.read(name))


def _cells(content: bytes) -> Iterable[str]:
    sheets = load_workbook(io.BytesIO(content))
    return [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
