"""Reading the school's programme: its topics by week, what is proposed for a group's week, and coverage."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import School, User
from accounts.permissions import Permission
from core.ids import UUID
from students.models import Term
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import groups_visible_to
from tutoring.tutorials.enums import Cover
from tutoring.tutorials.models import Meeting, Topic
from tutoring.tutorials.weeks import SchoolYear, Week

# So many groups fit beside each other; more of them stand in a table a year.
MOST_TOGETHER = 10


@dataclass(frozen=True)
class Programme:
    """The topics of some terms, by week and year group."""

    topics: list[Topic]

    def of(self, week: Week) -> list[Topic]:
        """What stands in a week: the whole school's first, then that of single year groups."""
        return [topic for topic in self.topics if (topic.term_id, topic.week) == (week.term.pk, week.number)]

    def proposed(self, group: TutorGroup, week: Week | None) -> Topic | None:
        """The topic of a group's week: its year group's own, or the whole school's."""
        fitting = [topic for topic in self.of(week) if fits(topic, group)] if week else []
        return next((topic for topic in fitting if topic.year_group is not None), fitting[0] if fitting else None)

    def past_the_end(self, year: SchoolYear) -> list[Topic]:
        """Topics of weeks that their term does not have, as after a copy into a shorter one."""
        there = {(week.term.pk, week.number) for week in year.weeks}
        return [topic for topic in self.topics if (topic.term_id, topic.week) not in there]


def fits(topic: Topic, group: TutorGroup) -> bool:
    """Whether a topic is meant for this group."""
    return topic.year_group is None or topic.year_group == group.year_group


def topics_of(school: School) -> QuerySet[Topic]:
    """The school's topics, in the order of the year."""
    return Topic.objects.filter(term__school=school).select_related("term")


def programme_of(terms: Iterable[Term]) -> Programme:
    """The topics of those terms, in one query."""
    return Programme(list(Topic.objects.filter(term__in=list(terms)).select_related("term")))


def tags_of(school: School) -> list[str]:
    """The tags that the school's topics have had so far, by name."""
    lists = topics_of(school).exclude(tags=[]).order_by().values_list("tags", flat=True)
    return sorted({tag for tags in lists for tag in tags}, key=str.lower)


def year_groups_of(school: School) -> list[int]:
    """The year groups of the school's tutor groups."""
    years = TutorGroup.objects.filter(school=school).order_by("year_group").values_list("year_group", flat=True)
    return [year for year in years.distinct() if year is not None]


@dataclass(frozen=True)
class Cell:
    """How one topic stands with one group, and the meeting behind it."""

    cover: Cover
    meeting: Meeting | None = None

    @property
    def label(self) -> str:
        return str(self.cover.label)


@dataclass(frozen=True)
class Table:
    """Some groups by year and name, and each topic meant for one of them with a cell a group (None: not meant)."""

    name: str
    groups: list[TutorGroup]
    rows: list[tuple[Topic, list[Cell | None]]]


def coverage_of(user: User, term: Term, tag: str = "") -> list[Table]:
    """The term's topics (with that tag) by the groups this person leads: one table, or one a year; in three queries.

    Groups stand by year and name. Nothing is counted by group or tutor: that would be a ranking.
    """
    groups = list(groups_visible_to(user, Permission.VIEW_DASHBOARD))
    topics = [topic for topic in programme_of([term]).topics if not tag or tag in topic.tags]
    meetings: dict[tuple[UUID, UUID | None], list[Meeting]] = defaultdict(list)
    about = Meeting.objects.filter(series__group__in=groups, topic__in=topics).select_related("series")
    for meeting in about.order_by("day"):
        meetings[meeting.series.group_id, meeting.topic_id].append(meeting)

    def table(name: str, own: list[TutorGroup]) -> Table:
        rows = [
            (topic, [_cell(meetings.get((group.pk, topic.pk), [])) if fits(topic, group) else None for group in own])
            for topic in topics
        ]
        return Table(name, own, [(topic, cells) for topic, cells in rows if any(cells)])

    if len(groups) <= MOST_TOGETHER:
        return [table("Your groups", groups)]
    years: dict[int | None, list[TutorGroup]] = defaultdict(list)
    for group in groups:
        years[group.year_group].append(group)
    return [table(f"Year {year}" if year else "Groups of no year", own) for year, own in years.items()]


def _cell(meetings: list[Meeting]) -> Cell:
    """Covered where it was held once; not held where it fell out and was not made up for."""
    held = next((meeting for meeting in meetings if not meeting.not_held), None)
    if held:
        return Cell(Cover.COVERED, held)
    return Cell(Cover.NOT_HELD, meetings[-1]) if meetings else Cell(Cover.NOT_YET)


def topics_to_choose(topics: Iterable[Topic], group: TutorGroup, week: Week | None) -> list[Topic]:
    """What a group's meeting may be about: the topics of that term for its year, in the order of the weeks."""
    return [topic for topic in topics if week and topic.term_id == week.term.pk and fits(topic, group)]


def topics_missing(source: Iterable[Topic], target: Iterable[Topic], terms: Iterable[Term]) -> list[Topic]:
    """Unsaved copies of last year's topics for the terms of the same names, where a week has none of its own yet."""
    by_name = {term.name: term for term in terms}
    taken = {(topic.term_id, topic.week, topic.year_group) for topic in target}
    copies = [
        Topic(
            term=by_name[topic.term.name], week=topic.week, year_group=topic.year_group, title=topic.title,
            cover=topic.cover, resources=topic.resources, tags=topic.tags,
        )
        for topic in source
        if topic.term.name in by_name
    ]  # fmt: skip
    return [copy for copy in copies if (copy.term_id, copy.week, copy.year_group) not in taken]


def topics_of_year(school: School, year: int) -> list[Topic]:
    """All topics of one academic year."""
    return list(topics_of(school).filter(Q(term__year=year)))


def term_shown(year: SchoolYear, wanted: str, today: dt.date) -> Term | None:
    """The term that was asked for by its key; else the last one that has begun."""
    begun = [term for term in year.terms if term.starts_on <= today] or year.terms[:1]
    return next((term for term in year.terms if str(term.pk) == wanted), begun[-1] if begun else None)
