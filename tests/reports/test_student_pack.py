"""Duty 70: a pack for a meeting: what it offers whom, names of other children, ticks, the PDF and the record of it."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import Permission
from audit.models import Event
from reports.packs import services
from reports.packs.facts import facts_told
from reports.packs.items import parts_for
from reports.packs.names import other_names
from students.models import Student, Term
from tests import factories as make
from tutoring.groups.models import TutorGroup
from tutoring.sessions.enums import Confidentiality, Kind

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 10, 9)
WHOLE = {"since": "2026-09-01", "until": "2026-11-20"}
ALL = ["facts", "attendance", "behaviour", "talks", "agreed", "plans", "referrals", "helps", "teachers", "home"]
QUERIES = 29


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def group() -> TutorGroup:
    make.TermFactory.create()
    return make.TutorGroupFactory.create(house=make.HouseFactory.create())


@pytest.fixture
def student(group: TutorGroup) -> Student:
    return make.student_in(group, legal_forename="Jamal", legal_surname="Okafor")


@pytest.fixture
def tutor(group: TutorGroup) -> User:
    return make.person(Role.TUTOR, group=group)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were to become PDFs, as HTML; drawing is held once, by the last test."""
    pages: list[str] = []
    monkeypatch.setattr(services.pdf, "render", lambda html, **_: pages.append(html) or b"%PDF-")
    return pages


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(student: Student) -> str:
    return reverse("reports:student-pack", args=[student.pk])


def shown(
    client: Client, student: Student, parts: list[str] = ALL, **days: str
) -> dict[str, list[tuple[Any, bool, str]]]:
    """Part → (item, ticked, names) as the page offers them."""
    page = client.get(address(student), {"parts": parts} | WHOLE | days)
    assert page.status_code == 200
    return {part.key: items for part, items in page.context["shown"]}


def keys(client: Client, student: Student, *parts: str) -> list[str]:
    return [item.key for items in shown(client, student, list(parts) or ALL).values() for item, _, _ in items]


def take(client: Client, student: Student, items: list[str], parts: list[str] = ALL, **form: str) -> Any:
    query = "&".join([*(f"parts={part}" for part in parts), *(f"{name}={day}" for name, day in WHOLE.items())])
    return client.post(f"{address(student)}?{query}", {"item": items, "people": "Ms Reyes, social worker"} | form)


def talk(student: Student, author: User, words: str, **fields: Any) -> Any:
    values = {"held_on": DAY, "happened": words, "confidentiality": Confidentiality.TEAM} | fields
    return make.TutorSessionFactory.create(student=student, author=author, **values)


def test_a_pack_is_chosen_looked_at_and_taken_away(student: Student, tutor: User, drawn: list[str]) -> None:
    """Duty 70: what is ticked goes in, what is not stays out, and only its kind is named."""
    talk(student, tutor, "He was cold in the morning.")
    talk(student, tutor, "He likes the choir.")
    make.BehaviourEventFactory.create(student=student, date=DAY, category="Kindness")
    client = client_of(tutor)
    offered = shown(client, student, ["facts", "talks"])
    assert list(offered) == ["facts", "talks"]
    assert all(ticked for items in offered.values() for _, ticked, _ in items)
    cold = next(item for item, _, _ in offered["talks"] if "cold" in item.words)
    answer = take(client, student, [cold.key, "facts-place", "behaviour-1"], ["facts", "talks"])
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="confidential-pack-2026-11-20.pdf"')
    (page,) = drawn
    assert "cold in the morning" in page
    assert "choir" not in page
    assert "Kindness" not in page
    assert "For: Ms Reyes, social worker" in page
    assert f"by {tutor}" in page
    left = page.partition("Left out on purpose")[2]
    assert "1:1s and notes" in left
    assert "Rewards and sanctions" in left


def test_what_was_put_in_is_on_the_record(student: Student, tutor: User, drawn: list[str]) -> None:
    """Duty 70: which items, how many of each kind, and what kinds were left out; none of the words."""
    session = talk(student, tutor, "He was cold in the morning.")
    take(client_of(tutor), student, [f"session-{session.pk}"])
    event = Event.objects.get(action="export.made")
    assert (event.student_id, event.actor_id) == (student.pk, tutor.pk)
    assert event.detail["items"] == [f"session-{session.pk}"]
    assert event.detail["parts"] == {"talks": 1}
    assert "Facts" in event.detail["left_out"]
    assert "cold" not in str(event.detail)
    assert "Reyes" not in str(event.detail)


def test_nobody_packs_more_than_they_may_read(
    student: Student, tutor: User, group: TutorGroup, drawn: list[str]
) -> None:
    """Duty 70: not what others keep for named people, not even one’s own, and no part one may not open."""
    senco = make.person(Role.SENCO)
    hidden = talk(student, senco, "Kept close.", confidentiality=Confidentiality.NAMED)
    own = talk(student, tutor, "Told me only.", confidentiality=Confidentiality.NAMED)
    open_to_team = talk(student, senco, "For the team.")
    client = client_of(tutor)
    found = keys(client, student)
    assert f"session-{open_to_team.pk}" in found
    assert not {f"session-{hidden.pk}", f"session-{own.pk}"} & set(found)
    take(client, student, [f"session-{hidden.pk}", f"session-{own.pk}", f"session-{open_to_team.pk}"])
    (page,) = drawn
    assert "For the team" in page
    assert "Kept close" not in page
    assert "Told me only" not in page
    assert client_of(make.person(Role.SUBJECT_TEACHER, student=student)).get(address(student)).status_code == 403
    stranger = make.student_in(make.TutorGroupFactory.create(name="9FRY"))
    assert client.get(address(stranger)).status_code == 404
    assert take(client, stranger, ["facts-place"]).status_code == 404


def test_only_what_lies_in_the_days_is_offered(student: Student, tutor: User) -> None:
    """Duty 70: both days included."""
    before, inside = (
        talk(student, tutor, "Before.", held_on=DAY - dt.timedelta(days=1)),
        talk(student, tutor, "Inside."),
    )
    client = client_of(tutor)
    days = {"since": DAY.isoformat(), "until": DAY.isoformat()}
    found = [item.key for item, _, _ in shown(client, student, ["talks"], **days)["talks"]]
    assert found == [f"session-{inside.pk}"]
    assert f"session-{before.pk}" in keys(client, student, "talks")
    wrong = client.get(address(student), {"parts": "talks", "since": "2026-11-01", "until": "2026-10-01"})
    assert "The last day lies before the first." in wrong.content.decode()


def test_the_first_page_offers_everything_since_the_year_began(student: Student, tutor: User) -> None:
    """Duty 70: a press shows every item, nothing filled in by hand."""
    page = client_of(tutor).get(address(student))
    assert page.context["shown"] == []
    for day in (Term.objects.get().starts_on, "2026-11-20"):
        assert f'value="{day}"' in page.content.decode()


def test_each_room_gives_its_items(student: Student, tutor: User) -> None:
    """Duty 70: agreements, steps, plans, referrals, meetings, cards, answers of teachers, contacts home, marks."""
    session = talk(student, tutor, "Talked.")
    make.AgreementFactory.create(session=session)
    make.NextStepFactory.create(session=session, text="Breakfast club")
    call = talk(student, tutor, "Rang home.", kind=Kind.CALL_HOME)
    meeting = make.MeetingRecordFactory.create(session=talk(student, tutor, "Met.", kind=Kind.MEETING), student=student)
    make.ActionPlanFactory.create(student=student, made_by=tutor, started_on=DAY)
    make.ReferralFactory.create(student=student, referred_by=tutor, sent_on=DAY)
    make.StrategyCardFactory.create(student=student, author=tutor)
    make.AskFactory.create(
        student=student, asked_by=tutor, answers=["Yes"], answered_at=dt.datetime(2026, 10, 9, 12, tzinfo=dt.UTC),
        how="link",
    )  # fmt: skip
    make.MarkFactory.create(student=student, date=DAY, session="AM", code="O")
    found = shown(client_of(tutor), student)
    kinds = {part: {item.key.partition("-")[0] for item, _, _ in items} for part, items in found.items()}
    assert kinds == {
        "facts": {"facts"}, "attendance": {"attendance"}, "behaviour": set(), "talks": {"session"},
        "agreed": {"agreement", "step"}, "plans": {"plan"}, "referrals": {"referral", "meeting"}, "helps": {"card"},
        "teachers": {"ask"}, "home": {"session"},
    }  # fmt: skip
    assert [item.key for item, _, _ in found["home"]] == [f"session-{call.pk}"]
    assert f"meeting-{meeting.pk}" in [item.key for item, _, _ in found["referrals"]]


def test_the_name_of_another_child_is_warned_of_beside_the_item(
    student: Student, tutor: User, group: TutorGroup
) -> None:
    """Duty 70: of whomever the asker sees; the student’s own name warns of nothing."""
    make.student_in(group, legal_forename="Zofia", legal_surname="Nowak")
    named = talk(student, tutor, "Jamal and Zofia had words; Zofia’s bag was gone.")
    plain = talk(student, tutor, "Jamal had a good day.")
    client = client_of(tutor)
    warned = {item.key: names for item, _, names in shown(client, student, ["talks"])["talks"]}
    assert warned == {f"session-{named.pk}": "Zofia", f"session-{plain.pk}": ""}
    page = client.get(address(student), {"parts": "talks"} | WHOLE).content.decode()
    assert "May name another child: Zofia. Read it before it goes in" in page


def test_what_is_written_like_a_name_is_one() -> None:
    """Duty 70: a capital alone is enough, without one forename and surname together; who is at home is no stranger."""
    jamal = Student(preferred_forename="Jamal", preferred_surname="Okafor")
    others = [
        Student(preferred_forename=first, preferred_surname=last, legal_forename=first, legal_surname=last)
        for first, last in (("Will", "O’Hara"), ("Ngozi", "Okafor"), ("Mary-Ann", "de Souza"), ("Bo", "Li"))
    ]
    names = other_names(others, jamal, ["Mrs Ngozi Okafor"])
    assert names.in_text("He will see Will’s brother") == ["Will"]
    assert names.in_text("with will o’hara again") == ["will", "o’hara"]
    assert names.in_text("Mary-Ann told Souza") == ["Mary-Ann", "Souza"]
    assert names.in_text("Mrs Okafor and Ngozi rang; Bo came") == []
    assert names.in_text("Bo Li came") == ["Bo", "Li"]


def test_nothing_ticked_or_nobody_named_makes_no_pack(student: Student, tutor: User, drawn: list[str]) -> None:
    """Duty 70: the page comes back as it was, with the ticks as they were."""
    talk(student, tutor, "Talked.")
    client = client_of(tutor)
    answer = take(client, student, [])
    assert "Nothing is ticked" in answer.content.decode()
    answer = take(client, student, ["facts-place"], people="")
    assert "Say for whom this pack is" in answer.content.decode()
    ticked = {item.key for _, items in answer.context["shown"] for item, is_ticked, _ in items if is_ticked}
    assert ticked == {"facts-place"}
    assert drawn == []
    assert not Event.objects.filter(action="export.made").exists()


def test_a_meeting_on_record_says_for_whom(student: Student, tutor: User, drawn: list[str]) -> None:
    """Duty 70: those who came to it; only a meeting that the asker may read can be chosen."""
    meeting = make.MeetingRecordFactory.create(
        session=talk(student, tutor, "Met.", kind=Kind.MEETING), student=student, came=["Dr Bello", "Ms Reyes"]
    )
    client = client_of(tutor)
    take(client, student, ["facts-place"], people="", meeting=str(meeting.pk))
    assert "For: Dr Bello, Ms Reyes" in drawn[0]
    assert Event.objects.get(action="export.made").detail["meeting"] == str(meeting.pk)


def test_the_pack_costs_the_same_however_much_there_is(student: Student, tutor: User, group: TutorGroup) -> None:
    """Duty 70."""
    client, found = client_of(tutor), []
    for number in (1, 4):
        for n in range(number):
            session = talk(student, tutor, "Talked.")
            make.NextStepFactory.create(session=session, text=f"Step {n}")
            make.BehaviourEventFactory.create(student=student, date=DAY, number=10 * number + n)
            make.student_in(group)
        with CaptureQueriesContext(connection) as asked:
            shown(client, student)
        found.append(len(asked))
    assert found == [QUERIES] * 2


def test_the_pdf_says_confidential_and_its_pages(student: Student, tutor: User) -> None:
    """Duty 70: drawn by WeasyPrint, on every page, with text that would be markup as text."""
    for _ in range(30):
        talk(student, tutor, "<script>alert(1)</script> A long morning. " * 12)
    client = client_of(tutor)
    answer = take(client, student, keys(client, student))
    assert answer.status_code == 200
    with pikepdf.open(io.BytesIO(b"".join(answer))) as document:
        assert len(document.pages) > 2
        assert str(document.docinfo["/Title"]) == f"Confidential: {student}"


def test_what_one_may_not_open_is_no_part_to_choose() -> None:
    """Duty 70: each part asks for what its page asks for; needs and care are facts for whoever sees them."""
    assert [part.key for part in parts_for({Permission.VIEW_STUDENT})] == ["facts"]
    assert [part.key for part in parts_for(set(Permission))] == ALL
    student = Student(year_group=11, sen_status="K", pupil_premium=True, looked_after=True)
    told = {permission: dict(facts_told(student, {permission})) for permission in Permission}
    assert told[Permission.VIEW_STUDENT] == told[Permission.VIEW_FAMILY] == {"place": "Year 11"}
    assert told[Permission.VIEW_SUPPORT].keys() == {"place", "sen", "premium"}
    assert "care" in dict(facts_told(student, {Permission.VIEW_SUPPORT, Permission.VIEW_FAMILY}))
