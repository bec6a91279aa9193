"""A list that fits on one page is not counted beside being shown; a longer one is, and its pages are the usual ones."""

import pytest
from django.core.paginator import EmptyPage, Paginator
from pytest_django import DjangoAssertNumQueries

from core.paging import ShortListPaginator
from students.models import Student
from tests import factories as make


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "questions"), [(0, 1), (2, 1), (3, 1), (4, 2)])
def test_the_first_page_tells_the_number(
    number: int, questions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.StudentFactory.create_batch(number)
    students = Student.objects.order_by("pk")
    with django_assert_num_queries(questions):
        page = ShortListPaginator(students, 3).page(1)
        shown, pages, others = list(page), page.paginator.num_pages, page.has_next()
    usual = Paginator(students, 3).page(1)
    assert (shown, pages, others) == (list(usual), usual.paginator.num_pages, usual.has_next())


@pytest.mark.django_db
def test_other_pages_are_the_usual_ones() -> None:
    make.StudentFactory.create_batch(4)
    pages = ShortListPaginator(Student.objects.order_by("pk"), 3)
    assert len(pages.page(2)) == 1
    with pytest.raises(EmptyPage):
        pages.page(3)
