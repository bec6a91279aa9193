"""One school in which every private word is a canary, and who may hear each: said here, not asked of the code.

Two students, each with one of everything: `near`, whom a person of every role reaches, and `far`, of another group,
house and year, whom only those hear of who have the whole school. A canary is a word like `plancanaryfar`: of which
level, and of whom. What a level is for whom stands in LEVELS as docs/permissions.md and the decisions tell it.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from pypdf import PdfReader

from accounts.enums import ASSIGNED_ROLES, HOUSE_ROLES, WHOLE_SCHOOL_ROLES, YEAR_ROLES
from accounts.enums import Role as R
from accounts.models import User
from students.models import Student
from tests import factories as make
from tutoring.sessions.enums import Answer, AnsweredHow, Confidentiality

TEAM = frozenset(
    {R.TUTOR, R.ONE_TO_ONE_TUTOR, R.HEAD_OF_HOUSE, R.DEPUTY_HEAD_OF_HOUSE, R.HEAD_OF_YEAR, R.DSL, R.DEPUTY_DSL}
    | {R.HEADTEACHER, R.SENIOR_LEADER, R.SENCO}
)
TEACHING = TEAM | {R.SUBJECT_TEACHER, R.NURSE}
FAMILY = TEAM | {R.DATA_MANAGER, R.ATTENDANCE_OFFICER, R.NURSE}
LEARNING = TEAM | {R.SUBJECT_TEACHER, R.DATA_MANAGER}
HELPING = TEAM | {R.SUBJECT_TEACHER, R.CONTRIBUTOR}
LEADERS = TEAM - {R.TUTOR, R.ONE_TO_ONE_TUTOR, R.DSL, R.DEPUTY_DSL}
PLANNERS = frozenset({R.TUTOR, R.HEAD_OF_HOUSE, R.DEPUTY_HEAD_OF_HOUSE, R.HEAD_OF_YEAR})
WORKS_HERE = frozenset(R) - {R.CHAIR}  # the chair of governors knows no student
NOBODY: frozenset[R] = frozenset()  # the author alone

LEVELS: dict[str, frozenset[R]] = {
    "name": WORKS_HERE,
    "teaching": TEACHING,
    "team": TEAM,
    "alone": TEAM,
    "voice": TEAM,
    "step": TEAM,
    "agreed": TEAM,
    "replied": TEAM,
    "whom": TEAM,
    "tag": TEAM,
    "meeting": TEAM,
    "named": NOBODY,
    "namedstep": NOBODY,
    "namedmeeting": NOBODY,
    "draft": NOBODY,
    "written": TEAM,
    "plan": TEAM,
    "planstep": TEAM,
    "review": TEAM,
    "habit": TEAM,
    "tutorial": TEAM,
    "warning": TEAM,
    "referral": TEAM,
    "shared": TEAM,
    "around": TEAM,
    "alert": LEADERS,
    "handover": TEAM,
    "watch": TEAM,
    "answer": TEAM,
    "exempt": TEAM,
    "outcome": TEAM,
    "visit": TEAM,
    "trigger": TEAM,
    "card": HELPING,
    "strength": HELPING,
    "aspiration": HELPING,
    "kin": FAMILY,
    "home": FAMILY,
    "message": FAMILY,
    "comment": LEARNING,
    "conduct": LEARNING,
    "planner": PLANNERS,
}
# The longest first: in a PDF another word may stand right before it.
CANARY = re.compile(rf"({'|'.join(sorted(LEVELS, key=len, reverse=True))})canary(near|far)")
Heard = set[tuple[str, str]]


def canaries_in(body: bytes) -> Heard:
    """(level, of whom) for each canary in what was answered; XLSX and ZIP are opened, a PDF is read."""
    return {found for text in texts(body) for found in CANARY.findall(unescape(text).lower())}


def texts(body: bytes) -> Iterator[str]:
    """Every text in it; what is packed is opened."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield name
                yield from texts(archive.read(name))
    elif body.startswith(b"%PDF-"):
        reader = PdfReader(io.BytesIO(body))
        # Lines of a table break words: a canary is sought as if no line ended.
        yield " ".join(str(value) for value in (reader.metadata or {}).values())
        for page in reader.pages:
            text = page.extract_text()
            yield text
            yield re.sub(r"[-\u00ad]?\n", "", text)
    else:
        yield body.decode(errors="replace")


def body_of(response: HttpResponseBase) -> bytes:
    """All of it, headers too: a name may stand in the name of a file."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return body if body[:2] in (b"PK", b"%P") else body + str(dict(response.headers)).encode()


def may_hear(role: R) -> Heard:
    """The canaries of this role: of `far` only for those who have the whole school."""
    reached = ["near", "far"] if role in WHOLE_SCHOOL_ROLES else ["near"]
    return {(level, whom) for level, roles in LEVELS.items() if role in roles for whom in reached}


@dataclass
class Aviary:
    """The school with its two students and who wrote everything about them; `own`: subject → (of near, of far)."""

    near: Any
    far: Any
    author: User
    own: dict[str, dict[str, Any]] = field(default_factory=lambda: {"near": {}, "far": {}})

    def person(self, role: R) -> User:
        """Somebody in the role who reaches `near`, and `far` only with the whole school; the author of nothing."""
        scope: dict[str, Any] = {}
        if role in ASSIGNED_ROLES:
            scope = {"group": self.near.group_memberships.get().group}
        elif role in HOUSE_ROLES:
            scope = {"house": self.near.house}
        elif role in YEAR_ROLES:
            scope = {"year_group": self.near.year_group}
        return make.person(role, school=self.near.school, **scope)


def aviary() -> Aviary:
    """The school, made by its owner."""
    school = make.SchoolFactory.create()
    make.TermFactory.create(school=school)
    becket, curie = (make.HouseFactory.create(school=school, name=name) for name in ("Becket", "Curie"))
    mine = make.TutorGroupFactory.create(school=school, name="11BEC", house=becket)
    theirs = make.TutorGroupFactory.create(school=school, name="10CUR", house=curie, year_group=10)
    students = [
        make.student_in(group, legal_surname=f"Namecanary{whom}", preferred_surname=f"Namecanary{whom}")
        for group, whom in ((mine, "near"), (theirs, "far"))
    ]
    world = Aviary(*students, make.UserFactory.create(school=school, last_name="Writer"))
    for whom, student in (("near", world.near), ("far", world.far)):
        for plant in (talks, plans, follow_up, around, home, of_school):
            world.own[whom] |= plant(student, world.author, whom)
    return world


def talks(student: Student, by: User, of: str) -> dict[str, Any]:
    """What was said in 1:1s, at each level, and what goes with it."""
    level = Confidentiality
    make.TutorSessionFactory.create(
        student=student, author=by, confidentiality=level.TEACHING, happened=f"teachingcanary{of}"
    )
    team = make.TutorSessionFactory.create(
        student=student, author=by, confidentiality=level.TEAM, happened=f"teamcanary{of}",
        own_note=f"alonecanary{of}", student_words=f"voicecanary{of}", for_report=False,
        with_whom=f"whomcanary{of}", tags=[f"tagcanary{of}"],
    )  # fmt: skip
    step = make.NextStepFactory.create(session=team, text=f"stepcanary{of}")
    make.AgreementFactory.create(
        session=team, text=f"agreedcanary{of}", answer=Answer.AMENDED, student_text=f"repliedcanary{of}",
        answered_on=timezone.localdate(), answered_how=AnsweredHow.DEVICE,
    )  # fmt: skip
    meeting = make.TutorSessionFactory.create(student=student, author=by, confidentiality=level.TEAM, kind="agency")
    make.MeetingRecordFactory.create(session=meeting, decided=f"meetingcanary{of}")
    named = make.TutorSessionFactory.create(
        student=student, author=by, confidentiality=level.NAMED, kind="agency", happened=f"namedcanary{of}"
    )
    make.NextStepFactory.create(session=named, text=f"namedstepcanary{of}")
    make.MeetingRecordFactory.create(session=named, decided=f"namedmeetingcanary{of}")
    make.DraftFactory.create(user=by, form=f"session:{student.pk}", plain={"happened": [f"draftcanary{of}"]})
    make.ReflectionFactory.create(student=student, taken_by=by, said=[f"writtencanary{of}"])
    make.AppointmentFactory.create(student=student, staff=by)
    make.ExemptionFactory.create(student=student, made_by=by, reason=f"exemptcanary{of}")
    return {"session": team.pk, "step": step.pk, "meeting": meeting.pk, "session named": named.pk}


def plans(student: Student, by: User, of: str) -> dict[str, Any]:
    """A plan with a habit, and an intervention."""
    plan = make.ActionPlanFactory.create(student=student, made_by=by, title=f"plancanary{of}")
    make.PlanStepFactory.create(plan=plan, text=f"planstepcanary{of}")
    make.PlanReviewFactory.create(plan=plan, by=by, words=f"reviewcanary{of}")
    habit = make.PlanTargetFactory.create(plan=plan, rhythm="week", text=f"habitcanary{of}")
    make.HabitCheckFactory.create(target=habit)
    whole = make.InterventionFactory.create(lead=by, school=student.school)
    make.MemberFactory.create(
        intervention=whole, student=student, outcome=1, outcome_words=f"outcomecanary{of}",
        entry=Decimal(1), exit=Decimal(2),
    )  # fmt: skip
    return {"plan": plan.pk, "intervention": whole.pk, "habit": habit.pk}


def follow_up(student: Student, by: User, of: str) -> dict[str, Any]:
    """What is watched, asked and answered."""
    warning = make.WarningFactory.create(student=student, issued_by=by, reason=f"warningcanary{of}")
    alert = make.AlertFactory.create(student=student, raised_by=by, what=f"alertcanary{of}")
    handover = make.HandoverFactory.create(student=student, from_tutor=by, year=2020, helps=f"handovercanary{of}")
    watch = make.WatchFactory.create(student=student, who=by, reason=f"watchcanary{of}")
    ask = make.AskFactory.create(
        student=student, asked_by=by, words=f"answercanary{of}",
        answered_at=timezone.now(), how="link", answers=["Gives their best"],
    )  # fmt: skip
    visit = make.HomeVisitFactory.create(student=student, visitor=by, note=f"visitcanary{of}")
    return {"warning": warning.pk, "alert": alert.pk, "handover": handover.pk, "watch": watch.pk} | {
        "round": ask.round, "visit": visit.pk,
    }  # fmt: skip


def around(student: Student, by: User, of: str) -> dict[str, Any]:
    """Whom else there is, and what helps."""
    referral = make.ReferralFactory.create(student=student, referred_by=by, reason=f"referralcanary{of}")
    make.ReferralNoteFactory.create(referral=referral, words=f"sharedcanary{of}")
    make.PersonAroundFactory.create(student=student, added_by=by, name=f"aroundcanary{of}")
    make.MentoringFactory.create(student=student, mentor=by, set_by=by, aspiration=f"aspirationcanary{of}")
    make.StrategyCardFactory.create(student=student, author=by, text=f"cardcanary{of}")
    make.OwnWordsFactory.create(student=student, made_by=by, strengths=f"strengthcanary{of}")
    make.TeamPartFactory.create(student=student, triggers=f"triggercanary{of}")
    return {"referral": referral.pk}


def home(student: Student, by: User, of: str) -> dict[str, Any]:
    """The family, a call and a message."""
    contact = make.ContactFactory.create(student=student, surname=f"kincanary{of}")
    call = make.TutorSessionFactory.create(
        student=student, author=by, kind="call_home", confidentiality=Confidentiality.TEAM, happened=f"teamcanary{of}"
    )
    spoken = make.HomeContactFactory.create(session=call, contact=contact, with_whom=f"homecanary{of}")
    make.HomeMessageFactory.create(home_contact=spoken, subject=f"messagecanary{of}", body=f"messagecanary{of}")
    return {}


def of_school(student: Student, by: User, of: str) -> dict[str, Any]:
    """What the school writes of everybody."""
    term = make.TermFactory.create(school=student.school)
    make.TermCommentFactory.create(student=student, term=term, author=by, text=f"commentcanary{of}")
    entry = make.ConductEntryFactory.create(student=student, author=by, comment=f"conductcanary{of}")
    group = student.group_memberships.get().group  # type: ignore[attr-defined]
    check = make.PlannerCheckFactory.create(group=group, by=by)
    make.PlannerExceptionFactory.create(check_of=check, student=student, words=f"plannercanary{of}")
    weekly = make.TutorialFactory.create(group=group, made_by=by)
    meeting = make.MeetingFactory.create(series=weekly, note=f"tutorialcanary{of}")
    make.PresenceFactory.create(meeting=meeting, student=student)
    return {"conduct entry": entry.pk, "planner check": check.pk, "tutorial meeting": meeting.pk}
