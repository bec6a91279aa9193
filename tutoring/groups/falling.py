"""To whom work falls whose owner is not there: the one rule that every room asks whose lines of what is due have one.

Issue 4: the absence of a tutor or head hands the work to the deputy, and what is overdue shows. What belongs to a
colleague is shown to them; while somebody stands in for them to the deputy too; and where none of those to whom it
belongs reaches the student any more (a change of tutor, a new year, a colleague who left) to whoever tutors the student
today, or stands in for that tutor. Of colleagues who are here nobody else is shown anything, and nothing here is a
right: what a policy keeps from the reader stays kept from them.
"""

from accounts.permissions import Permission
from tutoring.groups.selectors import STUDENTS_KEPT

WITH_DEPUTY = "{person} = ANY (%(mine)s)"
LEFT = "coalesce(guard.has_left({person}, {student}, '{wanted}'), true)"


def or_their_deputy(person: str) -> str:
    """SQL with the names of `values_of`: that column's person is whoever asks, or somebody they stand in for today."""
    return WITH_DEPUTY.format(person=person)


def left_to_tutor(*people: str, student: str, wanted: Permission) -> str:
    """SQL: of these columns nobody (NULL is nobody) reaches the student with `wanted`, whom whoever asks tutors today.

    `wanted` is what somebody must hold for the student to do this work.
    """
    gone = (LEFT.format(person=person, student=student, wanted=wanted.value) for person in people)
    return f"({student} = ANY (ARRAY({STUDENTS_KEPT})) AND {' AND '.join(gone)})"


def falls_to_me(*people: str, student: str, wanted: Permission) -> str:
    """SQL: the whole rule, for work about a student that belongs to whoever these columns name."""
    theirs = " OR ".join(or_their_deputy(person) for person in people)
    return f"({theirs} OR {left_to_tutor(*people, student=student, wanted=wanted)})"
