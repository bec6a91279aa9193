"""The forms of a page as a browser would send them, and the payloads that are put into them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

# Kinds of field that somebody types into; what stands there must come back when the form is refused.
TYPED = {"text", "search", "textarea", "date", "number", "email", "url", "tel"}
FREE = {"text", "search", "textarea"}

PAYLOADS = {
    "empty": "",
    "long": "x" * 100_000,
    "nul": "before\x00after",
    "right-to-left": "\u202egnp.exe\u2066 مرحبا \u2069",
    "emoji": "👩🏽‍🏫🏴󠁧󠁢󠁷󠁬󠁳󠁿 e\u0301 \ufeff\u200b",
    "formula": '=HYPERLINK("http://elsewhere.example","x")',
    "script": "\"'><script>window.hit=1</script><img src=x onerror=window.hit=1>",
    "sql": "'; DROP TABLE students_student; -- %s %(x)s",
    "wrong-pk": "00000000-0000-4000-8000-000000000000",
    "template": "{{7*7}}{% load static %}{{ request.user.password }}${7*7}",
    "lines": "one\r\nTwo: three\r\n\r\nfour\ttab",
    "digits": "²³١٢",
    "number": "99999999999999999999999999",
}


@dataclass
class Field:
    """One thing a form sends: its kind (an input's type, textarea, select) and what stands in it."""

    kind: str
    values: list[str] = field(default_factory=list)


@dataclass
class HtmlForm:
    """Where it goes, how, and its fields by name."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)

    def data(self, payload: str | None, kinds: set[str] | None = None) -> dict[str, list[str]]:
        """What is sent with the payload typed into every field of these kinds (None: into all of them)."""
        sent = {name: entry.values for name, entry in self.fields.items() if name != "csrfmiddlewaretoken"}
        if payload is not None:
            sent |= {name: [payload] for name in sent if kinds is None or self.fields[name].kind in kinds}
        return sent


class _Parser(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.forms: list[HtmlForm] = []
        self.inside: HtmlForm | None = None
        self.open: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = HtmlForm(have.get("action") or self.path, have.get("method", "get").lower())
            self.forms.append(self.inside)
        elif self.inside is not None and "name" in have:
            self._field(tag, have)
        elif tag == "option" and self.open is not None and "selected" in have:
            self.open.values.append(have.get("value", ""))

    def _field(self, tag: str, have: dict[str, str]) -> None:
        assert self.inside is not None
        kind = have.get("type", "text") if tag == "input" else tag
        if tag == "button" or kind in {"submit", "file"}:
            return
        entry = self.inside.fields.setdefault(have["name"], Field(kind))
        if kind in {"checkbox", "radio"}:
            entry.values += [have.get("value", "on")] if "checked" in have else []
        elif tag == "input":
            entry.values.append(have.get("value", ""))
        self.open = entry if tag in {"select", "textarea"} else None

    def handle_data(self, data: str) -> None:
        if self.open is not None and self.open.kind == "textarea":
            self.open.values = ["".join(self.open.values) + data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        if tag in {"select", "textarea"}:
            self.open = None


def forms_in(html: str, path: str) -> list[HtmlForm]:
    """The forms of a page that change something."""
    parser = _Parser(path)
    parser.feed(html)
    return [form for form in parser.forms if form.method == "post"]
