"""Handover: what works for a student, given to the next tutor; who tutors a group from a day on; the new year."""
