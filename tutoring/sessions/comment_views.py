"""Writing the term's comments: a whole group on one page, or one student."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from accounts.drafts_views import is_own_form, refuse_form_of_another
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.limits import COMMENT_CHECKS, limited
from core.mixins import PermissionRequiredMixin
from students.models import Student, Term
from students.selectors import students_on_roll, term_current
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import (
    groups_tutored_by,
    groups_visible_to,
    students_of_group,
    students_visible_to,
    students_with_group,
)
from tutoring.progress.comments_services import save_comments
from tutoring.sessions.comment_form import CommentPage, build_comment_page, hints_on


class CommentView(PermissionRequiredMixin, View):
    """What both pages share: read, check, save, and show both texts where a colleague was quicker."""

    permission_required = Permission.WRITE_COMMENT
    request: UserRequest

    def term(self) -> Term:
        school = self.request.user.school
        term = term_current(school) if school else None
        if term is None:
            raise Http404("The calendar holds no term yet.")
        return term

    def answer(self, key: str, students: Sequence[Student], term: Term, back: str, **more: Any) -> HttpResponse:
        if self.request.method != "POST":
            page = build_comment_page(self.request.user, key, students, term, token=self.request.GET.get("draft"))
            return self._page(page, back, **more)
        if not is_own_form(self.request):
            return refuse_form_of_another(self.request, key)
        page = build_comment_page(self.request.user, key, students, term, data=self.request.POST)
        if not page.form.is_valid():
            return self._page(page, back, **more)
        outcome = save_comments(by=self.request.user, term=term, written=page.form.written(), draft=page.draft.token)
        if outcome.conflicts:
            again = build_comment_page(
                self.request.user, key, students, term, data=self.request.POST, conflicts=outcome.conflicts
            )
            return self._page(again, back, status=409, conflicts=len(outcome.conflicts), **more)
        messages.success(self.request, f"{outcome.saved} comment{'' if outcome.saved == 1 else 's'} saved.")
        return redirect(back)

    def _page(self, page: CommentPage, back: str, status: int = 200, **more: Any) -> HttpResponse:
        context = {"page": page, "action": self.request.get_full_path(), "back": back} | more
        return render(self.request, "tutor_sessions/comment_list.html", context, status=status)


class CommentList(CommentView):
    """All students of one group, each with the facts beside the box."""

    def get(self, request: UserRequest) -> HttpResponse:
        groups = list(groups_visible_to(request.user, Permission.WRITE_COMMENT))
        group = self._chosen(groups)
        if group is None:
            return render(request, "tutor_sessions/comment_list.html", {"groups": []})
        mine = students_visible_to(request.user, Permission.WRITE_COMMENT)
        students = list(students_on_roll(students_of_group(group).filter(pk__in=mine.values("pk"))))
        term = self.term()
        back = f"{reverse('tutor_sessions:comment-list')}?group={group.pk}"
        return self.answer(f"comments:{group.pk}:{term.pk}", students, term, back, groups=groups, group=group)

    def post(self, request: UserRequest) -> HttpResponse:
        return self.get(request)

    def _chosen(self, groups: list[TutorGroup]) -> TutorGroup | None:
        """The group of the address, else the one I tutor, else the first."""
        wanted = self.request.GET.get("group")
        if wanted:
            found = next((group for group in groups if str(group.pk) == wanted), None)
            if found is None:
                raise Http404("No such group")
            return found
        mine = set(groups_tutored_by(self.request.user))
        return next((group for group in groups if group in mine), groups[0] if groups else None)


class CommentUpdate(CommentView):
    """One student's comment, with the same facts."""

    def get(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        student = get_object_or_404(students_visible_to(request.user, Permission.WRITE_COMMENT), pk=pk)
        term = self.term()
        back = reverse("desk:student-story", args=[student.pk])
        return self.answer(f"comments:{student.pk}:{term.pk}", [student], term, back, student=student)

    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        return self.get(request, pk)


class CommentCheck(PermissionRequiredMixin, View):
    """What a second reader would notice in one comment, while it is typed; kept nowhere, and it stops nobody."""

    permission_required = Permission.WRITE_COMMENT
    http_method_names = ["post"]
    request: UserRequest

    @limited(COMMENT_CHECKS)
    def post(self, request: UserRequest, pk: uuid.UUID) -> HttpResponse:
        mine = students_with_group(students_visible_to(request.user, Permission.WRITE_COMMENT))
        student = get_object_or_404(mine, pk=pk)
        found = hints_on(student, request.POST.get(f"comment-{pk}", ""))
        return render(request, "tutor_sessions/_comment_hints.html", {"hints": found})
