"""Where pages announce themselves: entries of the side bar and tabs of a student's page.

Apps register theirs in `AppConfig.ready()`; nothing here imports an app that knows students.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property

GROUPS, SUPPORT = "Groups", "Support"  # sections that several rooms have lines in
MANY, MANY_TABS = 5, 9  # lines of a section, tabs of a student's page


@dataclass(frozen=True)
class NavItem:
    """One line of the side bar. `permission` is asked through has_perm; `count` gives the small number or ''.

    `pinned`: in sight however long the side bar is. `rare`: folded away where its section has more than MANY lines.
    """

    label: str | Callable[[HttpRequest], str]
    url_name: str
    permission: str
    section: str | Callable[[HttpRequest], str] = ""
    order: int = 0
    count: Callable[[HttpRequest], str] | None = None
    key: str = ""
    pinned: bool = False
    rare: bool = False

    @cached_property
    def url(self) -> str:
        """Found once: every page shows it."""
        return reverse(self.url_name)


@dataclass(frozen=True)
class StudentTab:
    """One tab of a student's page; its URL takes the student's id as `pk`."""

    label: str | Callable[[HttpRequest], str]
    url_name: str
    permission: str
    order: int = 0
    rare: bool = False


@dataclass(frozen=True)
class Notice:
    """Something for this very person to read, on Today and, where it is about a student, on that student's page."""

    text: str
    url: str
    new: bool


# A person and, on a student's page, that student's key → what is there for them.
Notices = Callable[[Any, Any], list[Notice]]


@dataclass
class Registry:
    """All side-bar lines and student tabs, in the order they were announced; and who has something to read for whom."""

    items: list[NavItem] = field(default_factory=list)
    tabs: list[StudentTab] = field(default_factory=list)
    notices: list[Notices] = field(default_factory=list)

    def add_item(self, item: NavItem) -> None:
        self.items = sorted({i.url_name: i for i in [*self.items, item]}.values(), key=lambda i: i.order)

    def add_tab(self, tab: StudentTab) -> None:
        self.tabs = sorted({t.url_name: t for t in [*self.tabs, tab]}.values(), key=lambda t: t.order)


registry = Registry()


def notices_for(user: Any, student: Any = None) -> list[Notice]:
    """What is there for this person to read, of one student or of all."""
    return [notice for find in registry.notices for notice in find(user, student)]


def _text(label: str | Callable[[HttpRequest], str], request: HttpRequest) -> str:
    return label(request) if callable(label) else label


def _closest(urls: list[str], path: str) -> str:
    """The line this page belongs to: its own, or the longest its address begins with; the front page only itself."""
    return max((url for url in urls if url == path or (url != "/" and path.startswith(url))), key=len, default="")


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The side bar for this person: [{label, pinned, items: [{label, url, count, active, key, rare}], more: items}]."""
    found: dict[tuple[str, bool], list[dict[str, Any]]] = {}
    shown = [item for item in registry.items if request.user.has_perm(item.permission)]
    here = _closest([item.url for item in shown], request.path)
    for item in shown:
        found.setdefault((_text(item.section, request), item.pinned), []).append(
            {
                "label": _text(item.label, request),
                "url": item.url,
                "count": item.count(request) if item.count else "",
                "active": item.url == here,
                "key": item.key,
                "rare": item.rare,
            }
        )
    return [{"label": label, "pinned": pinned} | folded(items) for (label, pinned), items in found.items()]


def folded(lines: list[dict[str, Any]], many: int = MANY) -> dict[str, list[dict[str, Any]]]:
    """{items: in sight, more: behind one press}: a short list stays whole, and so does one with a single rare line."""
    rare = [line for line in lines if line["rare"]]
    if len(lines) <= many or len(rare) < 2:
        return {"items": lines, "more": []}
    return {"items": [line for line in lines if not line["rare"]], "more": rare}


def student_tabs(request: HttpRequest, pk: Any, permitted: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """The tabs of one student's page: {items, more}, each [{label, url, active, rare}].

    `permitted`: what this person may do for the student. The tab somebody is on is in sight.
    """
    tabs = []
    for tab in registry.tabs:
        if tab.permission in permitted:
            url = reverse(tab.url_name, kwargs={"pk": pk})
            active = request.path == url
            tabs.append(
                {"label": _text(tab.label, request), "url": url, "active": active, "rare": tab.rare and not active}
            )
    return folded(tabs, MANY_TABS)


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the side bar, the school's name and whether this is the demo.

    The side bar counts students only where it is drawn: pieces of pages, and the moment of signing in, have none.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"demo": settings.DEMO}
    return {"demo": settings.DEMO, "nav_sections": SimpleLazyObject(lambda: sections(request)), "school": user.school}
