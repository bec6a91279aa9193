"""Where nobody acts, a question about students is an error: also one that would find nothing."""

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection

from accounts.models import School
from core.acting import NOBODY, acting_as, acting_as_system
from students.models import Student
from tests import factories as make
from tutoring.sessions.models import TutorSession

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Student, TutorSession])
def test_an_empty_table_refuses_too(model: type[Student | TutorSession]) -> None:
    with acting_as(NOBODY), pytest.raises(ProgrammingError, match="no actor is bound"):
        list(model.objects.all())


def test_so_do_changes_and_a_key_that_is_not_there() -> None:
    make.StudentFactory.create()
    for ask in (
        lambda: Student.objects.filter(pk=make.SchoolFactory.build().pk).exists(),
        lambda: Student.objects.filter(year_group=99).update(year_group=7),
        lambda: Student.objects.filter(year_group=99).delete(),
        lambda: connection.cursor().execute("SELECT 1 FROM students_student WHERE false"),
    ):
        with acting_as(NOBODY), pytest.raises(ProgrammingError, match="no actor is bound"):
            ask()


def test_what_is_read_at_the_door_is_open() -> None:
    with acting_as(NOBODY):
        assert list(School.objects.filter(name="Nowhere")) == []


def test_a_job_of_ours_sees_no_student_and_is_told_so_by_an_empty_list() -> None:
    make.StudentFactory.create()
    with acting_as_system("reports"):
        assert list(Student.objects.all()) == []


class _Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return eval, ("1",)


def test_nothing_in_the_cache_is_unpickled() -> None:
    with pytest.raises(TypeError):
        cache.set("trap", _Trap())
    cache.set("plain", {"at": [1.5, "x", None]})
    assert cache.get("plain") == {"at": [1.5, "x", None]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM cache WHERE cache_key LIKE '%%plain'")
        assert not cursor.fetchone()[0].startswith("gA"), "a pickle begins like this in base64"
