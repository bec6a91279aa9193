"""Two invented schools in one database, small enough to compare every row and crooked enough to be worth it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.functions import TransactionNow
from django.utils import timezone

from accounts.enums import Role
from accounts.models import House, LineManager, Membership, School, User
from reports.models import ReportBatch
from safeguarding.case.models import Standing
from safeguarding.enums import Store
from safeguarding.investigations.models import Investigation
from safeguarding.models import Concern
from safeguarding.restraint.models import Incident
from safeguarding.sharing.models import StaffLine
from safeguarding.transfer.models import Transfer
from students.models import Ethnicity, Student
from tests import factories as make
from tests.lock.file_rules import LONG_SINCE
from tutoring.events.models import SchoolEvent
from tutoring.groups.models import TutorGroup
from tutoring.plans.models import HabitCheck
from tutoring.sessions.enums import Confidentiality
from tutoring.strategies.models import TeamPart
from tutoring.watch.models import CheckIn


@dataclass
class World:
    """What a test changes and asks about; the rows themselves are read from the database each time."""

    schools: list[School]
    houses: list[House]
    groups: list[TutorGroup]
    students: list[Student]
    users: list[User]
    memberships: list[Membership]
    runs: list[ReportBatch]


def days(offset: int | None) -> dt.date | None:
    """That many days from today."""
    return None if offset is None else timezone.localdate() + dt.timedelta(days=offset)


def build_world() -> World:
    """Ten students here and three elsewhere, ten people, and something of every kind about everybody."""
    here, there = make.SchoolFactory.create(name="Here"), make.SchoolFactory.create(name="Elsewhere")
    becket, curie = (make.HouseFactory.create(school=here, name=name) for name in ("Becket", "Curie"))
    theirs = make.HouseFactory.create(school=there, name="Becket")
    groups = [
        make.TutorGroupFactory.create(school=house.school, name=f"{year}{house.name[:3]}", year_group=year, house=house)
        for year, house in ((10, becket), (11, becket), (11, curie), (11, theirs))
    ]
    students = [make.student_in(group) for group in groups for _ in range(2)]
    students.append(make.StudentFactory.create(school=here, year_group=None, house=None))
    students.append(make.StudentFactory.create(school=here, year_group=10, house=curie))
    students.append(make.StudentFactory.create(school=there, year_group=10, house=None))
    users, memberships = _staff(here, there, groups, students)
    world = World([here, there], [becket, curie, theirs], groups, students, users, memberships, [])
    _belongings(world)
    return world


def _staff(
    here: School, there: School, groups: list[TutorGroup], students: list[Student]
) -> tuple[list[User], list[Membership]]:
    roles: list[tuple[School, Role, dict[str, Any]]] = [
        (here, Role.TUTOR, {}),
        (here, Role.HEAD_OF_HOUSE, {"house": groups[0].house}),
        (here, Role.DATA_MANAGER, {}),
        (here, Role.ONE_TO_ONE_TUTOR, {}),
        (here, Role.SUBJECT_TEACHER, {}),
        (here, Role.HEAD_OF_YEAR, {"year_group": 11}),
        (here, Role.SENCO, {}),
        (there, Role.HEADTEACHER, {}),
        (there, Role.TUTOR, {}),
        (here, Role.SENIOR_LEADER, {}),
    ]
    users = [make.UserFactory.create(school=school) for school, _, _ in roles]
    held = [
        make.MembershipFactory.create(user=user, role=role, **scope)
        for user, (_, role, scope) in zip(users, roles, strict=True)
    ]
    users[-1].is_active = False
    users[-1].save()
    deputy = make.MembershipFactory.create(user=users[4], role=Role.TUTOR, stands_in_for=held[0])
    _crooked(here, there, groups, students, held)
    make.TutorAssignmentFactory.create(membership=held[0], group=groups[1])
    make.TutorAssignmentFactory.create(membership=held[8], group=groups[3])
    make.CaseloadEntryFactory.create(membership=held[3], student=students[0])
    make.CaseloadEntryFactory.create(membership=held[4], student=students[5])
    return users, [*held, deputy]


def _crooked(
    here: School, there: School, groups: list[TutorGroup], students: list[Student], held: list[Membership]
) -> None:
    """What must not count: ended and coming links, roles without a scope, another school's, somebody switched off."""
    tutor, one_to_one, teacher = held[0], held[3], held[4]
    over, to_come = {"ends_on": days(-1)}, {"starts_on": days(1)}
    for dates, group, student in ((over, groups[2], students[6]), (to_come, groups[0], students[8])):
        make.TutorAssignmentFactory.create(membership=tutor, group=group, **dates)
        make.CaseloadEntryFactory.create(membership=one_to_one, student=students[4], **dates)
        make.CaseloadEntryFactory.create(membership=teacher, student=student, **dates)
        make.GroupMembershipFactory.create(student=students[9], group=groups[1], **dates)
        make.MembershipFactory.create(user=teacher.user, role=Role.SENIOR_LEADER, **dates)
    long_over = {"starts_on": days(-4000), "ends_on": days(-3000)}
    make.GroupMembershipFactory.create(student=students[9], group=groups[0], **long_over)
    make.MembershipFactory.create(user=tutor.user, role=Role.HEAD_OF_HOUSE)
    make.MembershipFactory.create(user=one_to_one.user, role=Role.HEAD_OF_YEAR)
    make.MembershipFactory.create(user=one_to_one.user, role=Role.HEADTEACHER, school=there)
    make.TutorAssignmentFactory.create(membership=tutor, group=groups[3])
    make.CaseloadEntryFactory.create(membership=one_to_one, student=students[7])


def _belongings(world: World) -> None:
    for school in world.schools:
        term = make.TermFactory.create(school=school)
        make.ImportRunFactory.create(school=school)
        make.SessionTagFactory.create(school=school)
        make.ClosureFactory.create(school=school)
        _event(world, school)
        make.RolloverFactory.create(school=school, made_by=world.users[0])
        staff = [user for user in world.users if user.school_id == school.pk]
        for user in staff[:4]:
            make.SlotFactory.create(staff=user)
            make.CalendarLinkFactory.create(user=user)
            make.StaffNoticeFactory.create(person=user)
        for user in staff[:2]:
            make.DraftFactory.create(user=user)
            run = make.ReportBatchFactory.create(school=school, term=term, requested_by=user)
            run.groups.set(group for group in world.groups if group.school_id == school.pk)
            world.runs.append(run)
        _managed(staff)
    for number, student in enumerate(world.students):
        _about(world, student, number)
        _before(world, student, number)


def _managed(staff: list[User]) -> None:
    """One of each kind: in force since long, over, to come, and one whose end was put off."""
    first, second, third, fourth = (staff * 2)[:4]
    if first != third:
        make.LineManagerFactory.create(person=first, manager=third)
        make.LineManagerFactory.create(person=second, manager=third, ends_on=days(-1))
        make.LineManagerFactory.create(person=second, manager=fourth, starts_on=days(1))
    made = make.LineManagerFactory.create(person=first, manager=second, starts_on=days(0), ends_on=days(1))
    LineManager.objects.filter(pk=made.pk).update(ends_on=days(2))


def _event(world: World, school: School) -> None:
    """One of each school, run by a tutor, for a house and for a group; its words were others once."""
    tutor = next(user for user in world.users if user.school_id == school.pk)
    event = make.SchoolEventFactory.create(school=school, lead=tutor)
    make.AudienceFactory.create(event=event, year_group=None, house=next(h for h in world.houses if h.school == school))
    make.AudienceFactory.create(event=event, year_group=None, group=next(g for g in world.groups if g.school == school))
    SchoolEvent.objects.filter(pk=event.pk).update(place="Hall")


def _about(world: World, student: Student, number: int) -> None:
    school = student.school
    contact = make.ContactFactory.create(
        student=student, email=f"home{number}@family.example", court_order=number % 4 == 3
    )
    make.EthnicityFactory.create(student=student)
    make.MarkFactory.create(student=student)
    make.AssessmentFactory.create(
        student=student,
        subject=make.SubjectFactory.create(school=school),
        data_drop=make.DataDropFactory.create(school=school),
    )
    make.BehaviourEventFactory.create(student=student)
    make.ExemptionFactory.create(student=student, made_by=world.users[number % len(world.users)])
    staff = [user for user in world.users if user.school_id == school.pk]
    make.TermCommentFactory.create(student=student, term=make.TermFactory.create(school=school), author=staff[0])
    runs = [run for run in world.runs if run.school_id == school.pk]
    make.ReportItemFactory.create(batch=runs[number % 2], student=student)
    # Both become held below, by the conversations of that day; the third stays booked, by a colleague.
    for staff_place in (0, 2):
        with_whom = staff[(number + staff_place) % len(staff)]
        make.AppointmentFactory.create(student=student, staff=with_whom, day=dt.date(2026, 10, 9))
    _plans(student, number, staff)
    _support(world, student, number, staff)
    author = staff[number % len(staff)]
    _conduct(world, student, number, staff)
    _file(world, student, number, staff)
    _force(world, student, number, staff)
    _investigations(student, number, staff)
    _tutorials(student, author)
    for place, level in enumerate(Confidentiality):
        author, other = staff[(number + place) % len(staff)], staff[(number + place + 1) % len(staff)]
        session = make.TutorSessionFactory.create(
            student=student, author=author, confidentiality=level, for_report=bool(number % 2)
        )
        make.NextStepFactory.create(session=session, owner_staff=other if place else None)
        make.MeetingRecordFactory.create(session=session)
        agreed = make.AgreementFactory.create(session=session, position=1)
        make.AgreementFactory.create(
            session=session, position=2, answer="confirmed", answered_on=days(-1), answered_how="device"
        )
        make.AgreementOutcomeFactory.create(agreement=agreed, said_by=author)
        home = make.HomeContactFactory.create(session=session, contact=contact if place else None)
        make.HomeMessageFactory.create(
            home_contact=home, contact=contact, address=contact.email, urgent=bool(place % 2)
        )
        if level == Confidentiality.NAMED:
            session.named_staff.add(other)


def _plans(student: Student, number: int, staff: list[User]) -> None:
    school = student.school
    made_by = staff[number % len(staff)]
    make.AppointmentFactory.create(student=student, staff=staff[(number + 1) % len(staff)], made_by=made_by)
    make.AppointmentFactory.create(student=student, staff=made_by, state="missed", reason="Ill", unbooked=True)
    author = staff[number % len(staff)]
    sharing = ("mine", "house", "school")[number % 3]
    house = student.house if sharing == "house" else None
    sharing = "school" if sharing == "house" and house is None else sharing
    model = make.ModelPlanFactory.create(author=author, sharing=sharing, house=house)
    plan = make.ActionPlanFactory.create(student=student, made_by=author, from_model=model, from_model_version=1)
    make.PlanBarrierFactory.create(plan=plan, barrier=make.BarrierFactory.create(school=school))
    make.PlanTargetFactory.create(plan=plan)
    make.HabitCheckFactory.create(target__plan=plan)
    make.PlanStepFactory.create(plan=plan, owner_staff=staff[(number + 1) % len(staff)])
    make.PlanReviewFactory.create(plan=plan, by=staff[number % len(staff)])


def _support(world: World, student: Student, number: int, staff: list[User]) -> None:
    school, author = student.school, staff[number % len(staff)]
    make.HandoverFactory.create(student=student, from_tutor=staff[number % len(staff)])
    here, there = staff[number % len(staff)], staff[(number + 1) % len(staff)]
    make.HomeVisitFactory.create(student=student, visitor=here, told=there, out_at=[None, timezone.now()][number % 2])
    given = {"answers": ["Usually good", "Well"], "how": "link", "answered_at": timezone.now()}
    make.AskFactory.create(student=student, asked_by=here, teacher=there, **(given if number % 2 else {}))
    contact = make.ContactFactory.create(
        student=student, surname="Reader", email="r@home.example", parental_responsibility=True
    )
    make.DigestChoiceFactory.create(contact=contact, recorded_by=here, rhythm="weekly")
    make.FamilyDigestFactory.create(contact=contact)
    make.CheckInFactory.create(watch__student=student, watch__who=here)
    make.StrategyCardFactory.create(student=student, author=here)
    make.OwnWordsFactory.create(student=student, made_by=there)
    make.ReflectionFactory.create(student=student, taken_by=here)
    make.ReflectionSheetFactory.create(school=student.school)
    make.TeamPartFactory.create(student=student, plan__made_by=here)
    it = make.InterventionFactory.create(lead=here, made_by=there)
    make.HelperFactory.create(intervention=it, user=staff[(number + 2) % len(staff)])
    # With somebody else in it, whom not everybody sees who sees the first.
    others = [one for one in world.students if one.school_id == school.pk and one != student]
    for one in (student, *others[number % 3 :][:1]):
        member = make.MemberFactory.create(intervention=it, student=one)
    make.DoseFactory.create(meeting=make.SittingFactory.create(intervention=it, by=here), member=member)
    make.AlertFactory.create(student=student, raised_by=staff[number % len(staff)], to=staff[(number + 1) % len(staff)])
    other = staff[(number + 1) % len(staff)]
    agency = make.AgencyFactory.create(school=school, name=f"Agency {number % 2}")
    contact_there = make.AgencyContactFactory.create(agency=agency)
    referral = make.ReferralFactory.create(student=student, agency=agency, referred_by=author, key_person=other)
    make.ReferralNoteFactory.create(referral=referral, by=other)
    make.PersonAroundFactory.create(student=student, added_by=author, contact=[None, contact_there][number % 2])
    make.KeyPersonFactory.create(student=student, staff=other, set_by=author)
    make.MentoringFactory.create(student=student, mentor=other, set_by=author)
    make.WarningFactory.create(student=student, issued_by=staff[number % len(staff)])


def _conduct(world: World, student: Student, number: int, staff: list[User]) -> None:
    """A check of every group, and one of each kind of reward: the school's, a house's own, one shared and copied."""
    author = staff[number % len(staff)]
    house = world.houses[0] if student.school_id == world.houses[0].school_id else world.houses[2]
    kinds = [{"name": "Ours"}, {"name": "Theirs", "house": house}, {"name": "Offered", "house": house, "shared": True}]
    kind = make.ConductTypeFactory.create(school=student.school, **kinds[number % 3])
    if kind.shared and kind.house == world.houses[0]:
        make.ConductTypeFactory.create(school=kind.school, name="Copied", house=world.houses[1], copied_from=kind)
    make.PlannerRhythmFactory.create(school=student.school)
    make.ConductEntryFactory.create(student=student, author=author, type=kind)
    for held in student.group_memberships.filter(ends_on=None):
        register = make.RegisterFactory.create(group=held.group, by=author)
        make.RegisterEntryFactory.create(register=register, student=student)
        check = make.PlannerCheckFactory.create(group=held.group, by=author)
        make.PlannerExceptionFactory.create(check_of=check, student=student)


def _tutorials(student: Student, author: User) -> None:
    """A topic of each school, and of each group a weekly tutorial with a meeting at which its students were."""
    term = make.TermFactory.create(school=student.school)
    make.TopicFactory.create(term=term)
    for held in student.group_memberships.filter(ends_on=None):
        series = held.group.tutorials.first() or make.TutorialFactory.create(group=held.group, made_by=author)
        make.PresenceFactory.create(meeting=make.MeetingFactory.create(series=series), student=student)


def _before(world: World, student: Student, number: int) -> None:
    """What was otherwise once: words opened and narrowed, steps handed on; and lines on the record."""
    levels = list(Confidentiality)
    for place, session in enumerate(student.tutor_sessions.order_by("created_at")):
        session.confidentiality = levels[(levels.index(session.confidentiality) + number) % len(levels)]
        session.happened = "Something else."
        session.save()
        session.home_contact.tone = "good"
        session.home_contact.save()
        session.steps.update(owner_staff=world.users[(number + place) % len(world.users)])
    Ethnicity.objects.filter(student=student).update(code="REFU")
    student.appointments.filter(state="booked").update(room="Library")
    for plan in student.plans.all():
        HabitCheck.objects.filter(target__plan=plan).update(kept=False)
        plan.steps.update(owner_staff=world.users[number % len(world.users)])
    student.watches.update(every=7)
    CheckIn.objects.filter(student=student).update(words="Ate with two others.")
    student.strategy_cards.update(review_on=days(9))
    student.own_words.update(interests="Bikes")
    student.handling_plans.update(call="The office")
    TeamPart.objects.filter(student=student).update(medical="None known.")
    student.asks.update(mail_taken_at=timezone.now())
    student.handovers.update(first_thing="", note="Two lines.")
    student.interventions.update(outcome_words="Reads by themselves.")
    student.alerts.update(answer="Seen them.", answered_on=days(0))
    student.people_around.update(may_know="Attendance only.")
    student.key_people.update(until=days(0))
    student.mentorings.update(strengths="Kind.")
    student.meetings.update(decided="Not yet.")
    student.referrals.update(status="accepted", key_person=world.users[number % len(world.users)])
    student.warnings.update(student_response="It was not only me.")
    student.planner_exceptions.update(words="Again")
    student.tutorial_presences.update(mark="late")
    for held in student.group_memberships.filter(ends_on=None):
        held.group.tutorials.update(room="Library")
        make.MeetingFactory._meta.model.objects.filter(series__group=held.group).update(note="Loud, but kind.")
    student.conduct_entries.update(followed_up_on=days(0), follow_up_words="Said sorry.")
    for related in ("contacts", "assessments", "behaviour_events", "marks"):
        getattr(student, related).update(**{"phone" if related == "contacts" else "comment": "Another."})
    for about in (student.pk, None):
        actor, school = world.users[number % len(world.users)], world.schools[number % 2]
        make.EventFactory.create(actor_id=actor.pk, school_id=school.pk, student_id=about)


def _file(world: World, student: Student, number: int, staff: list[User]) -> None:
    """A concern of each store; of each reporter one raised just now and one raised long since; two children in some."""
    reporter, other = staff[number % len(staff)], staff[(number + 1) % len(staff)]
    make.StudentKeyFactory.create(student=student)
    store = [Store.CHILDREN, Store.CHILDREN, Store.CHILDREN, Store.STAFF, Store.HEAD][number % 5]
    about = other if store == Store.STAFF else None
    concern = make.ConcernFactory.create(school=student.school, reporter=reporter, store=store, about_staff=about)
    others = [one for one in world.students if one.school_id == student.school_id and one != student]
    for child in (student, *others[number % 3 :][: number % 2]):
        make.ConcernChildFactory.create(concern=concern, student=child)
        make.ConcernKeyFactory.create(concern=concern, student=child, wrapped=b"not a key", under_ring=None)
    unlinked = make.ConcernFactory.create(school=student.school, reporter=other)
    for one in (concern, unlinked):
        make.AttachmentFactory.create(entry=make.EntryFactory.create(concern=one))
        due = make.DueFactory.create(concern=one, owner=other, made_by=staff[(number + 2) % len(staff)])
        make.DueFactory.create(concern=one, kind="challenge", what="1_worker", follows=due, made_by=reporter)
        make.ReceiptFactory.create(concern=one, reporter=one.reporter)
    make.ConcernKeyFactory.create(concern=unlinked)
    concern.dues.filter(kind="challenge").update(done_on=days(0), ended="done")
    Concern.objects.filter(pk=unlinked.pk).update(raised_at=TransactionNow())
    Concern.objects.filter(pk=concern.pk).update(raised_at=timezone.now().replace(year=LONG_SINCE))
    if number % 4 == 0:
        _readers(student, unlinked, reporter, of_child=bool(number % 8))
    make.LeadAlertFactory.create(person=reporter)
    transfer = make.TransferFactory.create(student=student, begun_by=reporter)
    make.PackageFactory.create(transfer=transfer, made_by=other)
    make.ChaserFactory.create(transfer=transfer, by=other)
    make.HoldEndFactory.create(hold=make.HoldFactory.create(student=student, placed_by=reporter), lifted_by=other)
    make.WithdrawalFactory.create(review__student=student, review__by=reporter, by=other)
    make.ReviewFactory.create(student=student, by=other, decision="keep", until=days(9))
    if number % 3 == 0:
        make.CertificateFactory.create(review__student=student, review__by=reporter, approved_by=other)
    Transfer.objects.filter(pk=transfer.pk).update(due_on=timezone.localdate())
    _lines(student, number, reporter, other)
    _standings(student, reporter, other)


def _lines(student: Student, number: int, by: User, other: User) -> None:
    """A line published just now, and one of long since: in force, over or withdrawn."""
    now = make.StaffLineReaderFactory.create(line__student=student, line__published_by=by, person=other)
    over, gone = number % 3 == 1, number % 3 == 2
    then = make.StaffLineReaderFactory.create(
        line__student=student,
        line__published_by=other,
        line__until=timezone.localdate() + dt.timedelta(days=-1 if over else 28),
        line__withdrawn_at=timezone.now() if gone else None,
        line__withdrawn_by=by if gone else None,
        person=by,
    )
    given = make.HandoverFactory.create(student=student, from_tutor=by, handed_on=timezone.localdate())
    make.HandoverAnswerFactory.create(handover=given, person=other)
    for reader in (now, then):
        make.StaffLineWordsFactory.create(line=reader.line)
    StaffLine.objects.filter(pk=now.line_id).update(published_at=TransactionNow())
    StaffLine.objects.filter(pk=then.line_id).update(published_at=timezone.now().replace(year=LONG_SINCE))


def _standings(student: Student, by: User, other: User) -> None:
    """Where a child stands, of long since, and a row of just now that supersedes it."""
    then = make.StandingFactory.create(student=student, written_by=other)
    now = make.StandingFactory.create(student=student, written_by=by, supersedes=then)
    for one in (then, now):
        make.StandingWordsFactory.create(standing=one)
    Standing.objects.filter(pk=now.pk).update(written_at=TransactionNow())
    Standing.objects.filter(pk=then.pk).update(written_at=timezone.now().replace(year=LONG_SINCE))


def _readers(student: Student, concern: Concern, by: User, *, of_child: bool) -> None:
    """Who reads a file: a lead, one who is kept from it and is spoken of, a deputy of a house, the head, the chair."""
    school = student.school
    kept, _, head, _ = (make.person(role, school=school) for role in (Role.DSL, Role.DSL, Role.HEADTEACHER, Role.CHAIR))
    if student.house:
        make.person(Role.DEPUTY_DSL, school=school, house=student.house)
    one = make.KeptFromFactory.create(
        person=kept, set_by=by, student=student if of_child else None, concern=None if of_child else concern
    )
    # What waits for a second person is not in force; whoever reads it for want of others does, until that ends.
    other = make.KeptFromFactory.create(person=kept, set_by=by, student=student, concern=None)
    make.ConfirmationFactory.create(kept=other)
    make.ConfirmationFactory.create(kept=one, agreed=True, decided_by=head, decided_at=timezone.now())
    ended = timezone.now() if of_child else None
    make.LastReaderFactory.create(concern=concern, person=head, ended_at=ended)
    make.LastReaderFactory.create(concern=concern, person=kept)
    make.ConcernFactory.create(school=school, reporter=by, store=Store.STAFF, about_staff=kept)
    _glass(student, head, over=of_child)
    make.ConcernFactory.create(school=school, reporter=by, store=Store.HEAD, about_staff=head)


def _glass(student: Student, head: User, *, over: bool) -> None:
    """The head broke the glass of this child's file, now or before; of a concern about the child they are kept."""
    ago = dt.timedelta(minutes=70 if over else 5)
    leader = make.person(Role.SENIOR_LEADER, school=student.school)
    make.CoverWordFactory.create(person=leader, away=head, confirmed_by=head)
    make.ReaderNewsFactory.create(school=student.school, person=leader, by=head)
    glass = make.GlassBreakFactory.create(student=student, person=head, opened_at=timezone.now() - ago)
    make.GlassSeenFactory.create(glass=glass, person=make.person(Role.DSL, school=student.school))
    for _ in range(2):
        concern = make.ConcernFactory.create(school=student.school)
        make.ConcernChildFactory.create(concern=concern, student=student)
    make.KeptFromFactory.create(person=head, concern=concern, student=None)
    make.GlassBreakFactory.create(student=student, person=head, opened_at=timezone.now() - dt.timedelta(days=9))


def fresh(row: Any, **values: Any) -> Any:
    """An unsaved copy with a key of its own and these values changed."""
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not getattr(f, "generated", 0)}
    if "id" in fields:
        fields["id"] = uuid.uuid4() if isinstance(row.pk, uuid.UUID) else row.pk + 1_000_000
    return type(row)(**fields | values)


def _force(world: World, student: Student, number: int, staff: list[User]) -> None:
    """Two records, one of them of this very moment, each with somebody else who was there."""
    by, there, kept = (staff[(number + place) % len(staff)] for place in range(3))
    for place, recorder in enumerate((by, there)):
        incident = make.IncidentFactory.create(student=student, recorded_by=recorder)
        make.IncidentStaffFactory.create(incident=incident, person=(there, kept)[place])
        make.IncidentEntryFactory.create(incident=incident)
        long_since = timezone.now().replace(year=LONG_SINCE)
        Incident.objects.filter(pk=incident.pk).update(recorded_at=TransactionNow() if place else long_since)


def _investigations(student: Student, number: int, staff: list[User]) -> None:
    """Two, one of them of this very moment, about this student in a part that differs, and one whom nobody finds."""
    for place in range(2):
        lead = staff[(number + place) % len(staff)]
        one = make.InvestigationFactory.create(school=lead.school, lead=lead)
        make.PartyFactory.create(
            investigation=one, student=student, part=("target", "witness", "alleged", "reporter")[(number + place) % 4]
        )
        saw = make.PartyFactory.create(investigation=one, staff=staff[(number + 2) % len(staff)], part="witness")
        asked = make.StatementFactory.create(party=saw)
        make.FollowUpFactory.create(investigation=one)
        make.StatementKeyFactory.create(statement=asked)
        for party in one.parties.exclude(student=None):
            make.StatementFactory.create(party=party)
            make.StatementWordsFactory.create(statement__party=party)
        make.InvestigationKeyFactory.create(investigation=one, student=student)
        make.InvestigationEntryFactory.create(investigation=one)
        long_since = timezone.now().replace(year=LONG_SINCE)
        Investigation.objects.filter(pk=one.pk).update(opened_at=TransactionNow() if place else long_since)
