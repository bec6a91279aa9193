"""Views as somebody might write them who forgot to filter; they exist for tests/lock/test_unfiltered_views.py alone."""

from typing import Any

from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, JsonResponse
from django.urls import path

from accounts.step_up import elevate
from students.models import Contact, Student
from tutoring.attendance.models import Mark
from tutoring.sessions.models import NextStep, TutorSession


def _answer(found: Any) -> JsonResponse:
    return JsonResponse({"found": sorted(map(str, found))})


def as_list(request: HttpRequest) -> JsonResponse:
    return _answer(student.pk for student in Student.objects.all())


def raw(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM students_contact")
        return _answer(key for (key,) in cursor.fetchall())


def aggregate(request: HttpRequest) -> JsonResponse:
    return _answer([Mark.objects.aggregate(number=Count("code"))["number"]])


def joined(request: HttpRequest) -> JsonResponse:
    """From a table without policies to one with: what is counted per school."""
    rows = Student.objects.annotate(number=Count("tutor_sessions")).values_list("pk", "number")
    return _answer(f"{student} {number}" for student, number in rows)


def values(request: HttpRequest) -> JsonResponse:
    return _answer(NextStep.objects.values_list("pk", flat=True))


def streamed(request: HttpRequest) -> JsonResponse:
    return _answer(session.pk for session in TutorSession.objects.iterator(chunk_size=50))


def one(request: HttpRequest, key: str) -> JsonResponse:
    return _answer(TutorSession.objects.filter(pk=key).values_list("pk", flat=True))


def contact_of(request: HttpRequest, key: str) -> JsonResponse:
    return _answer(contact.pk for contact in Contact.objects.select_related("student").filter(student_id=key))


def crash(request: HttpRequest) -> JsonResponse:
    """Half way through, with rows in hand."""
    list(Student.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    raise AssertionError("the statement before must have failed")


def prove(request: HttpRequest) -> JsonResponse:
    elevate(request)
    return _answer([])


urlpatterns = [
    path("list/", as_list),
    path("raw/", raw),
    path("aggregate/", aggregate),
    path("joined/", joined),
    path("values/", values),
    path("streamed/", streamed),
    path("one/<uuid:key>/", one),
    path("contact/<uuid:key>/", contact_of),
    path("crash/", crash),
    path("prove/", prove),
]
