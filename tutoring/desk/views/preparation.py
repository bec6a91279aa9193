"""The preparation sheet of a 1:1."""

from typing import Any

from django.views.generic import TemplateView

from accounts.permissions import Permission
from tutoring.desk.preparation import preparation_for
from tutoring.desk.student_page import StudentPage
from tutoring.sessions.services import record_reading


class StudentPreparation(StudentPage, TemplateView):
    """One screen, one A4 page on paper, for whoever may log a 1:1 with the student."""

    permission_required = Permission.LOG_SESSION
    template_name = "desk/student_preparation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheet = preparation_for(self.student, self.me, self.permitted, self.calendar)
        record_reading(sheet.read, by=self.me)
        return super().get_context_data(sheet=sheet, today=self.calendar.today, **kwargs)
