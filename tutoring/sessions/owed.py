"""What the school promises each student in a term (how often, which years and who not), and to whom it still owes one.

The rule is said here only, once for rows already read (`Promise`) and once for PostgreSQL (`students_owed`), so that
no list, number or clock can differ from another.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import School, User
from students.models import Student
from students.selectors import students_on_roll, term_current
from tutoring.groups.selectors import students_of_caseload
from tutoring.sessions.models import Entitlement, Exemption
from tutoring.sessions.selectors import seen_days


@dataclass(frozen=True)
class Promise:
    """What one student is promised this term, how often they were seen, why nothing is promised ("": it is)."""

    per_term: int = 1
    done: int = 0
    exempt: str = ""

    @property
    def kept(self) -> bool:
        """Seen as often as promised."""
        return not self.exempt and self.done >= self.per_term

    @property
    def owed(self) -> bool:
        """Still to be seen this term."""
        return not self.exempt and self.done < self.per_term

    @property
    def wanting(self) -> int:
        """How many are still owed."""
        return self.per_term - self.done if self.owed else 0


def entitlement_of(school: School) -> Entitlement:
    """The school's rule; the usual one, unsaved, where it has settled none."""
    return Entitlement.objects.filter(school=school).first() or Entitlement(school=school)


def _exemptions(on: dt.date) -> QuerySet[Exemption]:
    """Of the student of the query outside, the one in force on that day."""
    return Exemption.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), student=OuterRef("pk"))


def students_with_rule(students: QuerySet[Student], school: School | None, on: dt.date) -> QuerySet[Student]:
    """The same students with the school's rule beside each (`rule_of` and `promise_to` read it), and `exempt_reason`:
    why it leaves this one out on that day, None where it does not.
    """
    rule = Entitlement.objects.filter(school=school)
    return students.annotate(
        exempt_reason=Subquery(_exemptions(on).values("reason")),
        per_term=Subquery(rule.values("per_term")),
        exempt_years=Subquery(rule.values("exempt_years")),
    )


def rule_of(student: Student) -> Entitlement:
    """The rule that stands beside a student; the usual one where the school has settled none."""
    settled = {name: value for name in ("per_term", "exempt_years") if (value := vars(student)[name]) is not None}
    return Entitlement(school_id=student.school_id, **settled)


def promise_to(student: Student, done: int) -> Promise:
    """What is promised to a student of `students_with_rule` who was seen so often this term."""
    rule = rule_of(student)
    if student.year_group in rule.exempt_years:
        return Promise(rule.per_term, done, f"Year {student.year_group} is exempt")
    return Promise(rule.per_term, done, vars(student)["exempt_reason"] or "")


def _times_seen(since: dt.date) -> Coalesce:
    mine = seen_days(since).filter(student=OuterRef("pk")).order_by().values("student").annotate(n=Count("pk"))
    return Coalesce(Subquery(mine.values("n")), 0)


def students_with_times_seen(students: QuerySet[Student], *, since: dt.date) -> QuerySet[Student]:
    """The same students with `times_seen` from that day until today."""
    return students.annotate(times_seen=_times_seen(since))


def students_owed(students: QuerySet[Student], school: School | None, *, since: dt.date) -> QuerySet[Student]:
    """Of these, the ones whom the school still owes a session of the term that began on that day: `Promise.owed`."""
    rule = Entitlement.objects.filter(school=school)
    often = Coalesce(Subquery(rule.values("per_term")), Entitlement().per_term)
    year: list[Any] = [OuterRef("year_group")]
    return students.alias(seen_so_often=_times_seen(since), promised=often).filter(
        ~Exists(_exemptions(timezone.localdate())),
        ~Exists(rule.filter(exempt_years__contains=year)),
        seen_so_often__lt=F("promised"),
    )


def next_owed(user: User, but: Student) -> Student | None:
    """Of my students on roll, whom to see next this term: by name, from this student on and then from the front."""
    term = term_current(but.school)
    mine = students_on_roll(students_of_caseload(user)).exclude(pk=but.pk)
    owed = list(students_owed(mine, but.school, since=term.starts_on) if term else mine)
    later = [s for s in owed if s.sort_name > but.sort_name]
    return next(iter([*later, *owed]), None)
