"""What the diary's tests share: a tutor with two students, the autumn of 2026, and slots on Tuesdays and Thursdays."""

import datetime as dt
from dataclasses import dataclass

from accounts.enums import Role
from accounts.models import User
from students.models import Student
from tests import factories as make
from tutoring.diary.enums import Weekday
from tutoring.diary.selectors import FreeSlot
from tutoring.groups.models import TutorGroup

# A Monday in term, in the week before a closed Friday (factories: half term 26 to 30 October, closed on 27 November).
TODAY = dt.date(2026, 11, 23)
TUESDAY = dt.date(2026, 11, 24)


@dataclass
class Scene:
    """One group with two students and its tutor."""

    group: TutorGroup
    tutor: User
    student: Student
    classmate: Student


def scene() -> Scene:
    group = make.TutorGroupFactory.create(house=make.HouseFactory.create())
    make.TermFactory.create(school=group.school)
    make.ClosureFactory.create(school=group.school)
    tutor = make.person(Role.TUTOR, group=group)
    jamal = make.student_in(group, legal_forename="Jamal", legal_surname="Okafor")
    zofia = make.student_in(group, legal_forename="Zofia", legal_surname="Wren")
    return Scene(group, tutor, jamal, zofia)


def give_slots(staff: User) -> None:
    """Tuesdays at 08:40, Thursdays and Fridays at 13:10, in Room 4."""
    make.SlotFactory.create(staff=staff)
    for weekday in (Weekday.THURSDAY, Weekday.FRIDAY):
        make.SlotFactory.create(staff=staff, weekday=weekday, starts_at=dt.time(13, 10))


def at(day: dt.date, hour: int = 8, minute: int = 40) -> FreeSlot:
    return FreeSlot(day, dt.time(hour, minute), 15, "Room 4")
