"""What the last two data drops say about a student."""

import pytest

from students.models import Student
from tests import factories as make
from tutoring.progress.selectors import courses_by_student, direction


@pytest.fixture
def student() -> Student:
    return make.StudentFactory.create()


@pytest.mark.django_db
def test_below_down_and_up_by_subject(student: Student) -> None:
    old = make.DataDropFactory.create(name="2026 Summer", position=20262)
    new = make.DataDropFactory.create(name="2026 Autumn", position=20263)
    for name, target, was, now in [("Art", "6", "6", "5"), ("French", "5", "4", "5"), ("Maths", "Pass", "x", "y")]:
        subject = make.SubjectFactory.create(name=name)
        make.AssessmentFactory.create(student=student, subject=subject, data_drop=old, target=target, working_at=was)
        make.AssessmentFactory.create(student=student, subject=subject, data_drop=new, target=target, working_at=now)
    course = courses_by_student([student], student.school)[student.pk]
    assert (course.below, course.down, course.up) == (("Art",), ("Art",), ("French",))


@pytest.mark.django_db
def test_a_third_drop_back_is_history(student: Student) -> None:
    for number, grade in enumerate(["9", "5", "5"]):
        drop = make.DataDropFactory.create(name=f"Drop {number}", position=20260 + number)
        make.AssessmentFactory.create(student=student, data_drop=drop, target="5", working_at=grade)
    assert courses_by_student([student], student.school)[student.pk].down == ()


@pytest.mark.parametrize(("before", "now", "way"), [("5", "6", 1), ("A", "B", -1), ("5", "B", 0), ("", "5", 0)])
def test_an_unknown_scale_is_never_lower(before: str, now: str, way: int) -> None:
    assert direction(before, now) == way
