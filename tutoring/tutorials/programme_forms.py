"""A topic of the programme, and a group's weekly tutorial."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import QuerySet

from core.stale import StaleAwareForm
from students.forms import DateInput
from tutoring.groups.models import TutorGroup
from tutoring.tutorials.models import LONGEST_LINE, MOST_LINES, Series, Topic
from tutoring.tutorials.selectors import last_written, series_at_once
from tutoring.tutorials.weeks import SchoolYear

MOST_TAGS = 6


def _helper(label: str) -> FormHelper:
    helper = FormHelper()
    helper.render_hidden_fields = True
    helper.add_input(Submit("save", label))
    return helper


class TopicForm(StaleAwareForm):
    """Week, year group, title, what to cover line by line, where things lie, and the school's own tags."""

    year_group = forms.TypedChoiceField(label="For", coerce=int, empty_value=None, required=False)
    tags = forms.CharField(required=False, max_length=200)

    class Meta:
        model = Topic
        fields = ("term", "week", "year_group", "title", "resources", "tags")
        help_texts: ClassVar[dict[str, str]] = {
            "week": "Weeks with school days, counted from the first of the term. Half term has no number.",
            "resources": "The address of the slides, or the shelf where they lie.",
        }

    def __init__(self, *args: Any, year: SchoolYear, year_groups: list[int], known_tags: list[str], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.known_tags = known_tags
        term: Any = self.fields["term"]
        term.queryset = term.queryset.filter(pk__in=[term.pk for term in year.terms])
        groups = sorted({*year_groups, *([self.instance.year_group] if self.instance.year_group else [])})
        choices: Any = self.fields["year_group"]
        choices.choices = [("", "The whole school"), *((number, f"Year {number}") for number in groups)]
        self.fields["tags"].help_text = "Your own words, with commas between: " + (
            ", ".join(known_tags[:12]) or "SMSC, PSHE, careers"
        )
        self.initial["tags"] = ", ".join(self.instance.tags)
        for name, line in self._lines(self.instance).items():
            label = f"To cover {name.rpartition('_')[2]}"
            self.fields[name] = forms.CharField(label=label, max_length=LONGEST_LINE, required=False, initial=line)
        first = ("term", "week", "year_group", "title")
        self.order_fields([*first, *self._lines(self.instance), "resources", "tags"])
        self.helper = _helper("Save the topic")

    def _lines(self, topic: Topic) -> dict[str, str]:
        """Field → one line of what to cover, "" for lines still empty."""
        lines = [*topic.lines, *[""] * MOST_LINES][:MOST_LINES]
        return {f"cover_{number}": line for number, line in enumerate(lines, start=1)}

    def _values(self, row: Any) -> dict[str, str]:
        return super()._values(row) | self._lines(row) | {"tags": ", ".join(row.tags)}

    def clean_tags(self) -> list[str]:
        """As the school has written them before, whatever the capitals."""
        known = {tag.lower(): tag for tag in self.known_tags}
        typed = [" ".join(tag.split()) for tag in self.cleaned_data["tags"].split(",")]
        tags = list(dict.fromkeys(known.get(tag.lower(), tag) for tag in typed if tag))
        if len(tags) > MOST_TAGS or any(len(tag) > 30 for tag in tags):
            raise forms.ValidationError(f"At most {MOST_TAGS} tags, of 30 letters each.")
        return tags

    def clean(self) -> None:
        super().clean()
        lines = (self.cleaned_data.get(name, "") for name in self._lines(self.instance))
        self.instance.cover = "\n".join(line for line in lines if line)
        given = self.cleaned_data
        if {"term", "week"} <= given.keys():
            same = Topic.objects.filter(term=given["term"], week=given["week"], year_group=given.get("year_group"))
            if other := same.exclude(pk=self.instance.pk).first():
                self.add_error("week", f"This week has a topic already: {other}.")


class SeriesForm(StaleAwareForm):
    """Which group, on which weekday, when and where, from when to when; the first three stay once it is set up."""

    class Meta:
        model = Series
        fields = ("group", "weekday", "period", "room", "starts_on", "ends_on")
        widgets: ClassVar[dict[str, forms.Widget]] = {"starts_on": DateInput(), "ends_on": DateInput()}
        help_texts: ClassVar[dict[str, str]] = {
            "period": "“Registration”, “Period 5” or “08:45”.",
            "ends_on": "Half term, holidays and closed days are left out by themselves.",
        }

    def __init__(self, *args: Any, groups: QuerySet[TutorGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance._state.adding
        group: Any = self.fields["group"]
        group.queryset = groups if is_new else TutorGroup.objects.filter(pk=self.instance.group_id)
        group.empty_label = "Choose a group"
        for name in ("group", "weekday", "starts_on"):
            self.fields[name].disabled = not is_new
        self.helper = _helper("Save")

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        if self.errors or not {"group", "weekday", "starts_on", "ends_on"} <= given.keys():
            return
        if given["ends_on"] < given["starts_on"]:
            self.add_error("ends_on", "The last day comes after the first.")
            return
        last = None if self.instance._state.adding else last_written(self.instance)
        if last and given["ends_on"] < last:
            self.add_error("ends_on", f"The meeting of {last.day} {last:%B} is written up: end it then or later.")
            return
        wanted = Series(pk=self.instance.pk, **{name: given[name] for name in self.Meta.fields})
        if series_at_once(wanted).exists():
            self.add_error("weekday", "This group has a tutorial on that weekday already.")
