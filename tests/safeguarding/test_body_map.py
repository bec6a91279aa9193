"""The areas of the body, the drawing, and the field that takes marks: nothing lost, every mistake at its place."""

import re
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from accounts import drafts
from safeguarding.body_map import AREAS, KINDS, LINES, MOST_MARKS, MarksField, figures_with, marks_shown, name_of
from safeguarding.body_map import typed_marks as typed
from safeguarding.body_map.shapes import MIDDLE, SIDES, centre_of, mirrored
from tests import factories as make

KEYS = [line.key for line in LINES]
FULL = {key: f"{key} told" for key in KEYS} | {"place": "left-cheek", "kind": "bruise"}
# Kept in records: a code may be added, none may go or change what it means.
CODES = {
    *["back-of-head", "chin", "forehead", "genitals", "mouth", "neck-back", "neck-front", "nose", "top-of-head"],
    *[f"{side}-{shape}" for side in ("left", "right") for shape in (
        "eye", "cheek", "ear", "behind-ear", "shoulder-front", "chest", "upper-belly", "lower-belly", "hip",
        "shoulder-back", "upper-back", "middle-back", "lower-back", "buttock", "upper-arm-front", "upper-arm-back",
        "inside-elbow", "elbow", "forearm-front", "forearm-back", "wrist-front", "wrist-back", "palm", "back-of-hand",
        "thigh-front", "inner-thigh", "thigh-back", "knee", "back-of-knee", "shin", "calf", "foot", "heel", "sole",
    )],
}  # fmt: skip


class WorryForm(forms.Form):
    text = forms.CharField()
    marks = MarksField()


def _sent(*marks: dict[str, str], **more: str) -> WorryForm:
    data = QueryDict(mutable=True)
    data["text"] = "Seen at 10.20."
    for number, mark in enumerate(marks):
        data.update({f"marks-{number}-{key}": text for key, text in mark.items()})
    data.update(more)
    return WorryForm(data)


def _input(page: str, name: str) -> str:
    found = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', page)
    assert found, f"no input {name}"
    return found[0]


class TestAreas:
    def test_no_code_of_a_record_is_lost(self) -> None:
        assert AREAS.keys() >= CODES

    def test_names_are_plain_and_none_stands_twice(self) -> None:
        names = [area.name for area in AREAS.values()]
        assert len(set(names)) == len(names) > 60
        assert all(re.fullmatch(r"[a-z, ]+", name) for name in names)
        assert name_of("left-upper-arm-back") == "left upper arm, back"
        assert name_of("right-back-of-hand") == "back of the right hand and fingers"

    def test_a_code_of_another_time_is_shown_as_it_is(self) -> None:
        assert name_of("left-antenna") == "left-antenna"

    def test_every_shape_that_is_drawn_is_used(self) -> None:
        assert {code.removeprefix("left-").removeprefix("right-") for code in AREAS} == MIDDLE.keys() | SIDES.keys()

    @pytest.mark.parametrize("code", [code for code in AREAS if code.startswith("left-")])
    def test_left_and_right_are_the_childs_own(self, code: str) -> None:
        left, right = AREAS[code], AREAS[code.replace("left-", "right-")]
        # Seen from the front the child's left is on the right of the drawing, from behind on its left.
        assert (left.centre[0] > 0) == (left.view == "front")
        assert right.path == mirrored(left.path)
        assert mirrored(right.path) == left.path

    def test_shapes_lie_inside_the_picture(self) -> None:
        for area in AREAS.values():
            pairs = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", area.path)]
            assert all(-104 <= x <= 104 and 0 <= y <= 446 for x, y in pairs), area.code
            assert re.fullmatch(r"M[-\d. MLCZ]+Z", area.path), area.code

    def test_middles_stand_in_the_middle(self) -> None:
        assert {centre_of(path)[0] for path in MIDDLE.values()} == {0}


class TestDrawing:
    def test_marks_are_numbered_in_their_order_and_do_not_hide_each_other(self) -> None:
        marks = [{"place": place} for place in ("left-cheek", "left-heel", "left-cheek", "gone")]
        front, back = figures_with(marks)
        assert [dot.number for dot in front.dots] == [1, 3]
        assert [dot.number for dot in back.dots] == [2]
        assert len({(dot.x, dot.y) for dot in front.dots}) == 2
        assert front.marked == {"left-cheek"}

    def test_to_read(self) -> None:
        told = FULL | {"child_words": "“I fell”\n<b>", "colour": ""}
        page = render_to_string(
            "safeguarding/_marks.html", {"shown": marks_shown([told, {"place": "chin", "kind": "cut"}])}
        )
        assert "Bruise, left cheek" in page
        assert "Cut, chin and jaw" in page
        assert "“I fell”<br>&lt;b&gt;" in page
        assert "Colour" not in page
        assert page.count('class="body-dot"') == 2

    def test_to_read_without_a_mark(self) -> None:
        assert "No mark was recorded" in render_to_string("safeguarding/_marks.html", {"shown": marks_shown([])})


class TestField:
    def test_marks_become_dicts_of_words(self) -> None:
        form = _sent(FULL, {"place": "chin", "kind": "cut", "size": "  2 cm "}, {"place": "", "colour": "  "})
        assert form.is_valid(), form.errors
        empty = dict.fromkeys(KEYS, "")
        assert form.cleaned_data["marks"] == [FULL, empty | {"place": "chin", "kind": "cut", "size": "2 cm"}]

    def test_without_a_mark(self) -> None:
        form = _sent()
        assert form.is_valid()
        assert form.cleaned_data["marks"] == []
        assert "marks" not in form.changed_data

    @pytest.mark.parametrize(
        ("mark", "key", "words"),
        [
            (FULL | {"place": ""}, "place", "Choose where on the body it is."),
            (FULL | {"place": "left-antenna"}, "place", "Choose where on the body it is."),
            (FULL | {"kind": ""}, "kind", "Choose what it is."),
            (FULL | {"size": "x" * 101}, "size", "Size: at most 100 characters, these are 101."),
            (FULL | {"child_words": "x" * 2001}, "child_words", "at most 2000 characters"),
            (FULL | {"colour": "a\x00b"}, "colour", "Colour: there is a character in it that cannot be kept"),
        ],
    )
    def test_a_mistake_stands_at_its_place_and_nothing_is_lost(
        self, mark: dict[str, str], key: str, words: str
    ) -> None:
        form = _sent(FULL, mark)
        assert not form.is_valid()
        assert [message.startswith("Mark 2: ") for message in form.errors["marks"]] == [True]
        page = str(form["marks"])
        assert words in page
        assert 'aria-invalid="true"' in _input(page, f"marks-1-{key}")
        assert f'aria-describedby="id_marks-1-{key}-error' in _input(page, f"marks-1-{key}")
        assert f'id="id_marks-1-{key}-error"' in page
        assert page.count("aria-invalid") == 1
        assert all(f'value="{text}"' in page for text in (mark["seen_by"], mark["first_seen"]))
        assert f"\n{mark['child_words']}</textarea>" in page

    def test_more_marks_than_anybody_writes(self) -> None:
        assert _sent(*[FULL] * MOST_MARKS).is_valid()
        form = _sent(*[FULL] * (MOST_MARKS + 1))
        assert not form.is_valid()
        assert "more than 30 marks" in form.errors["marks"][0]
        assert f"marks-{MOST_MARKS}-place" in str(form["marks"])

    def test_another_mark_without_a_script_sends_nothing_and_brings_a_row(self) -> None:
        form = _sent(FULL, {"colour": "red"}, **{"marks-more": "1"})
        assert not form.is_valid()
        assert form.errors["marks"] == ["There is room for another mark now. Nothing is sent yet."]
        page = str(form["marks"])
        assert "aria-invalid" not in page
        assert 'value="red"' in _input(page, "marks-1-colour")
        assert _input(page, "marks-2-place")

    def test_a_required_field_asks_for_one(self) -> None:
        class Form(forms.Form):
            marks = MarksField(required=True)

        assert not Form(QueryDict()).is_valid()
        assert Form(QueryDict("marks-0-place=chin&marks-0-kind=cut")).is_valid()

    def test_every_place_and_kind_can_be_chosen_from_the_list(self) -> None:
        page = str(WorryForm()["marks"])
        row = page[: page.index("<template>")]
        assert all(row.count(f'<option value="{code}"') == 1 for code in [*AREAS, *KINDS])

    def test_every_input_has_its_label(self) -> None:
        page = str(_sent(FULL)["marks"])
        ids = re.findall(r'<(?:input|select|textarea)[^>]*\bid="([^"]+)"', page)
        assert len(ids) == 3 * len(KEYS)  # the mark, the empty row, the row to copy
        assert sorted(ids) == sorted(re.findall(r'<label[^>]*\bfor="([^"]+)"', page))

    def test_crispy_draws_it_as_a_group_whose_mistakes_lead_to_it(self) -> None:
        form = _sent({"colour": "red"})
        page = render_crispy_form(form)
        assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>\s*Marks on the body", page)
        assert '<a href="#id_marks">' in page
        assert 'id="id_marks"' in page

    def test_what_is_typed_cannot_leave_its_input(self) -> None:
        evil = '"><script>alert(1)</script></textarea>'
        page = str(_sent(FULL | {"size": evil, "child_words": evil, "place": evil, "kind": evil})["marks"])
        assert "<script" not in page


class TestTyping:
    @pytest.mark.django_db
    def test_a_draft_brings_the_rows_back(self) -> None:
        user = make.UserFactory.create()
        key = "concern:01890000-0000-7000-8000-000000000000"
        form = _sent({"place": "left-palm", "child_words": "“It was the”"}, {}, FULL, text="Half")
        opened = drafts.open_form(user, key)
        fields = drafts.typed_fields(QueryDict(form.data.urlencode()))
        drafts.save_draft(by=user, form=key, token=opened.token, revision=0, fields=fields)
        again = drafts.open_form(user, key).fields
        page = str(WorryForm(initial={"marks": typed(again)})["marks"])
        assert '<option value="left-palm" selected>' in page
        assert "“It was the”</textarea>" in page
        assert f'value="{FULL["seen_by"]}"' in _input(page, "marks-1-seen_by")

    def test_rows_come_in_the_order_of_their_numbers(self) -> None:
        rows: dict[str, Any] = {
            "marks-10-size": ["10"],
            "marks-2-size": ["2"],
            "marks-3-size": [""],
            "marksx-1-size": ["0"],
        }
        assert [row["size"] for row in typed(rows)] == ["2", "10"]

    @given(st.dictionaries(st.sampled_from([f"marks-{n}-{key}" for n in range(3) for key in [*KEYS, "?"]]), st.text()))
    def test_anything_that_is_sent_is_answered(self, data: dict[str, str]) -> None:
        form = _sent(**data)
        if form.is_valid():
            assert all(mark["place"] in AREAS and mark["kind"] in KINDS for mark in form.cleaned_data["marks"])
        assert "data-marks" in str(form["marks"])
