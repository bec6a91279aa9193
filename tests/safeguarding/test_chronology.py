"""Duties 55, 56: one child's file is one chronology, with nobody else's name in it, on the screen and on paper."""

import datetime as dt
import hashlib
import io
import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from safeguarding.enums import Kind, Part, Step, Store
from safeguarding.models import Concern, ConcernChild, Entry
from safeguarding.services import Facts, Words, add_entry, decide, link_child, raise_concern
from students.models import Student
from tests import factories as make
from tests.safeguarding.pages import World, client_of, world

# What is opened must be committed before it is read, so each of these tests commits.
pytestmark = pytest.mark.django_db(transaction=True)
TODAY = timezone.localdate()
THIRD = ("Ben", "BEN", "Achterberg", "achterberg", "Cleo", "Marsh", "9ACH")


@pytest.fixture
def here() -> World:
    return world()


def _as_typed(student: Student) -> str:
    return f"{student.name}, {'11BEC' if student.preferred_forename == 'Amara' else '9ACH'}"


def concern_of(by: User, *students: Student, seen: str = "", store: Store = Store.CHILDREN, **facts: Any) -> Concern:
    token = make.UserFactory.build().pk
    words = Words(names=[_as_typed(student) for student in students], seen=seen, where="Behind Ben’s house")
    receipt = raise_concern(by=by, token=token, students=students, words=words, facts=Facts(store, **facts))
    return Concern.objects.get(receipt=receipt)


def file_of(user: User, student: Student, query: str = "", name: str = "child-file") -> Any:
    """By the way a browser goes."""
    url = reverse(f"safeguarding:{name}", args=[student.pk]) + query
    return client_of(user, elevated=True).get(url, follow=True)


@pytest.fixture
def three(here: World) -> World:
    """Two concerns of Amara: with Ben, whose part is another, and, in a second one, with Cleo."""
    cleo = make.student_in(here.group, preferred_forename="Cleo", preferred_surname="Marsh")
    first = concern_of(
        here.tutor, here.student, seen="BEN ACHTERBERG’s brother hit her. Amara cried. ben saw it.",
        happened_on=TODAY - dt.timedelta(days=9), immediate=True,
    )  # fmt: skip
    link_child(by=here.dsl, concern=first, student=here.classmate, part=Part.WITNESS)
    second = concern_of(
        here.tutor, here.student, cleo, seen="Cleo and Amara were late.", happened_on=TODAY - dt.timedelta(days=20)
    )
    ConcernChild.objects.filter(concern=second, student=here.student).update(part=Part.ALLEGED)
    add_entry(by=here.dsl, concern=first, kind=Kind.NOTE, words={"text": "Spoke with Marsh’s mother."})
    decide(by=here.dsl, concern=second, step=Step.SECTION_47, why="achterberg knew of it.", due_on=None)
    return here


def lines_of(page: str) -> list[str]:
    return page[page.index("Day by day") :].split("<li ")[1:]


def test_all_of_a_child_stands_in_the_order_of_days(three: World) -> None:
    answer = file_of(three.dsl, three.student)
    page = answer.content.decode()
    lines = lines_of(page)
    assert len(answer.redirect_chain) == 1
    assert ["were late" in lines[0], "brother hit her" in lines[1]] == [True, True]
    assert len(lines) == 4
    assert "4 entries of 2 concerns" in page
    assert "Is said to have harmed" in lines[0]
    assert "with Pupil B (saw or heard it)" in lines[1]
    assert [("stands out" in line) for line in lines] == [False, True, False, True], "danger, and a referral"
    references = [concern.receipt.reference for concern in Concern.objects.order_by("happened_on")]
    assert [reference in line for reference, line in zip(references, lines, strict=False)] == [True, True]


def test_no_other_childs_name_stands_in_it_and_ones_own_does(three: World) -> None:
    page = file_of(three.dsl, three.student).content.decode()
    main = page[page.index("<main") : page.index("</main")]
    assert [name for name in THIRD if name in main] == []
    assert "Amara cried" in main
    assert "Pupil B’s brother hit her. Amara cried. Pupil B saw it." in main
    assert "Spoke with Pupil C’s mother" in main
    assert "Pupil C and Amara were late" in main
    assert str(three.classmate.pk) not in page
    # In the other's file the letters are others.
    theirs = file_of(three.dsl, three.classmate).content.decode()
    assert "ACHTERBERG’s brother hit her. Pupil B cried" in theirs
    assert "Saw or heard it" in theirs
    assert "were late" not in theirs


def test_a_child_keeps_the_letter_whatever_is_shown_and_whoever_comes_after(three: World) -> None:
    query = f"?since={TODAY - dt.timedelta(days=30)}&until={TODAY - dt.timedelta(days=15)}"
    assert "Pupil C and Amara were late" in file_of(three.dsl, three.student, query).content.decode()
    aaron = make.student_in(three.group, id=uuid.UUID(int=7), preferred_forename="Aaron", preferred_surname="Low")
    link_child(by=three.dsl, concern=Concern.objects.earliest("raised_at"), student=aaron, part=Part.LINKED)
    page = file_of(three.dsl, three.student).content.decode()
    assert "Pupil C and Amara were late" in page
    assert "Pupil D (is connected with it)" in page


def test_former_names_and_those_of_children_out_of_reach_are_taken_out_too(three: World) -> None:
    """A deputy of one house reads the words, so the names in them must be known, of whichever house."""
    Student.objects.filter(pk=three.classmate.pk).update(
        preferred_forename="Bea", preferred_surname="Low", legal_forename="Bea", legal_surname="Low", house=None
    )
    three.classmate.group_memberships.all().delete()
    officer = make.person(Role.DEPUTY_DSL, house=three.group.house, last_name="Officer")
    page = file_of(officer, three.student).content.decode()
    main = page[page.index("<main") : page.index("</main")]
    assert "Pupil B’s brother hit her" in main
    assert [name for name in (*THIRD, "Bea", "Low") if name in main] == []


def test_what_is_shown_can_be_chosen(three: World) -> None:
    def texts(query: str) -> str:
        return file_of(three.dsl, three.student, query).content.decode()

    assert len(lines_of(texts("?kind=note"))) == 1
    assert "Spoke with" in texts("?kind=note")
    assert len(lines_of(texts("?significant=on"))) == 2
    assert "2 of 4 entries" in texts("?significant=on")
    assert len(lines_of(texts(f"?since={TODAY}"))) == 2
    assert "were late" not in texts(f"?since={TODAY - dt.timedelta(days=10)}")
    # What is no day leaves nothing out.
    assert len(lines_of(texts("?since=nonsense"))) == 4
    assert len(lines_of(texts("?kind=nonsense"))) == 4


def test_nobody_learns_by_the_address_whether_there_is_a_file(three: World) -> None:
    nobody = make.student_in(three.group, preferred_forename="Nobody", preferred_surname="Atall")
    assert file_of(three.dsl, nobody).status_code == 404
    for person in (three.head, three.chair):
        assert file_of(person, three.student).status_code == file_of(person, nobody).status_code == 404
        assert file_of(person, three.student, name="child-file-pdf").status_code == 404
    assert file_of(three.tutor, three.student).status_code == 403
    unproved = client_of(three.dsl).get(reverse("safeguarding:child-file", args=[three.student.pk]))
    assert unproved["Location"].startswith(reverse("sign_in:step-up"))
    group = make.TutorGroupFactory.create(name="7ELS", house=make.HouseFactory.create(name="Elgar"))
    elsewhere = make.person(Role.DEPUTY_DSL, house=group.house, last_name="Elsewhere")
    assert file_of(elsewhere, three.student).status_code == 404
    opened = Event.objects.filter(action="file.opened")
    assert not opened.exists(), "where nothing is there, nothing is opened"


def test_what_is_said_of_adults_is_not_on_a_childs_file(three: World) -> None:
    colleague = make.person(Role.SUBJECT_TEACHER, last_name="Harsh")
    concern_of(three.tutor, three.student, seen="Mr Harsh shouted.", store=Store.STAFF, about_staff=colleague)
    assert file_of(three.head, three.student).status_code == 404
    assert "shouted" not in file_of(three.dsl, three.student).content.decode()


def test_the_opening_is_on_the_record_first_and_each_concern_for_itself(three: World) -> None:
    client = client_of(three.dsl, elevated=True)
    url = reverse("safeguarding:child-file", args=[three.student.pk])
    first = client.get(url)
    assert (first.status_code, first["Location"]) == (302, url)
    opened = Event.objects.filter(action="file.opened", actor_id=three.dsl.pk)
    assert [line.object_id for line in opened] == [str(three.student.pk)]
    assert client.get(url).status_code == 200
    # The concern's words are open by now; that somebody looks at it is noted all the same.
    concern = Concern.objects.earliest("raised_at")
    assert client.get(reverse("safeguarding:concern-detail", args=[concern.pk])).status_code == 302
    assert opened.filter(object_id=str(concern.pk)).count() == 1


def test_one_line_that_cannot_be_read_says_so_and_hides_no_other(three: World) -> None:
    Entry.objects.filter(kind="raised", concern__immediate=True).update(words=b"\x01\x00\x01" + b"0" * 40)
    page = file_of(three.dsl, three.student).content.decode()
    assert page.count("cannot be read") == 1
    assert "were late" in page
    Concern.objects.get(immediate=True).keys.all().delete()
    page = file_of(three.dsl, three.student).content.decode()
    assert page.count("cannot be read") == 2
    assert "were late" in page


def pdf_of(answer: HttpResponse) -> tuple[str, list[str]]:
    """(everything that is not on a page, the text of each page)."""
    reader = PdfReader(io.BytesIO(answer.content))
    beside = [
        *(f"{k}={v}" for k, v in (reader.metadata or {}).items()),
        str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data()),
    ]
    beside += [str(item.get("/Title", "")) for item in reader.outline if isinstance(item, dict)]
    return " ".join(beside), [page.extract_text() for page in reader.pages]


def test_the_pdf_names_nobody_else_anywhere_and_is_on_the_record(three: World) -> None:
    for number in range(12):
        text = f"Number {number}: Ben Achterberg and CLEO went home. " * 12
        add_entry(by=three.dsl, concern=Concern.objects.earliest("raised_at"), kind=Kind.NOTE, words={"text": text})
    answer = file_of(three.dsl, three.student, name="child-file-pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="confidential-chronology-{TODAY}.pdf"'
    beside, pages = pdf_of(answer)
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert "Confidential: child protection" in text
        assert f"Page {number} of {len(pages)}" in text
        assert f"by {three.dsl}" in text
    words = " ".join(" ".join(pages).split())
    assert "Pupil C and Amara were late" in words
    assert "Number 11: Pupil B and Pupil C went home" in words
    assert [name for name in THIRD if name in words + beside] == []
    taken = Event.objects.get(action="file.taken")
    assert taken.detail == {
        "format": "pdf", "entries": 16, "of": 16, "sha256": hashlib.sha256(answer.content).hexdigest(),
    }  # fmt: skip
    assert (taken.actor_id, taken.object_id) == (three.dsl.pk, str(three.student.pk))
    assert taken.at > Event.objects.filter(action="file.opened").latest("at").at
    _, again = pdf_of(file_of(three.dsl, three.student, name="child-file-pdf"))
    assert [page.partition("Made on")[0] for page in again] == [page.partition("Made on")[0] for page in pages]


def test_marks_stand_in_words(three: World) -> None:
    seen = {"place": "head", "kind": "bruise", "child_words": "ben threw a stone"}
    words = {"seen": "A mark.", "marks": [seen]}
    add_entry(by=three.dsl, concern=Concern.objects.earliest("raised_at"), kind=Kind.NOTE, words=words)
    page = file_of(three.dsl, three.student).content.decode()
    assert "Marks seen" in page
    assert "Pupil B threw a stone" in page
    assert "bruise" in page.lower()


def test_what_was_left_out_of_the_pdf_is_said(three: World) -> None:
    _, pages = pdf_of(file_of(three.dsl, three.student, "?significant=on", name="child-file-pdf"))
    words = " ".join(" ".join(pages).split())
    assert "2 of 4 entries" in words
    assert "only what stands out" in words
    assert "Spoke with" not in words


def test_the_way_there_is_on_the_concerns_page(three: World) -> None:
    concern = Concern.objects.earliest("raised_at")
    url = reverse("safeguarding:concern-detail", args=[concern.pk])
    page = client_of(three.dsl, elevated=True).get(url, follow=True).content.decode()
    assert reverse("safeguarding:child-file", args=[three.student.pk]) in page
