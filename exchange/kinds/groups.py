"""Tutor groups as the students' rows show them: who is placed where, and what a group's year and house are."""

import datetime as dt
from collections import Counter
from uuid import UUID

from exchange.book import Book
from exchange.findings import Severity
from exchange.tables import Table
from students.models import Student
from tutoring.groups.models import GroupMembership, TutorGroup

FEWEST = 5  # students that make a group believable which nobody else names

Form = tuple[Table, int, Student, str]


def place_students(book: Book, forms: list[Form], named_by_staff: set[str]) -> None:
    """Put each student into the group of their row; one that few rows name and nobody knows is only a warning."""
    sizes = Counter(name.casefold() for _, _, _, name in forms)
    is_known = bool(named_by_staff or book.groups.rows)
    told: set[str] = set()
    placed: dict[UUID, list[Student]] = {}
    places = book.current_places()
    for table, line, student, name in forms:
        key = name.casefold()
        if book.group_called(name) is None and is_known and key not in named_by_staff and key not in told:
            if sizes[key] < FEWEST:
                table.say(
                    line,
                    "form",
                    name,
                    Severity.WARNING,
                    "unknown_group",
                    f"No tutor has the group {name} and hardly anyone is in it. The student comes in without a "
                    "group. Correct it in the MIS.",
                )
                continue
            told.add(key)
            table.say(
                line,
                "form",
                name,
                Severity.WARNING,
                "new_group",
                f"The group {name} has {sizes[key]} students but no tutor yet. It is made; give it a tutor.",
            )
        group = book.group(name)
        placed.setdefault(group.pk, []).append(student)
        _place(book, student, group, places.get(student.pk))
    for pk, students in placed.items():
        _describe(book, book.groups.rows[pk], students)
    _close_places_of_leavers(book)


def _place(book: Book, student: Student, group: TutorGroup, current: GroupMembership | None) -> None:
    has_left = student.left_on is not None and student.left_on < book.today
    if has_left or (current and current.group_id == group.pk):
        return
    starts_on, ends_on = book.today, None
    if current is None:
        begins = max(book.year_start, student.joined_on or book.year_start)
        starts_on = begins if student.pk in book.students.made else book.today
    elif current.starts_on >= book.today:
        book.placements.change(current, group_id=group.pk)
        return
    else:
        ends_on = current.ends_on
        book.placements.change(current, ends_on=book.today - dt.timedelta(days=1))
    book.placements.add(GroupMembership(student=student, group=group, starts_on=starts_on, ends_on=ends_on))


def _close_places_of_leavers(book: Book) -> None:
    for place in book.placements.rows.values():
        student = book.students.rows.get(place.student_id)
        left_on = student.left_on if student else None
        if left_on and left_on < book.today and place.ends_on is None:
            book.placements.change(place, ends_on=max(left_on, place.starts_on))


def _describe(book: Book, group: TutorGroup, students: list[Student]) -> None:
    """Year and house of the group: what most of its students have, once enough of them are in the file."""
    if len(students) < FEWEST and group.pk not in book.groups.made:
        return
    years = Counter(s.year_group for s in students if s.year_group)
    houses = Counter(s.house_id for s in students if s.house_id)
    if years and years.most_common(1)[0][1] * 2 > len(students):
        book.groups.change(group, year_group=years.most_common(1)[0][0])
    if houses and houses.most_common(1)[0][1] * 2 > len(students):
        book.groups.change(group, house_id=houses.most_common(1)[0][0])
