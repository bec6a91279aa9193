"""Registers: which are taken and which not, taking one, and who has no reason yet."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.generic import TemplateView, View

from accounts.mixins import StaffPageMixin
from accounts.permissions import Permission
from core.ids import UUID
from tutoring.attendance import registers
from tutoring.attendance.enums import Session
from tutoring.attendance.forms import RegisterForm, in_words
from tutoring.attendance.meaning import label_of
from tutoring.attendance.models import Register
from tutoring.attendance.services import Given, OtherwiseMeanwhileError, RefusedError, take_register
from tutoring.groups.models import TutorGroup
from tutoring.groups.selectors import groups_tutored_by
from tutoring.groups.switcher import opened, switcher

PAGES = {Session.AM: "attendance:register-morning", Session.PM: "attendance:register-afternoon"}


class _RegisterPage(StaffPageMixin):
    """What all pages of registers need: the permission, and the day they are about (`?day=`, else today)."""

    permission_required = Permission.TAKE_REGISTER

    @property
    def today(self) -> dt.date:
        return timezone.localdate()

    @property
    def day(self) -> dt.date:
        """Never ahead of today."""
        try:
            asked = parse_date(self.request.GET.get("day", ""))
        except ValueError:
            asked = None
        return min(asked, self.today) if asked else self.today


class RegisterList(_RegisterPage, TemplateView):
    """One's own groups first; of the others those without a register first. Then what an import said otherwise."""

    template_name = "attendance/register_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day, groups = self.day, {group.pk: group for group in registers.groups_to_register(self.me)}
        own = set(groups_tutored_by(self.me).values_list("pk", flat=True))
        doors = switcher(
            [(key, group.name) for key, group in groups.items() if key in own], self.request.GET.get("group")
        )
        if chosen := opened(doors):
            groups = {key: group for key, group in groups.items() if str(key) == chosen}
        *before, last = [None, *registers.school_days_until(self.school, day)]
        stand = registers.standings(groups, day) if last == day else {}
        rows = [(group, self._sessions(group, stand.get(group.pk, {}))) for group in groups.values() if stand]
        rows.sort(key=lambda row: (row[0].pk not in own, all(found.is_taken for found, _ in row[1])))
        begun = [found for _, sessions in rows for found, _ in sessions if self._is_on(found.session)]
        return super().get_context_data(
            rows=rows, own=own, doors=doors, day=day, is_today=day == self.today, is_school_day=last == day,
            before=before[-1] if last == day else last, untaken=sum(not found.is_taken for found in begun),
            registers=len(begun), differences=self._differences(groups), **kwargs,
        )  # fmt: skip

    def _is_on(self, session: Session) -> bool:
        """Whether that session has begun: nobody is late with the afternoon at nine."""
        return self.day < self.today or session == Session.AM or timezone.localtime().hour >= registers.NOON

    def _sessions(
        self, group: TutorGroup, stand: dict[Session, registers.Standing]
    ) -> list[tuple[registers.Standing, str]]:
        return [
            (stand[session], _url(group.pk, session, self.day, self.today)) for session in Session if session in stand
        ]

    def _differences(self, groups: dict[UUID, TutorGroup]) -> list[dict[str, str]]:
        return [
            {
                "student": found.student, "group": groups[found.group].name, "when": f"{found.day:%-d %B}, "
                + found.session.label.lower(), "said": label_of(found.said, found.day),
                "mark": label_of(found.mark, found.day), "url": _url(found.group, found.session, found.day, self.today),
            }
            for found in registers.differences(self.today)
            if found.group in groups
        ]  # fmt: skip


def _url(group: UUID, session: Session, day: dt.date, today: dt.date) -> str:
    url = reverse(PAGES[session], args=[group])
    return url if day == today else f"{url}?day={day}"


class RegisterTake(_RegisterPage, View):
    """One group's register of one session."""

    session: Session = Session.AM

    def get(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        return self._answer(pk)

    def post(self, request: Any, pk: uuid.UUID) -> HttpResponse:
        return self._answer(pk)

    def _answer(self, pk: UUID) -> HttpResponse:
        group = get_object_or_404(registers.groups_to_register(self.me), pk=pk)
        days = registers.school_days_until(self.school, self.day)
        if self.day not in days:
            return self._no_school(group, days[-1] if days else None)
        register = registers.register_of(group, self.day, self.session)
        form = self._form(group, register)
        if not (form.is_bound and form.is_valid()):
            return self._page(group, register, form)
        given = Given(form.found, *(form.cleaned_data[name] for name in ("submission", "opened_with", "reason")))
        try:
            taken = take_register(by=self.me, group=group, day=self.day, session=self.session, given=given)
        except OtherwiseMeanwhileError as meanwhile:
            return self._meanwhile(group, form, meanwhile)
        except RefusedError as refused:
            form.add_error(None, str(refused))
            return self._page(group, register, form, status=409)
        if taken.changed:
            messages.success(self.request, f"{group}, {self.session.label.lower()}: saved. {_summary(form)}")
        else:
            messages.info(self.request, f"{group}, {self.session.label.lower()}: nothing had changed.")
        return redirect(_url(group.pk, self.session, self.day, self.today))

    def _form(self, group: TutorGroup, register: Register | None) -> RegisterForm:
        students = registers.students_to_register(self.me, group, self.day)
        now = registers.state_of(students, self.day, self.session)
        return RegisterForm(
            self.request.POST if self.request.method == "POST" else None,
            students=students, day=self.day, session=self.session, now=now,
            opened_with=registers.mark_of_state(register, now), said=registers.entries_of(register),
        )  # fmt: skip

    def _meanwhile(self, group: TutorGroup, form: RegisterForm, meanwhile: OtherwiseMeanwhileError) -> HttpResponse:
        """Both states: theirs in words, one's own still in the form; sending it again is a choice."""
        mine = form.found
        form.theirs = {
            key: in_words(said, self.day)
            for key, said in meanwhile.now.items()
            if key in mine and said != mine[key] and said[0]
        }
        who = f"by {meanwhile.register.by} " if meanwhile.register else ""
        form.add_error(
            None,
            f"This register was saved {who}or changed by an import while you had it open, so nothing of yours was saved"
            " yet. Your own marks are still below, and where it now says otherwise the line is marked: bring the two"
            " together, then save again.",
        )
        renewed: Any = self.request.POST.copy()
        renewed["opened_with"] = registers.mark_of_state(meanwhile.register, meanwhile.now)
        form.data = renewed
        return self._page(group, meanwhile.register, form, status=409)

    def _page(
        self, group: TutorGroup, register: Register | None, form: RegisterForm, status: int = 200
    ) -> HttpResponse:
        other = Session.PM if self.session == Session.AM else Session.AM
        context = {
            "group": group, "day": self.day, "session": self.session, "register": register, "form": form,
            "rows": form.rows, "is_past": self.day < self.today, "other": other,
            "other_url": _url(group.pk, other, self.day, self.today),
            "imported": register is None and any(code for code, _ in form.now.values()),
        }  # fmt: skip
        return render(self.request, "attendance/register_form.html", context, status=status)

    def _no_school(self, group: TutorGroup, last: dt.date | None) -> HttpResponse:
        url = _url(group.pk, self.session, last, self.today) if last else ""
        context = {"group": group, "day": self.day, "session": self.session, "last": last, "last_url": url}
        return render(self.request, "attendance/register_form.html", context)


def _summary(form: RegisterForm) -> str:
    """ "25 present, 3 exceptions."."""
    exceptions = sum(code != form.present for code, _ in form.found.values())
    return f"{len(form.students) - exceptions} present, {exceptions} exception{'' if exceptions == 1 else 's'}."


class UnexplainedList(_RegisterPage, TemplateView):
    """Everybody without a reason yet that day, with the numbers to ring."""

    template_name = "attendance/unexplained_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = registers.unexplained_on(self.me, self.day)
        return super().get_context_data(found=found, day=self.day, is_today=self.day == self.today, **kwargs)
