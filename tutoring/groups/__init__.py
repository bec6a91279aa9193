"""Tutor groups and caseloads: who tutors whom and when, and therefore who sees whom."""
