"""Pages of the desk."""

from tutoring.desk.views.clock import TermClock
from tutoring.desk.views.preparation import StudentPreparation
from tutoring.desk.views.students import Find, StudentList
from tutoring.desk.views.tabs import (
    StudentAttendance,
    StudentBehaviour,
    StudentFamily,
    StudentHandovers,
    StudentPlans,
    StudentProgress,
    StudentReferrals,
    StudentStory,
    StudentStrategies,
    StudentSupport,
    StudentWarnings,
)
from tutoring.desk.views.team import Team
from tutoring.desk.views.today import PriorityOrder, Today

__all__ = [
    "Find",
    "PriorityOrder",
    "StudentAttendance",
    "StudentBehaviour",
    "StudentFamily",
    "StudentHandovers",
    "StudentList",
    "StudentPlans",
    "StudentPreparation",
    "StudentProgress",
    "StudentReferrals",
    "StudentStory",
    "StudentStrategies",
    "StudentSupport",
    "StudentWarnings",
    "Team",
    "TermClock",
    "Today",
]
