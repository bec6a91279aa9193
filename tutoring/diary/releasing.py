"""Bookings with somebody who is no longer with the student: after a change of tutor, the end of a cover or a role."""

from django.db import connection, transaction
from django.utils import timezone

from audit.services import record
from core.acting import acting_as_system
from tutoring.diary.enums import State
from tutoring.diary.models import Appointment

MORNING = 6


@acting_as_system("diary")
@transaction.atomic
def release_bookings() -> int:
    """Cancel them, so that the clock says who is still to be seen; returns how many (migration 0011).

    At night only: what is ended by mistake can be put right on the same day, and nothing is lost.
    """
    if timezone.localtime().hour >= MORNING:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT booking, student, staff FROM guard.release_bookings()")
        released = cursor.fetchall()
    for booking, student, staff in released:
        one = Appointment(pk=booking, student_id=student, staff_id=staff)
        record(f"appointment.{State.CANCELLED.value}", by=None, obj=one, student=student, released=True)
    return len(released)
