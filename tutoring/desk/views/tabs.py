"""The tabs of a student's page that belong to the desk."""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.views.generic import TemplateView

from accounts.permissions import Permission
from core.charts import attendance_rows, attendance_weeks, weeks_between
from students.selectors import contacts_of_student
from tutoring.attendance.meaning import key_to
from tutoring.attendance.notice import Seen
from tutoring.attendance.selectors import code_counts, figures_by_week, marks_of_student
from tutoring.desk import attendance_page as page
from tutoring.desk.progress_page import subjects
from tutoring.desk.scopes import SEES_REASONS
from tutoring.desk.story import Reading, filters_for, story_page
from tutoring.desk.student_page import StudentPage
from tutoring.followup.selectors import stages_in_use, standing, warnings_of_student
from tutoring.handover.selectors import handovers_of_student
from tutoring.interventions.selectors import interventions_of_student
from tutoring.plans.selectors import plans_of_student
from tutoring.progress.selectors import (
    assessments_of_student,
    behaviour_of_student,
    behaviour_totals,
    comments_of_student,
)
from tutoring.referrals.around import circle_around
from tutoring.referrals.around_forms import KeyPersonForm
from tutoring.referrals.meetings import meetings_of_student
from tutoring.referrals.mentoring import mentorings_of
from tutoring.referrals.selectors import people_to_hold, referrals_of_student
from tutoring.referrals.services import record_telling
from tutoring.sessions.home import balance_of, home_lines
from tutoring.sessions.log_form import session_form_for
from tutoring.sessions.reflections import record_reflections
from tutoring.sessions.services import record_reading
from tutoring.strategies.selectors import cards_of_student, handling_in_force, latest_own_words
from tutoring.tutorials.selectors import tutorial_attendance

BEHAVIOUR_SHOWN = 100
REFERRAL = "referrals:referral-detail"  # where an entry leads that tells of one
NOTICE_REACH = dt.timedelta(weeks=52)  # long enough for ten school weeks on both sides of any holiday


class StudentStory(StudentPage, TemplateView):
    """The story, with the log form beside it."""

    permission_required = Permission.VIEW_STUDENT
    template_name = "desk/student_story.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = filters_for(self.permitted)
        kind = self.request.GET.get("kind", "")
        kind = kind if kind in filters else ""
        before = _date(self.request, "before")
        reading = Reading(self.student, self.me, self.permitted, self.calendar, before)
        story = story_page(reading, kind)
        record_reading([e.session for e in story.entries if e.session], by=self.me)
        if any(entry.reflection for entry in story.entries):
            record_reflections(self.student, by=self.me)
        if any(entry.opens and entry.opens[0] == REFERRAL for entry in story.entries):
            record_telling(self.student, by=self.me)
        return super().get_context_data(
            story=story,
            kind=kind,
            filters=filters,
            before=before,
            today=self.calendar.today,
            log=None if self.is_fragment else session_form_for(self.me, self.student, self.request.GET.get("draft")),
            **kwargs,
        )

    @property
    def is_fragment(self) -> bool:
        """Does htmx ask for earlier entries alone?"""
        return bool(self.request.headers.get("HX-Request")) and "before" in self.request.GET

    def get_template_names(self) -> list[str]:
        return ["desk/_story.html" if self.is_fragment else self.template_name]


def _date(request: HttpRequest, name: str) -> dt.date | None:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None


class StudentPlans(StudentPage, TemplateView):
    """Action plans, the open ones first with what is still to do; what the student had together with others."""

    permission_required = Permission.VIEW_PLAN
    template_name = "desk/student_plans.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            plans=plans_of_student(self.student), interventions=interventions_of_student(self.student), **kwargs
        )


class StudentAttendance(StudentPage, TemplateView):
    """Figures with their counts, the marks of this term, the notice rule."""

    permission_required = Permission.VIEW_ATTENDANCE
    template_name = "desk/student_attendance.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        calendar, student = self.calendar, self.student
        reasons = SEES_REASONS in self.permitted
        weeks = figures_by_week([student], calendar.year_start, calendar.today)
        bars = weeks_between((week, figure.attended, figure.possible) for week, figure in weeks)
        reach = min(calendar.year_start, calendar.today - NOTICE_REACH)
        marks = list(marks_of_student(student, reach, calendar.today))
        seen = [Seen(m.date, m.session, m.code) for m in marks]
        grid = page.grid([m for m in marks if m.date >= calendar.term_start], reasons=reasons)
        return super().get_context_data(
            spans=page.spans(weeks, calendar),
            chart=attendance_weeks(bars, mark_below=90),
            chart_rows=attendance_rows(bars),
            codes=page.code_lines(code_counts(student, calendar.year_start, calendar.today), reasons=reasons),
            grid=grid,
            grid_key=key_to(square for week in grid for square, _ in week.squares if square),
            notice=page.notice(student, seen, calendar.today),
            unsettled=page.unsettled([m for m in seen if m.date >= calendar.year_start], calendar),
            reasons=reasons,
            tutorials=tutorial_attendance(student, calendar.year_start, calendar.today),
            **kwargs,
        )


class StudentProgress(StudentPage, TemplateView):
    """Grades and effort over the data drops, what will help most, the tutor's comments."""

    permission_required = Permission.VIEW_PROGRESS
    template_name = "desk/student_progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        drops, rows = subjects(list(assessments_of_student(self.student)))
        comments = list(comments_of_student(self.student)[:6])
        helps = [row for row in rows if row.latest.comment]
        return super().get_context_data(drops=drops, subjects=rows, helps=helps, comments=comments, **kwargs)


class StudentBehaviour(StudentPage, TemplateView):
    """Rewards and sanctions of the year: totals, and the list by week."""

    permission_required = Permission.VIEW_PROGRESS
    template_name = "desk/student_behaviour.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        start = self.calendar.year_start
        events = list(behaviour_of_student(self.student, start)[:BEHAVIOUR_SHOWN])
        return super().get_context_data(
            totals=behaviour_totals(self.student, start), months=list(_by_month(events)), since=start, **kwargs
        )


def _by_month(events: list[Any]) -> Iterator[tuple[dt.date, list[Any]]]:
    for month, rows in groupby(events, key=lambda event: event.date.replace(day=1)):
        yield month, list(rows)


class StudentWarnings(StudentPage, TemplateView):
    """Where the student stands on the school's ladder today, and every warning there was."""

    permission_required = Permission.VIEW_WARNING
    template_name = "desk/student_warnings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        warnings = warnings_of_student(self.student)
        rungs = standing(stages_in_use(self.student.school), warnings)
        return super().get_context_data(warnings=warnings, rungs=rungs, **kwargs)


class StudentReferrals(StudentPage, TemplateView):
    """To whom the student was referred, open ones first."""

    permission_required = Permission.VIEW_REFERRAL
    template_name = "desk/student_referrals.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            referrals=referrals_of_student(self.student), meetings=meetings_of_student(self.student), **kwargs
        )


class StudentStrategies(StudentPage, TemplateView):
    """What helps the student, for everybody who teaches them; and the student in their own words."""

    permission_required = Permission.VIEW_STRATEGY
    template_name = "desk/student_strategies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            cards=cards_of_student(self.student),
            own_words=latest_own_words(self.student),
            handling=handling_in_force(self.student),
            mentorings=mentorings_of(self.student),
            **kwargs,
        )


class StudentHandovers(StudentPage, TemplateView):
    """What works for the student, from each tutor to the next."""

    permission_required = Permission.VIEW_HANDOVER
    template_name = "desk/student_handovers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(handovers=handovers_of_student(self.student), **kwargs)


class StudentFamily(StudentPage, TemplateView):
    """Who is at home, in the order in which to ring; what home has heard, and the balance of it in words."""

    permission_required = Permission.VIEW_FAMILY
    template_name = "desk/student_family.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        calendar = self.calendar
        return super().get_context_data(
            contacts=list(contacts_of_student(self.student)),
            lines=home_lines(self.student),
            balance=balance_of(self.student, since=calendar.term_start, until=calendar.today),
            today=calendar.today,
            **self._around(),
            **kwargs,
        )

    def _around(self) -> dict[str, Any]:
        """Who is concerned with them outside school, and the key person: for whoever reads referrals."""
        if Permission.VIEW_REFERRAL not in self.permitted:
            return {}
        circle = circle_around(self.student, self.calendar.today)
        mentors = [one for one in mentorings_of(self.student) if one.until is None and one.mentor.is_active]
        shown: dict[str, Any] = {"circle": circle, "mentors": mentors}
        if Permission.MAKE_REFERRAL not in self.permitted:
            return shown
        now = circle.key_person.staff if circle.key_person else None
        return shown | {"key_person_form": KeyPersonForm(people=list(people_to_hold(self.student)), now=now)}


class StudentSupport(StudentPage, TemplateView):
    """Needs and circumstances, for those who teach and look after the student."""

    permission_required = Permission.VIEW_SUPPORT
    template_name = "desk/student_support.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Being looked after is for the pastoral team and the office, not for every teacher.
        return super().get_context_data(knows_care=Permission.VIEW_FAMILY in self.permitted, **kwargs)
