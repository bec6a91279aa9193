"""A form field for marks on a body: several at once, each with its own lines, by list or drawing, script or none.

On the way a mark is a row of inputs named `marks-0-place`, `marks-0-kind` …, so that drafts keep and restore them like
any other field. Mistakes stand at their input, nothing typed is lost, rows in which nothing stands are no marks.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from safeguarding.body_map.areas import AREAS, places_by_group
from safeguarding.body_map.drawing import figures_with
from safeguarding.body_map.lines import KINDS, LINES, Line

Row = dict[str, str]
MOST_MARKS = 30
CHOICES: dict[str, Mapping[str, object]] = {"place": AREAS, "kind": KINDS}
CHOOSE = {"place": "choose where on the body it is", "kind": "choose what it is"}
TOO_MANY = f"These are more than {MOST_MARKS} marks. Put several into one mark, and say so under its shape."
MORE = "There is room for another mark now. Nothing is sent yet."
# In the <template> that the script copies.
NEW = "__mark__"


def typed_marks(fields: Mapping[str, Any], name: str = "marks") -> list[Row]:
    """What was typed into rows called `name`, from a request's data or a draft's fields: in order, without empty ones.

    Takes it as it is: long, unknown or half filled rows come back for the form to speak about.
    """
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-({'|'.join(line.key for line in LINES)})")
    rows: dict[int, Row] = {}
    for key in fields:
        if found := pattern.fullmatch(key):
            value = fields[key]
            text = str(value[-1] if isinstance(value, list) and value else value or "")
            rows.setdefault(int(found[1]), {})[found[2]] = text
    return [rows[number] for number in sorted(rows) if any(text.strip() for text in rows[number].values())]


class MarksWidget(forms.Widget):
    """The drawing, a row for each mark and one empty row. Loads with `js/body_map.js` and `css/safeguarding.css`."""

    template_name = "safeguarding/_marks_field.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        # Set while the form is checked: number of the row → field → sentence.
        self.mistakes: dict[int, Row] = {}
        self.wants_more = False

    def id_for_label(self, id_: str) -> str:
        """No single input has this label: the group's legend is it."""
        return ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        self.wants_more = f"{name}-more" in data
        return typed_marks(data, name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def format_value(self, value: Any) -> Any:
        return list(value or [])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        marks: list[Row] = self.format_value(value)
        start = context["widget"]["attrs"].get("id") or name
        rows = [self._row(name, start, number, mark) for number, mark in enumerate([*marks, {}])]
        rows[-1]["is_spare"] = bool(marks)
        context["widget"] |= {"id": start, "rows": rows, "figures": figures_with(marks), "next": len(rows)}
        context["widget"]["empty"] = self._row(name, start, NEW, {})
        return context

    def _row(self, name: str, start: str, number: int | str, mark: Row) -> dict[str, Any]:
        wrong = self.mistakes.get(number, {}) if isinstance(number, int) else {}
        inputs = [_input(line, f"{name}-{number}", f"{start}-{number}", mark, wrong) for line in LINES]
        area = AREAS.get(mark.get("place", ""))
        shown = number + 1 if isinstance(number, int) else number
        return {"number": shown, "place": area.name if area else "", "inputs": inputs, "is_spare": False}


def _input(line: Line, name: str, start: str, mark: Row, wrong: Row) -> dict[str, Any]:
    groups = {"place": _places, "kind": _kinds}
    return {
        "line": line,
        "name": f"{name}-{line.key}",
        "id": f"{start}-{line.key}",
        "value": mark.get(line.key, ""),
        "error": wrong.get(line.key, ""),
        "groups": groups[line.key]() if line.key in groups else [],
    }


def _places() -> list[tuple[str, list[tuple[str, str]]]]:
    return [(group, [(area.code, _capital(area.name)) for area in areas]) for group, areas in places_by_group()]


def _kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    return [("", list(KINDS.items()))]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


class MarksField(forms.Field):
    """Cleans to a list of dicts with all keys of `LINES`, each a str, "" where nothing was said; [] without a mark."""

    widget: type[forms.Widget] | forms.Widget = MarksWidget

    def __init__(self, **options: Any) -> None:
        usual: dict[str, Any] = {"required": False, "label": "Marks on the body"}
        super().__init__(**(usual | options))

    def clean(self, value: Any) -> list[Row]:
        typed: list[Row] = value or []
        if self.required and not typed:
            raise ValidationError(self.error_messages["required"], code="required")
        cleaned = [{line.key: mark.get(line.key, "").strip() for line in LINES} for mark in typed]
        mistakes = {number: wrong for number, mark in enumerate(cleaned) if (wrong := dict(_mistakes_in(mark)))}
        if isinstance(self.widget, MarksWidget):
            if self.widget.wants_more:
                raise ValidationError(MORE, code="more")
            self.widget.mistakes = mistakes
        if len(cleaned) > MOST_MARKS:
            raise ValidationError(TOO_MANY, code="too_many")
        said = [f"Mark {number + 1}: {text}" for number, wrong in mistakes.items() for text in wrong.values()]
        if said:
            raise ValidationError(said, code="mistakes")
        return cleaned

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _words(initial) != _words(data)


def _mistakes_in(mark: Row) -> Iterator[tuple[str, str]]:
    for line in LINES:
        text = mark[line.key]
        if line.key in CHOICES and text not in CHOICES[line.key]:
            yield line.key, f"{CHOOSE[line.key]}."
        elif len(text) > line.most:
            yield line.key, f"{line.label.lower()}: at most {line.most} characters, these are {len(text)}."
        elif "\x00" in text:
            yield line.key, f"{line.label.lower()}: there is a character in it that cannot be kept; write it again."


def _words(marks: Any) -> list[Row]:
    return [{key: text for key, text in mark.items() if text} for mark in marks or []]
