"""Every page of a school that calls every role something else: Waymark's own word for a role stands nowhere on it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from accounts.enums import HOUSE_ROLES, WHOLE_SCHOOL_ROLES, Role
from tests import factories as make
from tests.conventions.access import TABLE
from tests.edge.crawl import Crawl, make_crawl

pytestmark = [pytest.mark.sweep, pytest.mark.django_db]

WORDS = {role: f"Zorbelist {number}" for number, role in enumerate(Role, start=1)}
# Each role's usual word, in one and in several, and what people say instead of it.
USUAL = re.compile(
    r"\b(?:tutors?|heads? of (?:house|year)|SENCOs?|DSLs?|safeguarding leads?|head ?teachers?|senior leaders?"
    r"|data managers?|attendance officers?|nurses?|subject teachers?|contributors?)\b",
    re.IGNORECASE,
)
INLINE = {"b", "i", "em", "strong", "span"}
SHOWN = {"title", "aria-label", "alt", "placeholder"}
# Where the usual word stays, and why: address → (words, reason). "": on any page.
STAYS = {
    "accounts:role-words": [(role.label, "the page says beside each line what Waymark calls it") for role in Role],
    "accounts:school-settings": [
        ("A tutor group is called", "the line where the school says what it is called"),
        ("Tutor group, form, progress group …", "examples for that line"),
    ],
    "conduct:type-list": [("Tutor’s award", "a reward of the school's own list, which it renames itself")],
    "conduct:house-type-list": [("Tutor’s award", "a reward of the school's own list, which it renames itself")],
    "conduct:entry-create": [("Tutor’s award", "a reward of the school's own list, which it renames itself")],
}


class Text(HTMLParser):
    """What people read or are read of a page: its text, and the attributes that are spoken."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")
        found = dict(attrs)
        self.parts += (
            [" | ", *(str(found[name]) + " | " for name in SHOWN if found.get(name))] if tag not in INLINE else []
        )

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        self.parts += [] if self._hidden else [data]

    @property
    def words(self) -> str:
        return " ".join("".join(self.parts).split())


def of_a_school_with_its_own_words() -> Crawl:
    crawl = make_crawl()
    school = crawl.world.student.school
    school.call_roles(WORDS)
    school.tutor_group_label = "Flumpet"
    school.boundaries = "I listen."
    school.save()
    return crawl


def pages(client: Client, paths: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Address and words of every page that opens."""
    for name, path in paths.items():
        if name in TABLE and TABLE[name].get:
            answer = client.get(path)
            if answer.headers["Content-Type"].startswith("text/html") and answer.status_code == 200:
                yield name, Text(answer.content.decode()).words


def usual_words(words_of: dict[str, str]) -> dict[str, list[str]]:
    """Address → the usual words on its page, each with what stands around it, but for those that may stay."""
    left: dict[str, list[str]] = {}
    for name, words in words_of.items():
        for phrase, _ in sorted(STAYS.get(name, []), key=lambda line: -len(line[0])):
            words = words.replace(phrase, "")
        if found := [words[max(m.start() - 40, 0) : m.end() + 30] for m in USUAL.finditer(words)]:
            left[name] = found
    return left


def test_no_page_says_a_role_in_a_word_that_is_not_the_schools() -> None:
    """Duty 5: every role by the school's own name, wherever it is shown to people."""
    crawl = of_a_school_with_its_own_words()
    words_of = dict(pages(crawl.signed_in(), crawl.paths))
    assert usual_words(words_of) == {}
    assert len(words_of) > 100
    gone = [(name, phrase) for name, stay in STAYS.items() for phrase, _ in stay if phrase not in words_of[name]]
    assert gone == [], "no longer said: take it off the list"


def test_nor_does_a_page_on_which_nothing_stands_yet() -> None:
    """Duty 5: the sentences of empty pages, which say whom to ask."""
    crawl = of_a_school_with_its_own_words()
    newcomer = make.UserFactory.create(school=crawl.user.school)
    for role in set(Role) - WHOLE_SCHOOL_ROLES:
        scope = {"house": make.HouseFactory.create(school=crawl.user.school)} if role in HOUSE_ROLES else {}
        make.MembershipFactory.create(user=newcomer, role=role, **scope)
    client = Client()
    client.force_login(newcomer)
    of_nobody = {name: path for name, path in crawl.paths.items() if name in TABLE and not TABLE[name].subject}
    words_of = dict(pages(client, of_nobody))
    assert usual_words(words_of) == {}
    # The word of the data manager stands in the middle of such a sentence.
    ask = WORDS[Role.DATA_MANAGER].lower()
    assert sum(f"the {ask} " in words for words in words_of.values()) >= 2
