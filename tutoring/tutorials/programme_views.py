"""The programme by week and its topics; coverage by group; setting up a group's weekly tutorial."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import CreateView, TemplateView, UpdateView, View

from accounts.mixins import ListedFormMixin, StaffPageMixin
from accounts.permissions import Permission
from core.stale import StaleAwareMixin
from tutoring.tutorials import programme, selectors, services
from tutoring.tutorials.models import Series, Topic
from tutoring.tutorials.programme_forms import SeriesForm, TopicForm
from tutoring.tutorials.weeks import SchoolYear, school_year


def _year(page: Any, text: str) -> SchoolYear:
    """The academic year that was asked for; the current one where none was."""
    wanted = int(text) if text.isdecimal() and len(text) == 4 else None
    return school_year(page.school, timezone.localdate(), wanted)


class ProgrammePage(StaffPageMixin, TemplateView):
    """Each week of a term with its topics; whoever keeps it adds and changes them here."""

    permission_required = Permission.USE_WAYMARK
    template_name = "tutorials/programme.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = _year(self, self.request.GET.get("year", ""))
        today = timezone.localdate()
        term, now = programme.term_shown(year, self.request.GET.get("term", ""), today), year.week_of(today)
        shown = programme.programme_of([term] if term else [])
        return super().get_context_data(
            year=year,
            term=term,
            weeks=[(week, shown.of(week), week == now) for week in year.weeks if week.term == term],
            topics=shown.topics,
            past_the_end=shown.past_the_end(year),
            keeps=self.me.has_perm(Permission.KEEP_PROGRAMME),
            **kwargs,
        )


class ProgrammeCopy(StaffPageMixin, View):
    """Last year's topics into the weeks that have none yet."""

    permission_required = Permission.KEEP_PROGRAMME
    http_method_names = ["post"]

    def post(self, request: Any) -> HttpResponse:
        year = _year(self, request.POST.get("year", ""))
        number = services.copy_programme(by=self.me, school=self.school, year=year)
        if number:
            messages.success(request, f"{number} topic{'' if number == 1 else 's'} of last year copied.")
        else:
            messages.info(request, "Nothing to copy: last year has no topics, or its weeks have some here already.")
        return redirect(f"{request.path.removesuffix('copy/')}?year={year.year}")


class TopicPage(ListedFormMixin):
    """The form of a topic."""

    permission_required = Permission.KEEP_PROGRAMME
    template_name: str | None = "tutorials/topic_form.html"
    list_url, list_name, adding = "tutorials:programme", "Tutorial programme", "Add a topic"

    def get_queryset(self) -> QuerySet[Topic]:
        return programme.topics_of(self.school)

    def the_year(self) -> SchoolYear:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {  # type: ignore[misc,no-any-return]
            "year": self.the_year(),
            "year_groups": programme.year_groups_of(self.school),
            "known_tags": programme.tags_of(self.school),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        topic = services.save_topic(by=self.me, topic=form.instance)
        messages.success(self.request, f"Saved: {topic}.")
        return redirect(f"{reverse('tutorials:programme')}?year={topic.term.year}&term={topic.term_id}")


class TopicCreate(TopicPage, CreateView):  # type: ignore[type-arg]
    """A topic for a week; the address may say which."""

    form_class = TopicForm
    context_object_name = "topic"

    def the_year(self) -> SchoolYear:
        return _year(self, self.request.GET.get("year", ""))

    def get_initial(self) -> dict[str, Any]:
        return {name: self.request.GET.get(name, "") for name in ("term", "week")}


class TopicEdit(TopicPage, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Other words, another week; or taken out of the programme while no group has had it."""

    form_class = TopicForm
    context_object_name = "topic"

    def the_year(self) -> SchoolYear:
        return school_year(self.school, timezone.localdate(), self.get_object().term.year)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") != "remove":
            return super().post(request, *args, **kwargs)
        topic = self.get_object()
        try:
            services.remove_topic(by=self.me, topic=topic)
            messages.success(request, f"Taken out of the programme: {topic}.")
        except services.RefusedError as refused:
            messages.error(request, str(refused))
        return redirect("tutorials:programme")


class Coverage(StaffPageMixin, TemplateView):
    """The term's topics by the groups one leads: covered, not held, not yet."""

    permission_required = Permission.VIEW_DASHBOARD
    template_name = "tutorials/coverage.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        year = _year(self, self.request.GET.get("year", ""))
        term = programme.term_shown(year, self.request.GET.get("term", ""), today)
        tags = programme.tags_of(self.school)
        tag = next((tag for tag in tags if tag == self.request.GET.get("tag")), "")
        tables = programme.coverage_of(self.me, term, tag) if term else []
        return super().get_context_data(
            year=year, term=term, tag=tag, tags=tags, tables=[one for one in tables if one.rows],
            now=year.week_of(today), **kwargs,
        )  # fmt: skip


class SeriesPage(StaffPageMixin):
    """The form of a group's weekly tutorial."""

    permission_required = Permission.RUN_TUTORIAL

    def get_queryset(self) -> QuerySet[Series]:
        return selectors.series_to_run(self.me)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"groups": selectors.groups_to_run(self.me)}  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        series = services.save_series(by=self.me, series=form.instance)
        messages.success(self.request, f"Saved: {series}.")
        return redirect("tutorials:tutorial-list")


class SeriesCreate(SeriesPage, CreateView):  # type: ignore[type-arg]
    """From today to the end of the school year, unless told."""

    template_name = "tutorials/series_form.html"
    form_class = SeriesForm
    context_object_name = "series"

    def get_initial(self) -> dict[str, Any]:
        return {
            "group": self.request.GET.get("group", ""),
            "starts_on": timezone.localdate(),
            "ends_on": school_year(self.school, timezone.localdate()).ends_on,
        }

    def form_valid(self, form: Any) -> HttpResponse:
        form.instance.made_by = self.me
        return super().form_valid(form)


class SeriesEdit(SeriesPage, StaleAwareMixin, UpdateView):  # type: ignore[type-arg]
    """Another time, another room, another last day; or taken away while nothing of it is written up."""

    template_name = "tutorials/series_form.html"
    form_class = SeriesForm
    context_object_name = "series"

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") != "remove":
            return super().post(request, *args, **kwargs)
        series = self.get_object()
        try:
            services.remove_series(by=self.me, series=series)
            messages.success(request, f"Taken away: {series}.")
        except services.RefusedError as refused:
            messages.error(request, str(refused))
        return redirect("tutorials:tutorial-list")
