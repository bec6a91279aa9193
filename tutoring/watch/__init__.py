"""Watching over students: those who are new, those who may leave, and what else the school watches for a while."""
