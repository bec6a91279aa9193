"""The pages of a run: begin, watch, take away; each asks for rights every time."""

import datetime as dt
import hashlib
import io
import zipfile
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from core import pdf, queueing
from reports.enums import ItemState
from reports.models import ReportBatch, ReportItem
from reports.runs import files, making, services
from students.models import Student
from tests.factories import (
    HouseFactory,
    StudentFactory,
    TermCommentFactory,
    TermFactory,
    TutorGroupFactory,
    person,
    student_in,
)
from tutoring.groups.models import TutorGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> TutorGroup:
    TermFactory.create()
    return TutorGroupFactory.create(house=HouseFactory.create())


@pytest.fixture
def students(group: TutorGroup) -> list[Student]:
    return [student_in(group, legal_surname=name) for name in ("Adeyemi", "Okafor", "Okafor")]


@pytest.fixture
def leader(client: Client) -> User:
    user = person(Role.SENIOR_LEADER)
    client.force_login(user)
    return user


@pytest.fixture
def run(group: TutorGroup, students: list[Student], leader: User, monkeypatch: pytest.MonkeyPatch) -> ReportBatch:
    """A finished run of small real PDFs."""
    monkeypatch.setattr(making, "draw", lambda report: pdf.render(f"<h1>{report.name}</h1>", title=report.name))
    batch = services.start_batch(term=TermFactory.create(), groups=[group], by=leader)
    making.drain_batch(batch.pk)
    return batch


def _page(client: Client, name: str, *args: Any, **options: Any) -> str:
    response = client.get(reverse(f"reports:{name}", args=args), **options)
    assert response.status_code == 200
    return response.content.decode()


def test_the_start_page_says_how_many_and_whose_comment_is_missing(
    client: Client, leader: User, group: TutorGroup, students: list[Student]
) -> None:
    TermCommentFactory.create(student=students[0], term=TermFactory.create())
    page = _page(client, "run-start")
    assert "11BEC: 3 students, 2 comments missing" in page
    assert "Make 3 reports" in page
    missing = page.split("Comments still missing")[1]
    assert "Jamal Okafor" in missing
    assert "Adeyemi" not in missing

    alone = StudentFactory.create(legal_forename="Zuri")
    page = _page(client, "run-start")
    assert reverse("reports:student-reports", args=[alone.pk]) in page.split("in no run:")[1]

    other = TutorGroupFactory.create(name="11MOR")
    student_in(other)
    partial = _page(client, "run-start", data={"groups": [str(other.pk)]}, headers={"HX-Request": "true"})
    assert "Make 1 report" in partial
    assert "<html" not in partial


def test_it_starts_with_one_press_and_answers_at_once_while_redis_is_away(
    client: Client, leader: User, group: TutorGroup, students: list[Student], monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr(queueing, "current_app", Celery(broker="redis+socket:///nowhere/redis.sock"))
    term = TermFactory.create()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("reports:run-start"), {"term": str(term.pk), "groups": [str(group.pk)]})
    batch = ReportBatch.objects.get()
    assert response.url == reverse("reports:run-detail", args=[batch.pk])  # type: ignore[attr-defined]
    assert "0 of 3" in _page(client, "run-detail", batch.pk)
    ReportBatch.objects.update(created_at=timezone.now() - dt.timedelta(minutes=1))
    assert "Waiting for the background worker" in _page(client, "run-detail", batch.pk)


def test_choosing_nothing_is_answered_in_words(client: Client, leader: User, students: list[Student]) -> None:
    response = client.post(reverse("reports:run-start"), {"term": str(TermFactory.create().pk)})
    assert "Choose at least one group." in response.content.decode()
    assert not ReportBatch.objects.exists()


def test_the_live_part_asks_for_itself_until_the_run_is_through(
    client: Client, leader: User, group: TutorGroup, students: list[Student]
) -> None:
    batch = services.start_batch(term=TermFactory.create(), groups=[group], by=leader)
    poll = {"headers": {"HX-Request": "true"}}
    part = _page(client, "run-detail", batch.pk, **poll)
    assert 'hx-trigger="every 2s"' in part
    assert "<html" not in part
    batch.items.update(state=ItemState.FAILED, error="The disk is full.")
    services.finish_batch(batch.pk)
    response = client.get(reverse("reports:run-detail", args=[batch.pk]), **poll)  # type: ignore[arg-type]
    assert response.headers["HX-Refresh"] == "true"
    page = response.content.decode()
    assert "hx-trigger" not in page
    assert page.count("The disk is full.") == 3
    assert "Make 3 again" in page
    client.post(reverse("reports:run-retry", args=[batch.pk]))
    assert set(batch.items.values_list("state", flat=True)) == {ItemState.WAITING}


def test_one_report_comes_under_its_students_name(client: Client, run: ReportBatch) -> None:
    item = run.items.filter(student__preferred_surname="Adeyemi").get()
    response = client.get(reverse("reports:report-file", args=[item.pk]))
    assert response.headers["Content-Disposition"] == 'attachment; filename="11BEC Adeyemi Jamal.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content) == files.path_of(item).read_bytes()  # type: ignore[attr-defined]
    digest = hashlib.sha256(files.path_of(item).read_bytes()).hexdigest()
    assert Event.objects.get(action="reports.downloaded").detail == {"kind": "pdf", "reports": 1, "sha256": digest}


def test_all_come_as_a_zip_with_a_name_each(client: Client, run: ReportBatch) -> None:
    response = client.get(reverse("reports:run-zip", args=[run.pk]))
    assert response.headers["Content-Disposition"] == 'attachment; filename="Autumn term 2026 27 reports.zip"'
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert archive.namelist() == ["11BEC Adeyemi Jamal.pdf", "11BEC Okafor Jamal.pdf", "11BEC Okafor Jamal (2).pdf"]
    assert all(archive.read(name).startswith(b"%PDF-") for name in archive.namelist())


def test_all_come_as_one_file_to_print(client: Client, run: ReportBatch) -> None:
    response = client.get(reverse("reports:run-print", args=[run.pk]), {"group": "11BEC"})
    reader = PdfReader(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert len(reader.pages) == 5
    assert [b.title for b in reader.outline] == ["Jamal Adeyemi 11BEC", "Jamal Okafor 11BEC", "Jamal Okafor 11BEC"]  # type: ignore[union-attr]
    assert client.get(reverse("reports:run-print", args=[run.pk]), {"group": "11MOR"}).status_code == 404


def test_a_file_gone_from_the_disk_is_named_not_left_out(client: Client, run: ReportBatch) -> None:
    item = run.items.filter(student__preferred_surname="Adeyemi").get()
    files.path_of(item).unlink()
    response = client.get(reverse("reports:run-zip", args=[run.pk]), follow=True)
    assert "no longer on the disk" in response.content.decode()
    assert "Jamal Adeyemi" in response.content.decode()
    assert client.get(reverse("reports:report-file", args=[item.pk])).status_code == 404


def test_a_run_is_seen_by_who_asked_and_by_those_who_answer_for_all(client: Client, run: ReportBatch) -> None:
    becket = HouseFactory.create()
    addresses = [reverse(f"reports:{name}", args=[run.pk]) for name in ("run-detail", "run-zip", "run-print")]
    for user, status in (
        (person(Role.HEAD_OF_HOUSE, house=becket), 404),
        (person(Role.DATA_MANAGER), 200),
        (person(Role.HEADTEACHER), 200),
        (person(Role.HEADTEACHER, house=becket), 404),
        (person(Role.TUTOR), 403),
    ):
        client.force_login(user)
        assert {client.get(address).status_code for address in addresses} == {status}


def test_a_report_is_asked_for_by_the_student_it_is_about(client: Client, run: ReportBatch, group: TutorGroup) -> None:
    mine = person(Role.TUTOR, group=group)
    another = person(Role.TUTOR, group=TutorGroupFactory.create(name="11MOR"))
    teacher = person(Role.SUBJECT_TEACHER, student=run.items.first().student)  # type: ignore[union-attr]
    item = run.items.first()
    assert item is not None
    for user, status in ((mine, 200), (another, 404), (teacher, 403)):
        client.force_login(user)
        assert client.get(reverse("reports:report-file", args=[item.pk])).status_code == status
    client.force_login(mine)
    page = _page(client, "student-reports", item.student.pk)
    assert reverse("reports:report-file", args=[item.pk]) in page
    assert "now</button>" not in page  # a tutor reads reports, others run them


def test_a_report_of_one_student_now(client: Client, leader: User, students: list[Student]) -> None:
    student = students[0]
    assert "No report yet" in _page(client, "student-reports", student.pk)
    client.post(reverse("reports:student-report-make", args=[student.pk]))
    assert ReportItem.objects.get().student == student
    assert "A report is being made" in _page(client, "student-reports", student.pk)
    making.drain_batch(ReportBatch.objects.get().pk)
    page = _page(client, "student-reports", student.pk)
    assert "being made" not in page
    assert "Autumn term 2026/27" in page


def test_a_withdrawn_right_withdraws_the_files(client: Client, leader: User, run: ReportBatch) -> None:
    leader.memberships.update(role=Role.HEAD_OF_YEAR, year_group=8)
    assert client.get(reverse("reports:run-zip", args=[run.pk])).status_code == 404
    assert "Adeyemi" not in _page(client, "run-detail", run.pk)


def test_the_lists_cost_the_same_however_long(
    client: Client, leader: User, run: ReportBatch, group: TutorGroup, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        ReportItem.objects.create(batch=run, student=student_in(group, legal_surname=f"X{n}"), group_name="11BEC")
    for name, args in (("run-list", []), ("run-detail", [run.pk]), ("run-start", [])):
        with django_assert_max_num_queries(14):
            _page(client, name, *args)
    assert "1 to 50 of 63 reports" in _page(client, "run-detail", run.pk)


def test_names_that_would_break_a_file_or_a_header(group: TutorGroup) -> None:
    student = student_in(group, legal_forename='../../"Zoë"\r\nX: y', legal_surname="Żak/Błaszczyk\x1f")
    assert files.report_name(student, "11/BEC") == "11 BEC Żak Błaszczyk .. .. Zoë X y.pdf"
    assert str(settings.DATA_DIR) not in files.report_name(student, "")
