"""A person at a page: every click and key is counted, and how long it would take them is worked out.

The model is the keystroke-level model of S. K. Card, T. P. Moran and A. Newell, "The keystroke-level model for user
performance time with interactive systems", Communications of the ACM 23 (1980), pages 396 to 410: pointing at
something and pressing it 1.1 s, a key of running text 0.28 s (an average typist, 40 words a minute), making up one's
mind 1.35 s. To that comes what the system took to answer, as measured here: a new page from the click until its content
stands there, as the browser tells it, anything else by the clock.

A decision is counted where something has to be judged (who is away, which model fits); the way there is known by heart.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

CLICK, KEY, DECISION = 1.1, 0.28, 1.35  # seconds
WAIT = 15_000
FORTY_WORDS = (
    "He has been late on three Mondays because his sister goes to another school now. We looked at buses together and"
    " found one that leaves earlier. He says it is fine. He wants his mother to know that he tries."
)
_ANSWERED = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


@dataclass
class Day:
    """A page, and what somebody did on it: every click and press goes through here, so that none is left out."""

    page: Page
    clicks: int = 0
    keys: int = 0
    typed: int = 0
    decisions: int = 0
    waited: float = 0.0

    @property
    def seconds(self) -> float:
        """How long it would take a person, the system's answers included."""
        return self.seconds_without_text + KEY * self.typed

    @property
    def seconds_without_text(self) -> float:
        """The same where a target does not count what is written."""
        return CLICK * self.clicks + KEY * self.keys + DECISION * self.decisions + self.waited

    def click(self, what: Locator, then: Locator | None = None, *, decides: bool = False) -> None:
        """One click or tap; `then`: what they wait for before they go on; `decides`: they had to judge first."""
        self.clicks += 1
        self.decisions += decides
        self._wait_for(then, what.click)

    def press(self, key: str, then: Locator | None = None) -> None:
        """One key that does something."""
        self.keys += 1
        self._wait_for(then, lambda: self.page.keyboard.press(key))

    def type_into(self, what: Locator, text: str) -> None:
        """A click into the box, and every key of the text."""
        self.click(what)
        self.typed += len(text)
        self.page.keyboard.type(text)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def within(self, *, clicks: int, seconds: float, and_the_text: bool = False) -> None:
        """Asserts both targets of a journey; `and_the_text`: the seconds are without what is typed."""
        took = self.seconds_without_text if and_the_text else self.seconds
        told = (
            f"{self.clicks} clicks, {self.keys} keys, {self.typed} typed, {self.decisions} decisions,"
            f" {self.waited:.2f} s of waiting: {took:.1f} s; at the most {clicks} clicks and {seconds} s"
        )
        print(told)
        assert self.clicks <= clicks, told
        assert took <= seconds, told

    def _wait_for(self, then: Locator | None, act: Callable[[], None]) -> None:
        if then is None:
            act()
            return
        self.page.evaluate("window.stillHere = true")
        act()
        began = time.monotonic()
        expect(then).to_be_visible(timeout=WAIT)
        self.page.wait_for_load_state("domcontentloaded")
        if self.page.evaluate("window.stillHere === true"):
            self.waited += time.monotonic() - began
        else:
            self.waited += float(self.page.evaluate(_ANSWERED)) / 1000


def words_on(what: Locator) -> int:
    """How many words there are to read in it."""
    return len(re.findall(r"\w[\w’'%.,-]*", what.inner_text()))
