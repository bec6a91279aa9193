"""Cards, own words and handling plans of a student that whoever acts may read: the database says which."""

import datetime as dt

from django.db.models import Case, Exists, OuterRef, Prefetch, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf

from accounts.models import User
from accounts.permissions import Permission
from students.due import Lines
from students.models import Student
from students.selectors import students_on_roll
from tutoring.groups.falling import falls_to_me
from tutoring.groups.selectors import students_visible_to, students_with_group, values_of
from tutoring.strategies.enums import Kind
from tutoring.strategies.models import HandlingPlan, OwnWords, StrategyCard

# So many stand on a page that is read in passing; more are not read.
MOST_CARDS = 10
# A student's cards are one line, on the day of the earliest.
DUE = f"""
SELECT 'strategies', c.student_id, CASE count(*) WHEN 1 THEN '1 card' ELSE count(*) || ' cards' END, c.student_id,
       min(c.review_on), '', (array_agg(c.author_id ORDER BY c.author_id <> %(me)s))[1], 0
  FROM strategies_strategycard c
 WHERE {falls_to_me("c.author_id", student="c.student_id", wanted=Permission.WRITE_STRATEGY)}
   AND c.ended_on IS NULL AND c.review_on <= %(today)s
 GROUP BY c.student_id
UNION ALL
SELECT 'handling', p.student_id, to_char(p.review_on, 'FMDD FMMonth'), p.student_id, p.review_on, '', p.made_by_id, 0
  FROM strategies_handlingplan p
 WHERE {falls_to_me("p.made_by_id", student="p.student_id", wanted=Permission.KEEP_HANDLING)}
   AND p.ended_why = '' AND p.review_on <= %(today)s
   AND NOT EXISTS (SELECT FROM strategies_handlingplan n WHERE n.student_id = p.student_id AND n.version > p.version)
"""  # noqa: S608 (our own text; values are parameters)


def strategies_due(user: User, today: dt.date) -> list[Lines]:
    """My cards to look at again ("strategies"), my handling plans to review ("handling"), and what falls to me of
    others'; keys are the students'.
    """
    return [(DUE, values_of(user, today))]


def cards_in_use() -> QuerySet[StrategyCard]:
    """With their authors, in the order in which they are read."""
    rank = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(Kind.values)))
    return StrategyCard.objects.filter(ended_on=None).select_related("author").order_by(rank, "created_at")


def cards_of_student(student: Student) -> list[StrategyCard]:
    """What stands today, in one query."""
    return list(cards_in_use().filter(student=student))


def cards_put_away(student: Student) -> list[StrategyCard]:
    """What was true once, the latest first, in one query."""
    gone = StrategyCard.objects.filter(student=student, ended_on__isnull=False)
    return list(gone.select_related("author", "ended_by").order_by("-ended_on", "-created_at"))


def cards_changeable(user: User) -> QuerySet[StrategyCard]:
    """Of students for whom this person writes cards, those in use."""
    students = students_visible_to(user, Permission.WRITE_STRATEGY)
    return StrategyCard.objects.filter(ended_on=None, student__in=students).select_related("student")


def own_words_of(student: Student) -> list[OwnWords]:
    """All versions, the latest first, in one query."""
    return list(OwnWords.objects.filter(student=student).select_related("made_by").order_by("-version"))


def latest_own_words(student: Student) -> OwnWords | None:
    """What the student says of themselves now."""
    return OwnWords.objects.filter(student=student).select_related("made_by").order_by("-version").first()


def handling_plans_of(student: Student) -> list[HandlingPlan]:
    """All versions with the team's part, the latest first, in one query; for the pastoral team."""
    plans = HandlingPlan.objects.filter(student=student).select_related("made_by", "team_part")
    return list(plans.order_by("-version"))


def handling_in_force(student: Student) -> HandlingPlan | None:
    """The version in force: the part that everybody who teaches the student reads."""
    latest = HandlingPlan.objects.filter(student=student).order_by("-version").first()
    return None if latest is None or latest.ended_why else latest


def students_with_own_words(students: QuerySet[Student]) -> QuerySet[Student]:
    """Each with `own_line`: the first thing they said last of themselves, None where they have said nothing."""
    words = OwnWords.objects.filter(student=OuterRef("pk")).order_by("-version")
    said = [NullIf(name, Value("")) for name in OwnWords.WORDS]
    return students.annotate(
        own_line=Subquery(words.annotate(line=Coalesce(*said, output_field=TextField())).values("line")[:1])
    )


def students_with_cards(user: User) -> QuerySet[Student]:
    """Of whom something stands that helps, each with `cards`: a page of them costs the same however many there are."""
    students = students_on_roll(students_visible_to(user, Permission.VIEW_STRATEGY))
    known = students.filter(Exists(StrategyCard.objects.filter(student=OuterRef("pk"), ended_on=None)))
    cards = Prefetch("strategy_cards", cards_in_use(), to_attr="cards")
    rows = students_with_group(known).prefetch_related(cards)
    return rows.order_by("group_year", "group_name", "sort_name", "pk")  # type: ignore[misc]
