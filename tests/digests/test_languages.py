"""Delight 10: mails to families in the language they chose, with the English below; a language we cannot write is not
offered."""

import re
import string
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from students.enums import Language
from students.languages import FOLDER, languages_offered, words_of
from tests import factories as make
from tests.digests.test_letters import FRIDAY, choice, on_friday, reward, shared_step
from tests.digests.test_link import url as stop_url
from tests.sessions.pages import Scene, client_of, scene
from tutoring.digests import outbox
from tutoring.digests.models import DigestChoice
from tutoring.sessions import outbox as messages

__all__ = ["on_friday"]
pytestmark = pytest.mark.django_db
OTHERS = [language for language in Language if language != Language.ENGLISH]


@pytest.fixture
def world() -> Scene:
    return scene()


def reads(chosen: DigestChoice, language: str) -> None:
    DigestChoice.objects.filter(pk=chosen.pk).update(language=language)


def html_of(letter: Any) -> str:
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    return str(html)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_language_is_offered_that_cannot_be_written() -> None:
    assert {file.stem for file in FOLDER.glob("*.toml")} == {language.value for language in OTHERS}
    assert [code for code, _ in languages_offered()] == Language.values
    for language in ("", "xx", "en", "../pl"):
        assert words_of(language) is None


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_all_that_there_is_to_say(language: Language) -> None:
    words, polish = words_of(language), words_of("pl")
    assert words
    assert polish
    assert set(words.said) == set(polish.said)
    for name, text in words.said.items():
        assert text.strip() == text, name
        assert text, name
        assert fields(text) == fields(polish.said[name]), f"{language}.{name}"
    assert len(words.months) == len(set(words.months)) == 12
    assert len(set(words.said.values())) == len(words.said), "no line stands for two"


def test_a_mail_is_in_their_language_with_the_english_below(world: Scene) -> None:
    reads(choice(world), "pl")
    for number in (1, 2):
        reward(world, number=number)
    shared_step(world, "Come to breakfast club.")
    assert outbox.send_digests(FRIDAY) == 1
    [letter] = mail.outbox
    assert letter.subject == "Jamal: wiadomość ze szkoły / Jamal: a word from school"
    own, english = str(letter.body).split("=" * 40)
    assert own.startswith("Od 16 listopada do 20 listopada:\n\n- Nagrody: 2 („Kindness (2)”).\n")
    assert "„Come to breakfast club”. Termin: 27 listopada." in own
    assert "Słowa w cudzysłowie szkoła napisała po angielsku." in own
    assert f"Proszę pytać o: {world.tutor.formal_name}." in own.replace("proszę", "Proszę")
    assert "- Jamal was given 2 rewards: Kindness (2)." in english
    assert "Agreed with Jamal, who is happy for you to know: Come to breakfast club, by 27 November." in english
    link = f"https://waymark.example{stop_url(DigestChoice.objects.get())}"
    assert link in own
    assert link in english


@pytest.mark.parametrize("language", ["ur", "ar"])
def test_what_runs_from_right_to_left_says_so(world: Scene, language: str) -> None:
    reads(choice(world), language)
    reward(world, "<b>Kind</b>")
    outbox.send_digests(FRIDAY)
    html = html_of(mail.outbox[0])
    assert f'<div lang="{language}" dir="rtl">' in html
    assert '<div lang="en" dir="ltr">' in html
    assert "&lt;b&gt;Kind&lt;/b&gt;" in html
    assert "<b>" not in html
    assert "\u2068Jamal\u2069" in mail.outbox[0].subject, "a name keeps its own direction"


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_can_be_sent(world: Scene, language: Language) -> None:
    """With every line that there may be, and no placeholder left."""
    reads(choice(world), language)
    reward(world)
    news = make.TutorSessionFactory.create(student=world.student, author=world.tutor, kind="call_home")
    make.HomeContactFactory.create(session=news, contact=None, tone="good")
    shared_step(world, "Come to breakfast club.")
    assert outbox.send_digests(FRIDAY) == 1
    [letter] = mail.outbox
    sent: EmailMessage = letter.message()
    assert "8bit" in str(sent) or "base64" in str(sent)
    assert not re.search(r"\{\w*\}", str(letter.body) + html_of(letter))


def test_in_english_nothing_has_changed(world: Scene) -> None:
    choice(world)
    reward(world)
    outbox.send_digests(FRIDAY)
    [letter] = mail.outbox
    assert letter.message().get_content_type() == "text/plain"
    assert "=" * 40 not in str(letter.body)


def test_the_form_offers_them_and_the_page_shows_the_mail_as_it_goes(world: Scene) -> None:
    chosen, client = choice(world), client_of(world.tutor)
    page = reverse("digests:choice", args=[chosen.contact_id])
    shown = client.get(page).content.decode()
    assert "Urdu" in shown
    assert "plain English for now" not in shown
    assert client.post(page, {"rhythm": "weekly", "language": "ur"}).status_code == 302
    assert client.post(page, {"rhythm": "weekly", "language": "cy"}).status_code == 200, "none that we cannot write"
    reward(world)
    preview = client.get(reverse("digests:preview")).content.decode()
    assert '<div lang="ur" dir="rtl"' in preview
    assert "انعامات" in preview


def test_the_page_behind_the_link_speaks_it_too(world: Scene) -> None:
    chosen = choice(world)
    reads(chosen, "ar")
    browser = Client()
    asked = browser.get(stop_url(chosen)).content.decode()
    assert "هل تريدون إيقاف الرسالة الأسبوعية؟" in asked
    assert "Stop the weekly mail?" in asked
    assert 'dir="rtl"' in asked
    assert "توقفت الرسالة الأسبوعية" in browser.post(stop_url(chosen)).content.decode()


def test_a_message_of_praise_says_that_it_is_in_english(world: Scene) -> None:
    """Where they chose no weekly mail, but said what they read best."""
    chosen = choice(world)
    DigestChoice.objects.update(rhythm="none", language="ro")
    client = client_of(world.tutor)
    from tests.sessions.test_praise_home import _send

    _send(client, world, text="Jamal was kind today.")
    assert messages.send_waiting(FRIDAY) == 1
    [letter] = mail.outbox
    assert letter.to == [chosen.contact.email]
    assert letter.subject == "Vești bune: Jamal / Good news about Jamal"
    own, english = str(letter.body).split("=" * 40)
    assert "a fost scris de școală în limba engleză" in own
    assert "Jamal was kind today." in english
