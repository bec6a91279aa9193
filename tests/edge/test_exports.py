"""Sixteen formulas in every text that leaves in a table: at every address that makes one, in CSV and XLSX."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from core import limits
from exchange.enums import RunState
from students.models import Student
from tests import factories as make
from tests.conventions.access import TABLE
from tests.core.test_exports import DANGEROUS, PAYLOADS, cells, parts_of
from tests.edge.crawl import Crawl, make_crawl
from tests.safeguarding.pages import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]
# A space keeps the words apart that pages put together.
FIRST = [payload.replace("\x00", "") for payload in PAYLOADS]


@pytest.fixture
def crawl(monkeypatch: pytest.MonkeyPatch) -> Crawl:
    """Sixteen students, their conversations and steps, and whoever wrote them, all called by formulas."""
    monkeypatch.setattr(limits, "is_within", lambda *_: True)
    crawl = make_crawl()
    student = crawl.world.student
    group = student.group_memberships.get().group
    for payload in FIRST:
        one = make.student_in(group, legal_forename=payload[:60], legal_surname=payload[:60], sen_status="K")
        Student.objects.filter(pk=one.pk).update(admission_number=f"{payload[:12]}{one.pk.hex[-7:]}")
        author = make.UserFactory.create(school=crawl.user.school, first_name=payload, last_name=payload)
        session = make.TutorSessionFactory.create(
            student=student, author=author, happened=payload, student_words=payload, confidentiality="TEACHING"
        )
        make.NextStepFactory.create(session=session, text=payload, outcome=payload)
        subject = make.SubjectFactory.create(school=crawl.user.school, name=payload)
        drop = make.DataDropFactory.create(school=crawl.user.school)
        make.AssessmentFactory.create(student=student, subject=subject, data_drop=drop, comment=payload)
    User.objects.filter(pk=crawl.user.pk).update(first_name=FIRST[0], last_name=FIRST[5])
    return crawl


def _findings(crawl: Crawl) -> str:
    columns = ("file", "line", "column", "value", "severity", "code", "message")
    found = [dict.fromkeys(columns, payload) | {"line": 1, "severity": "warning"} for payload in FIRST]
    report = {"findings": found, "files": [], "totals": {}, "also": {}}
    run = make.ImportRunFactory.create(school=crawl.user.school, state=RunState.READY, report=report)
    return reverse("exchange:run-findings", args=[run.pk])


def _paths(crawl: Crawl) -> dict[str, list[str]]:
    """Every address that makes a table to take away → its forms."""
    both = ("csv", "xlsx")
    student = {"pk": crawl.world.student.pk}
    group = f"group-{crawl.world.student.group_memberships.get().group_id}"
    return {
        "reports:needs-export": [reverse("reports:needs-export", args=[kind]) for kind in both],
        "reports:student-export": [reverse("reports:student-export", args=[kind]) for kind in both],
        "reports:conduct-export": [f"{reverse('reports:conduct-export', args=[kind])}?of={group}" for kind in both],
        "reports:force-export": [reverse("reports:force-export", args=[kind]) for kind in both],
        "reports:gaps-export": [reverse("reports:gaps-export", args=[kind]) for kind in both],
        "reports:student-record-export": [
            reverse("reports:student-record-export", kwargs=student | {"kind": kind}) for kind in both
        ],
        "reports:events-export": [reverse("reports:events-export", args=[kind]) for kind in both],
        "case:standing-export": [reverse("case:standing-export")],
        "exchange:run-findings": [_findings(crawl)],
        "record:export": [reverse("record:export")],
    }


def test_no_cell_of_any_export_is_a_formula(crawl: Crawl) -> None:
    client = client_of(crawl.user, elevated=True)
    met: set[str] = set()
    for name, paths in _paths(crawl).items():
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200, name
            assert answer.headers["Content-Disposition"].startswith("attachment;")
            texts = _xlsx(answer.content) if "xlsx/" in path else _csv(answer.content)
            met |= {payload for payload in FIRST if any(_core(payload) in text for text in texts)}
    assert len(met) == len(FIRST), "some payloads never left: the test proves less than it says"


def _core(payload: str) -> str:
    return payload.strip("\t\r\n \ufeff\u200b\xa0")[1:8]


def _csv(content: bytes) -> list[str]:
    texts = [cell for row in cells(content) for cell in row]
    assert [text for text in texts if DANGEROUS.match(text) and not _is_number(text)] == []
    return texts


def _xlsx(content: bytes) -> list[str]:
    assert "<f" not in parts_of(content)
    rows = [cell for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row]
    texts = [cell for cell in rows if isinstance(cell.value, str)]
    assert [cell.value for cell in texts if cell.data_type != "s"] == []
    assert [cell.value for cell in texts if DANGEROUS.match(cell.value) and not cell.quotePrefix] == []
    return [cell.value for cell in texts]


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def test_every_address_that_makes_a_table_is_held_here(crawl: Crawl) -> None:
    named = {name for name in TABLE if name.endswith(("-export", ":export", "-findings"))}
    assert named == set(_paths(crawl))
