"""One import's page: waiting, preview, result."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from exchange import services
from exchange.enums import RunState
from exchange.models import ImportRun
from exchange.printing import also_made
from students.models import Student
from tests.exchange.conftest import NORTHGATE
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    user = person(Role.DATA_MANAGER)
    client.force_login(user)
    return user


@pytest.fixture
def run(manager: User) -> ImportRun:
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in sorted(NORTHGATE.iterdir())]
    assert manager.school is not None
    return services.start_run(school=manager.school, files=files, by=manager)


def url(run: ImportRun, name: str = "detail") -> str:
    return reverse(f"exchange:run-{name}", kwargs={"pk": run.pk})


def test_while_nobody_works_on_it_the_page_says_that_it_waits(client: Client, run: ImportRun) -> None:
    page = client.get(url(run)).content.decode()
    assert "Waiting for the background worker" in page
    assert "every 1s" in page


def test_while_a_worker_reads_the_page_shows_how_far(client: Client, run: ImportRun) -> None:
    services.claim_run(run.pk)
    ImportRun.objects.update(progress=40, total=100, step="Reading attendance.csv")
    page = client.get(url(run), headers={"HX-Request": "true"}).content.decode()
    assert "Reading attendance.csv" in page
    assert "40 of 100" in page
    assert "<html" not in page


def test_when_the_check_is_through_the_live_part_asks_for_the_whole_page(client: Client, run: ImportRun) -> None:
    services.work_on_run(run.pk)
    assert client.get(url(run), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_the_preview_shows_files_findings_and_the_choice(client: Client, run: ImportRun) -> None:
    services.work_on_run(run.pk)
    page = client.get(url(run)).content.decode()
    assert "Nothing is imported yet" in page
    assert "Import the good rows" in page
    assert "students.csv, line 10" in page
    assert "This date does not exist." in page


def test_findings_can_be_narrowed_and_taken_away_as_csv(client: Client, run: ImportRun) -> None:
    services.work_on_run(run.pk)
    page = client.get(url(run) + "?severity=warning").content.decode()
    assert "The first letter does not fit the digits" in page
    assert "This date does not exist." not in page
    table = client.get(url(run, "findings") + "?severity=error").content.decode("utf-8-sig")
    assert "students.csv,10,Date of Birth,31/02/2012,error,bad_date" in table
    assert "bad_check_letter" not in table


def test_importing_the_good_rows(client: Client, run: ImportRun) -> None:
    services.work_on_run(run.pk)
    client.post(url(run, "apply"))
    services.work_on_run(run.pk)
    assert Student.objects.count() == 11
    page = client.get(url(run)).content.decode()
    assert "did not come in" in page
    assert "Import the good rows" not in page


def test_a_second_click_changes_nothing(client: Client, run: ImportRun) -> None:
    services.work_on_run(run.pk)
    client.post(url(run, "apply"))
    answer = client.post(url(run, "apply"), follow=True)
    assert "moved on in the meantime" in answer.content.decode()
    assert ImportRun.objects.get().state == RunState.APPLYING


def test_not_importing(client: Client, run: ImportRun) -> None:
    services.work_on_run(run.pk)
    page = client.post(url(run, "discard"), follow=True).content.decode()
    assert "Not imported. The files are deleted." in page


def test_files_that_nobody_understands_leave_nothing_to_import(client: Client, manager: User) -> None:
    assert manager.school is not None
    odd = services.start_run(
        school=manager.school, files=[SimpleUploadedFile("m.csv", b"Dish,Price\nPie,2\n")], by=manager
    )
    services.work_on_run(odd.pk)
    page = client.get(url(odd)).content.decode()
    assert "None of the files could be understood" in page
    assert "The headers are: Dish, Price" in page
    assert "Import the good rows" not in page


def test_all_or_nothing_is_offered_only_where_it_can_succeed(client: Client, run: ImportRun, manager: User) -> None:
    services.work_on_run(run.pk)
    page = client.get(url(run)).content.decode()
    assert "Import only if every row is good" not in page
    assert "mend what is refused below" in page
    assert manager.school is not None
    good = SimpleUploadedFile("students.csv", b"Forename,Surname,Adno,Year\nAda,Wren,001,10\n")
    clean = services.start_run(school=manager.school, files=[good], by=manager)
    services.work_on_run(clean.pk)
    page = client.get(url(clean)).content.decode()
    assert "Import only if every row is good" in page
    assert "mend what is refused below" not in page
    assert "No mark" not in page


def test_what_is_refused_stands_first(run: ImportRun) -> None:
    services.work_on_run(run.pk)
    run.refresh_from_db()
    assert run.report is not None
    order = [finding["severity"] for finding in run.report["findings"]]
    assert order == sorted(order, key=["error", "warning", "info"].index)
    assert len(set(order)) == 3


def test_what_is_made_besides_the_rows_is_said_in_its_number() -> None:
    also = {"students": 2, "staff": 1, "places in groups": 1, "houses": 2, "roles": 0, "terms": 3}
    found = also_made({name: {"made": number, "changed": 0} for name, number in also.items()})
    assert found == ["1 place in a group", "2 houses", "3 terms"]
