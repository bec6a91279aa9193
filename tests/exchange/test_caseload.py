"""Duty 8: single students by file, under the rules of the page: never to oneself, nothing dated back."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.utils.timezone import localdate

from accounts.enums import Role
from accounts.models import Membership, User
from audit.models import Event
from core.acting import Actor, acting_as
from core.turns import take_turn
from exchange import services
from exchange.enums import RunState
from exchange.findings import Report
from exchange.importing import Wish, import_folder
from exchange.models import ImportRun
from students.models import Student
from tests import factories as make
from tests.sessions.pages import Scene, client_of, scene
from tutoring.groups.models import CaseloadEntry
from tutoring.groups.singly import end_single, take_single_off

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]
DAY = dt.timedelta(days=1)
HEADERS = "Staff code,UPN,From,Until"
UPNS = ("R201100018042", "T201100018043")


@pytest.fixture
def world() -> Scene:
    made = scene()
    for student, upn in zip((made.student, made.classmate), UPNS, strict=True):
        student.upn = upn
        student.save()
    return made


@pytest.fixture
def coach(world: Scene) -> User:
    return make.person(Role.ONE_TO_ONE_TUTOR, first_name="Noor", last_name="Coach", staff_code="NCO")


@pytest.fixture
def manager(world: Scene) -> User:
    return make.person(Role.DATA_MANAGER, staff_code="DMA")


def on(days: int) -> str:
    return f"{localdate() + days * DAY:%d/%m/%Y}"


def bring(by: User, folder: Path, *, dry_run: bool = False) -> Report:
    """As the worker does: with the rights of whoever sent the file."""
    assert by.school is not None
    with acting_as(Actor(user_id=by.pk)):
        return import_folder(folder=folder, school=by.school, wish=Wish(dry_run=dry_run), by=by)


def held() -> list[tuple[str, str, dt.date, dt.date | None]]:
    rows = CaseloadEntry.objects.order_by("student__sort_name", "starts_on")
    return [(e.membership.user.last_name, e.student.legal_surname, e.starts_on, e.ends_on) for e in rows]


def errors(report: Report) -> list[tuple[int, str, str]]:
    return [(f.line, f.column, f.code) for f in report.findings if f.severity == "error"]


def test_duty_8_a_file_gives_single_students_by_code_or_address_and_by_upn_or_number(
    world: Scene, coach: User, manager: User, write: Write
) -> None:
    number = world.classmate.admission_number
    rows = f"NCO,,{UPNS[0]},,{on(0)},{on(30)}\n,{coach.email},,{number},{on(1)},\n"
    folder = write("who.csv", f"Staff code,E-mail,UPN,Admission number,From,Until\n{rows}")
    preview = bring(manager, folder, dry_run=True)
    assert not CaseloadEntry.objects.exists()
    assert [(f.kind, f.made, f.refused) for f in preview.files] == [("single students", 2, 0)]
    shown = preview.examples[0]
    assert (shown["who"], "Noor Coach" in shown["field"]) == (world.student.name, True)
    assert shown["after"].endswith(f"until {localdate() + 30 * DAY:%-d %B %Y}")
    assert errors(bring(manager, folder)) == []
    today = localdate()
    assert held() == [
        ("Coach", "Okafor", today, today + 30 * DAY),
        ("Coach", "Wren", today + DAY, None),
    ]
    given = Event.objects.filter(action="caseload.given", actor_id=manager.pk)
    assert {event.student_id for event in given} == {world.student.pk, world.classmate.pk}


def test_duty_8_the_same_file_again_changes_nothing_also_on_later_days(
    world: Scene, coach: User, manager: User, write: Write
) -> None:
    folder = write("who.csv", f"{HEADERS}\nNCO,{UPNS[0]},{on(0)},\nNCO,{UPNS[0]},{on(0)},\n")
    (first,) = bring(manager, folder).files
    assert (first.made, first.left, first.refused) == (1, 1, 0)
    begun = localdate() - 7 * DAY
    CaseloadEntry.objects.update(starts_on=begun)
    (again,) = bring(manager, write("who.csv", f"{HEADERS}\nNCO,{UPNS[0]},{on(-7)},\n")).files
    assert (again.made, again.changed, again.left, again.refused) == (0, 0, 1, 0)
    assert Event.objects.filter(action="caseload.given").count() == 1


def test_duty_8_bad_rows_are_refused_at_the_cell_and_the_good_ones_come_in(
    world: Scene, coach: User, manager: User, write: Write
) -> None:
    """Line, column and reason; the rules are those of the page."""
    left = make.StudentFactory.create(upn="V201100018044", left_on=localdate() - 9 * DAY)
    make.person(Role.ATTENDANCE_OFFICER, staff_code="ATT")
    make.person(Role.ONE_TO_ONE_TUTOR, staff_code="OFF", is_active=False)
    rows = [
        f"NCO,{UPNS[0]},{on(-1)},",  # 2: dated back
        f"NCO,{UPNS[0]},{on(3)},{on(2)}",  # 3: ends before it begins
        f"NCO,{UPNS[0]},{on(900)},",  # 4: years away
        f"NCO,{UPNS[0]},31/02/2027,",  # 5: no such day
        f"NCO,{UPNS[0]},,",  # 6: no day
        f"ZZZ,{UPNS[0]},{on(0)},",  # 7: nobody
        f"ATT,{UPNS[0]},{on(0)},",  # 8: a role that is given nobody
        f"OFF,{UPNS[0]},{on(0)},",  # 9: an account that is off
        f"NCO,{left.upn},{on(0)},",  # 10: no longer at the school
        f"NCO,{UPNS[1]},{on(0)},",  # 11: good
        f"NCO,{UPNS[1]},{on(5)},",  # 12: has them already
        f",{UPNS[0]},{on(0)},",  # 13: to whom?
    ]
    report = bring(manager, write("who.csv", "\n".join([HEADERS, *rows])))
    assert sorted(errors(report)) == [
        (2, "From", "bad_days"), (3, "Until", "bad_days"), (4, "From", "bad_days"), (5, "From", "bad_date"),
        (6, "From", "missing_first_day"), (7, "Staff code", "unknown_colleague"), (8, "Staff code", "no_such_work"),
        (9, "Staff code", "inactive_colleague"), (10, "", "student_left"), (12, "From", "already_given"),
        (13, "Staff code", "missing_colleague"),
    ]  # fmt: skip
    assert [row[1] for row in held()] == ["Wren"]
    (file,) = report.files
    assert (file.made, file.refused) == (1, 11)


def test_duty_8_an_unknown_student_is_told_with_the_line(coach: User, manager: User, write: Write) -> None:
    report = bring(manager, write("who.csv", f"{HEADERS}\nNCO,A201100018099,{on(0)},\n"))
    assert errors(report) == [(2, "UPN", "unknown_student")]


def test_duty_8_nobody_gives_themselves_students_by_file_nor_whom_they_stand_in_for(
    world: Scene, coach: User, manager: User, write: Write
) -> None:
    """The sender is a 1:1 tutor too, and covers for another."""
    make.MembershipFactory.create(user=manager, role=Role.ONE_TO_ONE_TUTOR)
    lent = coach.memberships.get()
    make.MembershipFactory.create(
        user=manager, role=lent.role, stands_in_for=lent, starts_on=localdate(), ends_on=localdate() + DAY
    )
    folder = write("who.csv", f"{HEADERS}\nDMA,{UPNS[0]},{on(0)},\nNCO,{UPNS[1]},{on(0)},\n")
    assert errors(bring(manager, folder)) == [
        (2, "Staff code", "own_students"),
        (3, "Staff code", "own_students"),
    ]
    assert not CaseloadEntry.objects.exists()


def test_duty_8_postgresql_refuses_whoever_reads_the_file_without_the_right(
    world: Scene, coach: User, manager: User, write: Write
) -> None:
    """The importer's own rules aside: a tutor, or one's own caseload, is refused by the policies."""
    folder = write("who.csv", f"{HEADERS}\nNCO,{UPNS[0]},{on(0)},\n")
    attendance = make.person(Role.ATTENDANCE_OFFICER)
    assert attendance.school is not None
    with acting_as(Actor(user_id=attendance.pk)), pytest.raises(DatabaseError, match="security"), transaction.atomic():
        import_folder(folder=folder, school=attendance.school, wish=Wish(dry_run=False), by=attendance)
    me = Actor(user_id=manager.pk)
    own = make.MembershipFactory.create(user=manager, role=Role.ONE_TO_ONE_TUTOR)
    with acting_as(me), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        CaseloadEntry.objects.create(membership=own, student=world.student, starts_on=localdate())


def test_duty_8_two_roles_need_a_word_and_the_word_decides(
    world: Scene, coach: User, manager: User, write: Write
) -> None:
    """What a role opens is not the same: the file says which, or nothing is given."""
    teaching = make.MembershipFactory.create(user=coach, role=Role.SUBJECT_TEACHER)
    assert errors(bring(manager, write("who.csv", f"{HEADERS}\nNCO,{UPNS[0]},{on(0)},\n"))) == [(2, "", "which_role")]
    folder = write("who.csv", f"{HEADERS},Role\nNCO,{UPNS[0]},{on(0)},,Subject teacher\n")
    assert errors(bring(manager, folder)) == []
    assert CaseloadEntry.objects.get().membership == teaching


def test_duty_8_code_and_address_of_two_people_give_nobody(
    world: Scene, coach: User, manager: User, write: Write
) -> None:
    other = make.person(Role.ONE_TO_ONE_TUTOR, staff_code="OTH")
    folder = write("who.csv", f"Staff code,Email,UPN,From\nNCO,{other.email},{UPNS[0]},{on(0)}\n")
    assert errors(bring(manager, folder)) == [(2, "Email", "conflicting_identity")]


def test_duty_8_a_file_ends_what_goes_on_and_takes_no_end_back(
    world: Scene, coach: User, manager: User, write: Write
) -> None:
    """Somebody ended it by hand: last week's file does not give the child back, nor for longer."""
    work: Membership = coach.memberships.get()
    begun = localdate() - 20 * DAY
    entry = CaseloadEntry.objects.create(membership=work, student=world.student, starts_on=begun)

    def said(until: str) -> tuple[int, dt.date | None, set[str]]:
        report = bring(manager, write("who.csv", f"{HEADERS}\nNCO,{UPNS[0]},{on(-20)},{until}\n"))
        entry.refresh_from_db()
        codes = {finding.code for finding in report.findings}
        return report.files[0].changed, entry.ends_on, codes - {"ambiguous_dates"}

    assert said(on(-1)) == (0, None, {"bad_days"})  # dated back
    assert said(on(9)) == (1, localdate() + 9 * DAY, set())
    assert Event.objects.filter(action="caseload.ended", student_id=world.student.pk).count() == 1
    assert said("") == (0, localdate() + 9 * DAY, {"ended_before"})
    assert said(on(30)) == (0, localdate() + 9 * DAY, {"ended_before"})
    CaseloadEntry.objects.update(ends_on=localdate() - DAY)
    assert said("") == (0, localdate() - DAY, {"ended_before"})


def test_duty_8_a_colleague_and_a_student_of_the_same_import_are_found(
    world: Scene, manager: User, write: Write
) -> None:
    """Staff, students and their caseloads in one go."""
    write("staff.csv", "Surname,Forename,Staff code,Email,Role\nFresh,Ada,ADF,ada@school.example,1:1 Tutor\n")
    write("students.csv", "UPN,Surname,Forename,Year,Date of birth\nB201100018045,Novak,Ana,9,2012-02-03\n")
    folder = write("who.csv", f"{HEADERS}\nADF,B201100018045,{on(0)},\n")
    assert errors(bring(manager, folder)) == []
    assert [row[:2] for row in held()] == [("Fresh", "Novak")]


def test_duty_8_days_of_the_coming_year_are_read_the_right_way_round(
    world: Scene, coach: User, manager: User, write: Write
) -> None:
    """A day to come is no sign of another order."""
    folder = write("who.csv", f"{HEADERS}\nNCO,{UPNS[0]},{localdate() + DAY:%d/%m/%Y},{on(3)}\n")
    bring(manager, folder)
    assert held()[0][2:] == (localdate() + DAY, localdate() + 3 * DAY)


def test_duty_8_the_page_takes_the_file_and_shows_whom_it_would_give(world: Scene, coach: User, manager: User) -> None:
    """Upload, preview, import, as the page and the worker do it."""
    assert manager.school is not None
    file = SimpleUploadedFile("who.csv", f"{HEADERS}\nNCO,{UPNS[0]},{on(0)},\n".encode())
    run = services.start_run(school=manager.school, files=[file], by=manager)
    services.work_on_run(run.pk)
    page = client_of(manager).get(f"/import/{run.pk}/").content.decode()
    assert "Noor Coach" in page
    assert "Given to Noor Coach" in page
    assert not CaseloadEntry.objects.exists()
    run = ImportRun.objects.get(pk=run.pk)
    assert services.apply_run(run=run, only_if_all_good=True, by=manager)
    services.work_on_run(run.pk)
    assert ImportRun.objects.get(pk=run.pk).state == RunState.DONE
    assert CaseloadEntry.objects.get().student == world.student


def _ended_by_hand(entry: CaseloadEntry, by: User) -> None:
    end_single(entry, localdate() + 3 * DAY, by=by)


def _taken_off(entry: CaseloadEntry, by: User) -> None:
    take_single_off(entry, by=by)


def _given_another_way(entry: CaseloadEntry, by: User) -> None:
    """What the file would make is there in another way by then."""
    CaseloadEntry.objects.create(
        membership=entry.membership, student=Student.objects.get(upn=UPNS[1]), starts_on=localdate()
    )


@pytest.mark.parametrize("meanwhile", [_ended_by_hand, _taken_off, _given_another_way])
def test_duty_8_what_a_colleague_says_meanwhile_stands(
    world: Scene, coach: User, manager: User, write: Write, meanwhile: Callable[[CaseloadEntry, User], None]
) -> None:
    """Between comparing and writing: nothing is written over, and nothing recorded that did not happen."""
    work = coach.memberships.get()
    entry = CaseloadEntry.objects.create(membership=work, student=world.student, starts_on=localdate())
    rows = [f"NCO,{UPNS[0]},{on(0)},{on(30)}", f"NCO,{UPNS[1]},{on(1)},{on(9)}"]
    folder = write("who.csv", "\n".join([HEADERS, *rows]))

    def on_progress(done: int, total: int, step: str) -> None:
        if step == "Saving":
            meanwhile(entry, manager)

    with acting_as(Actor(user_id=manager.pk)), pytest.raises(IntegrityError, match="changed since"):
        import_folder(folder=folder, school=work.school, wish=Wish(dry_run=False), by=manager, on_progress=on_progress)
    assert not CaseloadEntry.objects.filter(ends_on__gt=localdate() + 3 * DAY).exists()
    told = Event.objects.filter(action__in=["caseload.given", "caseload.ended"])
    assert [event.detail["last_day"] for event in told] == [f"{localdate() + 3 * DAY}"] * (meanwhile is _ended_by_hand)


def test_duty_8_a_file_waits_for_the_turn_of_the_page_and_then_looks_again(
    world: Scene, coach: User, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was said while the file waited stops it, with the words of every import that came too late."""
    assert manager.school is not None
    work, turns = coach.memberships.get(), []
    entry = CaseloadEntry.objects.create(membership=work, student=world.student, starts_on=localdate())
    file = SimpleUploadedFile("who.csv", f"{HEADERS}\nNCO,{UPNS[0]},{on(0)},{on(30)}\n".encode())
    run = services.start_run(school=manager.school, files=[file], by=manager)
    services.work_on_run(run.pk)

    def waited(what: str) -> None:
        turns.append(what)
        take_turn(what)
        CaseloadEntry.objects.filter(pk=entry.pk).update(ends_on=localdate() + 3 * DAY)

    monkeypatch.setattr("exchange.kinds.caseload.take_turn", waited)
    assert services.apply_run(run=ImportRun.objects.get(pk=run.pk), only_if_all_good=True, by=manager)
    services.work_on_run(run.pk)
    assert turns == [f"singly:{work.pk}"]
    done = ImportRun.objects.get(pk=run.pk)
    assert (done.state, done.error) == (RunState.FAILED, services.CHANGED_MEANWHILE)
    assert not Event.objects.filter(action="caseload.ended").exists()


def test_duty_8_a_role_that_nobody_here_knows_gives_nobody(
    world: Scene, coach: User, manager: User, write: Write
) -> None:
    """An unread cell is never taken for an empty one: which role it is says what is opened."""
    folder = write("who.csv", f"{HEADERS},Role\nNCO,{UPNS[0]},{on(0)},,Coach\nNCO,{UPNS[1]},{on(0)},,1:1 tutor\n")
    assert errors(bring(manager, folder)) == [(2, "Role", "unknown_role")]
    assert [row[1] for row in held()] == ["Wren"]


def test_an_export_of_students_is_never_taken_for_a_list_of_single_students(
    world: Scene, manager: User, write: Write
) -> None:
    """It has addresses and first days too."""
    folder = write("all.csv", "UPN,Surname,Forename,Email,Year Group,Start Date,End Date\n")
    report = bring(manager, folder, dry_run=True)
    assert [file.kind for file in report.files] == ["students"]
