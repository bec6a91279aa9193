"""Reading the calendar and narrowing students; who sees whom is decided in tutoring.groups."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import School
from students.models import Closure, Contact, Student, Term
from students.names import plain, plain_expression

HOLIDAYS = dt.timedelta(days=60)


def students_on_roll(students: QuerySet[Student], on: dt.date | None = None) -> QuerySet[Student]:
    """Those who have joined and not left on that day (today unless told)."""
    day = on or timezone.localdate()
    joined = Q(joined_on__isnull=True) | Q(joined_on__lte=day)
    return students.filter(joined & (Q(left_on__isnull=True) | Q(left_on__gte=day)))


def students_matching(students: QuerySet[Student], text: str) -> QuerySet[Student]:
    """Those in whose names every typed word occurs, accents and apostrophes aside; or the admission number as typed."""
    names = ("preferred_forename", "preferred_surname", "legal_forename", "legal_surname")
    found = students.alias(plain_name=plain_expression(*names))
    words = plain(text).split()
    by_name = Q() if words else Q(pk__in=[])
    for word in words:
        by_name &= Q(plain_name__contains=word)
    return found.filter(by_name | Q(admission_number__iexact=text.strip()))


def terms_of(school: School) -> QuerySet[Term]:
    """All terms of the school, earliest first."""
    return Term.objects.filter(school=school)


def term_current(school: School, on: dt.date | None = None) -> Term | None:
    """The term that day falls in, or the last one that had begun by then."""
    day = on or timezone.localdate()
    return terms_of(school).filter(starts_on__lte=day).order_by("-starts_on").first()


def term_on(school: School, day: dt.date) -> Term | None:
    """The term whose first and last day enclose that day; None in the holidays."""
    return terms_of(school).filter(starts_on__lte=day, ends_on__gte=day).first()


def term_ahead(school: School, day: dt.date) -> Term | None:
    """The term that day falls in, or the next to begin; None where none is known."""
    return terms_of(school).filter(ends_on__gte=day).first()


def closures_of(school: School) -> QuerySet[Closure]:
    """All days on which the school is closed, earliest first."""
    return Closure.objects.filter(school=school)


def year_start(school: School, on: dt.date | None = None) -> dt.date:
    """First day of the academic year around that day; 1 September where the calendar does not say."""
    day = on or timezone.localdate()
    term = term_current(school, day)
    first = terms_of(school).filter(year=term.year).first() if term else None
    return first.starts_on if first else dt.date(day.year if day.month >= 9 else day.year - 1, 9, 1)


def school_days(school: School, start: dt.date, end: dt.date) -> list[dt.date]:
    """The days from start to end (both included) on which students are expected."""
    terms = list(terms_of(school).filter(starts_on__lte=end, ends_on__gte=start))
    closed = set(Closure.objects.filter(school=school, date__range=(start, end)).values_list("date", flat=True))
    days = (start + dt.timedelta(n) for n in range((end - start).days + 1))
    return [d for d in days if d.weekday() < 5 and d not in closed and any(_in_session(t, d) for t in terms)]


def first_school_day(school: School, wanted: dt.date) -> dt.date:
    """The first school day from then on; the day itself where the calendar does not reach so far."""
    return next(iter(school_days(school, wanted, wanted + HOLIDAYS)), wanted)


def schools_open(day: dt.date) -> list[School]:
    """The schools that have students in on that day; where a school keeps no terms, on every weekday."""
    return [s for s in School.objects.order_by("pk") if school_days(s, day, day) or _knows_no_terms(s, day)]


def _knows_no_terms(school: School, day: dt.date) -> bool:
    return day.weekday() < 5 and not terms_of(school).exists()


def _in_session(term: Term, day: dt.date) -> bool:
    if not term.starts_on <= day <= term.ends_on:
        return False
    on_break = term.break_starts_on and term.break_ends_on and term.break_starts_on <= day <= term.break_ends_on
    return not on_break


def contacts_of_student(student: Student) -> QuerySet[Contact]:
    """The people at home, in the order in which to ring."""
    return Contact.objects.filter(student=student).order_by("priority", "surname", "pk")
