"""The agreed record (duty 15, delight 5): words agreed, the student's answer beside them, neither ever overwritten."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from pypdf import PdfReader

from accounts.enums import Role
from accounts.models import School, User
from audit.models import Event
from core.acting import Actor, acting_as
from tests import factories as make
from tests.sessions.pages import Scene, client_of, new_url, opened_form, scene
from tutoring.sessions.agreements import AnsweredBeforeError, Said, agreements_of, answer_agreements, write_agreements
from tutoring.sessions.enums import Answer
from tutoring.sessions.models import Agreement, AgreementOutcome, TutorSession

pytestmark = pytest.mark.django_db
WORDS = {"agreed-0": "I come to breakfast club on Tuesdays.", "agreed-1": "I ask Ms Reed for the sheet."}


def test_whether_it_happened_is_one_tap_before_the_next_1_1() -> None:
    """Duty 1, delight 5: on the sheet of whoever sees the student next; said again it counts anew."""
    world = scene()
    day = localdate() - dt.timedelta(days=7)
    talk = make.TutorSessionFactory.create(student=world.student, author=world.tutor, held_on=day)
    agreed = make.AgreementFactory.create(session=talk, text="I ask when I am stuck.")
    disputed = make.AgreementFactory.create(
        session=talk, position=2, text="No phone", answer="disputed", answered_on=day, answered_how="device"
    )
    next_tutor = make.person(Role.TUTOR, group=world.group)
    client, sheet = client_of(next_tutor), f"/students/{world.student.pk}/prepare/"
    address = reverse("tutor_sessions:agreement-outcome", args=[agreed.pk])
    assert client.get(sheet).content.decode().count("Did it happen?") == 1
    said = client.post(address, {"happened": "partly", "next": sheet}, follow=True).content.decode()
    assert "Partly happened" in said
    assert "Did it happen?" in said, "partly may become yes"
    done = client.post(address, {"happened": "yes", "next": sheet}, follow=True).content.decode()
    assert "✓ It happened" in done
    assert "Did it happen?" not in done
    assert list(AgreementOutcome.objects.order_by("said_at").values_list("happened", "said_by")) == [
        ("partly", next_tutor.pk),
        ("yes", next_tutor.pk),
    ]
    assert "✓ It happened" in client_of(world.tutor).get(f"/students/{world.student.pk}/").content.decode()
    assert Event.objects.filter(action="agreement.outcome").count() == 2
    assert client.post(address, {"happened": "perhaps"}).status_code == 400
    other = reverse("tutor_sessions:agreement-outcome", args=[disputed.pk])
    assert client.post(other, {"happened": "no"}).status_code == 404, "what the student never agreed to"
    stranger = client_of(make.person(Role.TUTOR, group=make.TutorGroupFactory.create(name="7Z")))
    assert stranger.post(address, {"happened": "no"}).status_code == 404
    TutorSession.objects.filter(pk=talk.pk).update(held_on=localdate())
    assert client.post(address, {"happened": "no"}).status_code == 404, "not on the day itself"


def test_words_of_which_somebody_said_how_it_went_stay_when_the_entry_is_changed() -> None:
    world = scene()
    talk = make.TutorSessionFactory.create(student=world.student, author=world.tutor)
    agreed = make.AgreementFactory.create(session=talk, text="I ask when I am stuck.")
    make.AgreementOutcomeFactory.create(agreement=agreed)
    with acting_as(Actor(world.tutor.pk)):
        write_agreements(talk, ["I go to the drop-in."])
    assert [a.text for a in agreements_of(talk)] == ["I ask when I am stuck.", "I go to the drop-in."]


def detail(session: TutorSession) -> str:
    return reverse("tutor_sessions:session-detail", args=[session.pk])


def hand_over(session: TutorSession) -> str:
    return reverse("tutor_sessions:hand-over", args=[session.pk])


BACK = reverse("tutor_sessions:hand-back")


def logged(world: Scene, **words: str) -> tuple[Client, TutorSession]:
    """A 1:1 with these agreements, logged by the tutor through the form."""
    client, url = client_of(world.tutor), new_url(world.student)
    answer = client.post(url, opened_form(client, url, **(words or WORDS)))
    session = TutorSession.objects.get()
    assert answer.headers["Location"] == detail(session)
    return client, session


def test_agreements_are_saved_with_the_session_and_lead_to_its_page() -> None:
    world = scene()
    client, session = logged(world)
    assert list(session.agreements.values_list("position", "text", "answer", "student_id")) == [
        (1, WORDS["agreed-0"], Answer.OPEN, world.student.pk),
        (2, WORDS["agreed-1"], Answer.OPEN, world.student.pk),
    ]
    page = client.get(detail(session)).content.decode()
    assert "Hand over to Jamal" in page
    assert "Not answered yet" in page


def test_a_session_without_agreements_goes_to_the_story_as_before() -> None:
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    answer = client.post(url, opened_form(client, url))
    assert answer.headers["Location"] == reverse("desk:student-story", args=[world.student.pk])


def test_a_draft_keeps_the_lines() -> None:
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    assert "part-agreed" in client.get(url).content.decode()
    save = reverse("accounts:draft-save", args=[f"session:{world.student.pk}"])
    client.post(save, opened_form(client, url, **WORDS))
    page = client.get(url).content.decode()
    assert WORDS["agreed-1"] in page
    assert 'part-agreed" open' in page


def test_the_same_form_with_other_agreements_loses_neither() -> None:
    world = scene()
    client, url = client_of(world.tutor), new_url(world.student)
    form = opened_form(client, url, **WORDS)
    client.post(url, form)
    again = client.post(url, form | {"agreed-1": "Something else."})
    assert again.status_code == 409
    assert "Something else." in again.content.decode()


def test_open_ones_change_with_the_session_and_answered_ones_stay() -> None:
    world = scene()
    client, session = logged(world)
    first = session.agreements.get(position=1)
    answer(world.tutor, session, first, Answer.DISPUTED, "Only on Thursdays.")
    url = reverse("tutor_sessions:session-update", args=[session.pk])
    form = opened_form(client, url, **{"agreed-0": "I ask Ms Reed on Monday."})
    assert client.post(url, form).status_code == 302
    assert list(session.agreements.values_list("position", "text", "answer")) == [
        (1, WORDS["agreed-0"], "disputed"),
        (2, "I ask Ms Reed on Monday.", "open"),
    ]


def answer(by: User, session: TutorSession, one: Agreement, what: str, text: str = "") -> None:
    with acting_as(Actor(by.pk)):
        answer_agreements(by=by, session=session, said={one.pk: Said(what, text)})


def test_a_form_opened_before_the_answer_is_stale_and_shows_both() -> None:
    world = scene()
    client, session = logged(world)
    url = reverse("tutor_sessions:session-update", args=[session.pk])
    form = opened_form(client, url, **{"agreed-0": "Quite other words."})
    answer(world.tutor, session, session.agreements.get(position=1), Answer.AMENDED, "Breakfast on Tuesdays if I can.")
    stale = client.post(url, form)
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "Breakfast on Tuesdays if I can." in page
    assert "Quite other words." in page
    assert session.agreements.get(position=1).text == WORDS["agreed-0"]


def test_hard_words_are_said_to_be_hard_and_saved_all_the_same() -> None:
    world = scene()
    hard = "Organisational responsibilities regarding examination preparation necessitate considerable determination."
    client, session = logged(world, **{"agreed-0": hard})
    assert "harder than Year 13" in client.get(detail(session)).content.decode()
    assert session.agreements.get().text == hard


def test_delight_5_a_hard_sentence_is_named_while_it_is_typed_with_what_the_school_asks_for() -> None:
    """Live, as with a comment: nothing is kept, nobody is stopped, and a school that asks for less is told less."""
    world = scene()
    client, url = client_of(world.tutor), reverse("tutor_sessions:agreed-check", args=[world.student.pk])
    assert f'hx-post="{url}"' in client.get(new_url(world.student)).content.decode()
    hard = "Organisational responsibilities regarding examination preparation necessitate considerable determination."
    typed = {"agreed-0": WORDS["agreed-0"], "agreed-1": f"I come on time. {hard}"}
    said = client.post(url, typed).content.decode()
    assert "“Organisational responsibilities regarding" in said
    assert "reads harder than Year 13." in said
    assert "The school asks for what Year 8 reads with ease" in said
    assert "I come" not in said
    assert "asks for" not in client.post(url, WORDS).content.decode()
    School.objects.update(plain_year=13)
    mild = "I will remember to bring my equipment for every lesson on Monday."
    assert "asks for" not in client.post(url, {"agreed-0": mild}).content.decode()
    School.objects.update(plain_year=3)
    assert "asks for what Year 3" in client.post(url, {"agreed-0": mild}).content.decode()
    assert not Agreement.objects.exists()
    assert client.get(url).status_code == 405
    assert client_of(make.person(Role.TUTOR)).post(url, typed).status_code == 404


def test_delight_5_what_a_draft_or_a_saved_1_to_1_holds_is_looked_at_when_it_is_opened() -> None:
    world = scene()
    hard = "Organisational responsibilities regarding examination preparation necessitate considerable determination."
    client, session = logged(world, **{"agreed-0": hard})
    page = client.get(reverse("tutor_sessions:session-update", args=[session.pk])).content.decode()
    assert "reads harder than Year 13." in page
    assert "asks for what Year 8" in page


def begun(world: Scene, client: Client, session: TutorSession) -> None:
    world.tutor.set_password("a long enough sentence")  # so that there is a way to take the device back
    world.tutor.save()
    client.force_login(world.tutor)
    assert client.post(hand_over(session)).headers["Location"] == hand_over(session)


def test_the_student_answers_each_in_their_own_way_and_the_page_tells_nothing_else() -> None:
    world = scene()
    client, session = logged(world, **WORDS, **{"agreed-2": "I am early on Fridays."})
    begun(world, client, session)
    page = client.get(hand_over(session)).content.decode()
    assert "Jamal, is this what we agreed?" in page
    for hidden in ("Okafor", "Came in late again", "11BEC", "Today", "desk/", 'href="/"', str(world.student.pk)):
        assert hidden not in page, hidden
    given = {
        "1-answer": "confirmed",
        "1-text": "",
        "2-answer": "amended",
        "2-text": "I ask in the lesson.",
        "3-answer": "disputed",
        "3-text": "I never said that.",
    }
    assert client.post(hand_over(session), given).headers["Location"] == BACK
    assert list(session.agreements.values_list("answer", "text", "student_text")) == [
        ("confirmed", WORDS["agreed-0"], ""),
        ("amended", WORDS["agreed-1"], "I ask in the lesson."),
        ("disputed", "I am early on Fridays.", "I never said that."),
    ]
    event = Event.objects.get(action="agreement.answered")
    assert event.detail["answers"] == ["amended", "confirmed", "disputed"]
    assert "lesson" not in str(event.detail)


def test_other_words_need_words_and_one_may_wait() -> None:
    world = scene()
    client, session = logged(world)
    begun(world, client, session)
    page = client.post(hand_over(session), {"1-answer": "amended", "1-text": ""}).content.decode()
    assert "Write how you would say it." in page
    assert "Nothing is chosen yet" in client.post(hand_over(session), {}).content.decode()
    client.post(hand_over(session), {"1-answer": "disputed"})
    assert list(session.agreements.values_list("answer", flat=True)) == ["disputed", "open"]


def test_while_it_is_handed_over_nothing_else_opens_until_the_tutor_proves_to_be_the_tutor() -> None:
    world = scene()
    client, session = logged(world)
    begun(world, client, session)
    story = reverse("desk:student-story", args=[world.student.pk])
    for address in ("/", detail(session), new_url(world.student), story):
        assert client.get(address).headers["Location"] == BACK, address
        assert client.post(address).headers["Location"] == BACK, address
    page = client.get(BACK).content.decode()
    assert "Please give this back to Priya Shah" in page
    assert client.get(detail(session)).status_code == 302
    step_up = reverse("sign_in:step-up")
    client.post(f"{step_up}?next={BACK}", {"password": "a wrong sentence"})
    assert client.get("/").headers["Location"] == BACK
    proved = client.post(f"{step_up}?next={BACK}", {"password": "a long enough sentence"})
    assert proved.headers["Location"] == BACK
    assert client.get(BACK).headers["Location"] == detail(session)
    assert client.get(detail(session)).status_code == 200


def test_only_the_author_hands_over_and_a_stranger_finds_nothing() -> None:
    world = scene()
    _, session = logged(world)
    colleague = make.person(Role.TUTOR, group=world.group)
    assert client_of(colleague).post(hand_over(session)).status_code == 403
    assert client_of(colleague).get(reverse("tutor_sessions:agreed-copy", args=[session.pk])).status_code == 403
    teacher = make.person(Role.SUBJECT_TEACHER, student=world.student)
    assert client_of(teacher).post(hand_over(session)).status_code == 404
    with acting_as(Actor(colleague.pk)), pytest.raises(PermissionDenied):
        answer_agreements(by=colleague, session=session, said={})


def test_an_answer_is_given_once() -> None:
    world = scene()
    _, session = logged(world)
    one = session.agreements.get(position=1)
    answer(world.tutor, session, one, Answer.CONFIRMED)
    with pytest.raises(AnsweredBeforeError):
        answer(world.tutor, session, one, Answer.DISPUTED, "No.")
    one.refresh_from_db()
    assert one.answer == Answer.CONFIRMED


# By the tutor's own connection, past every service: what the database itself refuses.
REFUSED = {
    "the words as written": "UPDATE tutor_sessions_agreement SET text = 'Other' WHERE id = %s",
    "the student's words": "UPDATE tutor_sessions_agreement SET student_text = 'Other' WHERE id = %s",
    "the answer": "UPDATE tutor_sessions_agreement SET answer = 'disputed' WHERE id = %s",
    "back to open": "UPDATE tutor_sessions_agreement SET answer = 'open', answered_on = NULL, answered_how = '',"
    " student_text = '' WHERE id = %s",
}


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED)
def test_the_database_itself_keeps_both_texts(sql: str) -> None:
    world = scene()
    _, session = logged(world)
    one = session.agreements.get(position=1)
    answer(world.tutor, session, one, Answer.AMENDED, "My words.")
    with pytest.raises(DatabaseError), acting_as(Actor(world.tutor.pk)), transaction.atomic():
        _run(sql, one.pk)
    one.refresh_from_db()
    assert (one.text, one.answer, one.student_text) == (WORDS["agreed-0"], Answer.AMENDED, "My words.")


def test_an_answered_one_cannot_be_taken_out_and_none_is_written_with_an_answer() -> None:
    world = scene()
    _, session = logged(world)
    one = session.agreements.get(position=1)
    answer(world.tutor, session, one, Answer.CONFIRMED)
    with acting_as(Actor(world.tutor.pk)), transaction.atomic():
        _run("DELETE FROM tutor_sessions_agreement WHERE id = %s", one.pk)
    assert Agreement.objects.filter(pk=one.pk).exists()
    forged = (
        "INSERT INTO tutor_sessions_agreement (id, session_id, student_id, position, text, answer, student_text,"
        " answered_on, answered_how) SELECT %s, session_id, student_id, 3, 'Forged', 'confirmed', '', answered_on,"
        " 'device' FROM tutor_sessions_agreement LIMIT 1"
    )
    with pytest.raises(DatabaseError), acting_as(Actor(world.tutor.pk)), transaction.atomic():
        _run(forged, uuid.uuid4())


def _run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_copy_holds_both_versions_on_one_page_and_is_on_the_record() -> None:
    world = scene()
    client, session = logged(world)
    answer(world.tutor, session, session.agreements.get(position=1), Answer.DISPUTED, "Only on Thursdays.")
    copy = reverse("tutor_sessions:agreed-copy", args=[session.pk])
    made = client.get(copy)
    assert made.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(made.content)).pages
    assert len(pages) == 1
    text = " ".join(pages[0].extract_text().split())
    for expected in (WORDS["agreed-0"], "does not agree", "Only on Thursdays.", WORDS["agreed-1"], "Not answered yet"):
        assert expected in text, expected
    for hidden in ("Came in late again", "Okafor"):
        assert hidden not in text
    assert Event.objects.get(action="agreement.copied").detail["copy"] == "student"
    # Nothing goes home that the student did not say may go there.
    assert client.get(copy, {"for": "home"}).status_code == 403
    TutorSession.objects.update(for_report=True)
    assert client.get(copy, {"for": "home"}).status_code == 200


def test_both_versions_stand_side_by_side_and_a_dispute_is_shown_as_one() -> None:
    world = scene()
    client, session = logged(world)
    answer(world.tutor, session, session.agreements.get(position=1), Answer.DISPUTED, "Only on Thursdays.")
    for address in (detail(session), reverse("desk:student-story", args=[world.student.pk])):
        page = client.get(address).content.decode()
        assert "Jamal does not agree" in page, address
        assert "Only on Thursdays." in page, address
        assert WORDS["agreed-0"] in page, address


def test_whoever_does_not_read_the_session_reads_no_agreement() -> None:
    world = scene()
    _, session = logged(world)
    teacher = make.person(Role.SUBJECT_TEACHER, student=world.student)
    with acting_as(Actor(teacher.pk)):
        assert not Agreement.objects.filter(session=session).exists()
    page = client_of(teacher).get(reverse("desk:student-story", args=[world.student.pk])).content.decode()
    assert WORDS["agreed-0"] not in page


def test_a_colleague_reads_the_words_and_has_no_copy_to_make() -> None:
    world = scene()
    client, session = logged(world)
    assert "Copy for Jamal" in client.get(detail(session)).content.decode()
    page = client_of(make.person(Role.TUTOR, group=world.group)).get(detail(session)).content.decode()
    assert "Copy for Jamal" not in page
    assert WORDS["agreed-0"] in page
