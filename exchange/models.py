"""Imports: each run's files, its preview and what came of it."""

from django.db import models

from accounts.models import School, User
from core.models import Record
from exchange.enums import RunState


class ImportRun(Record):
    """One upload of a school's exports, from preview to result. The files lie in DATA_DIR/imports/<id>/."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="import_runs")
    requested_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="import_runs")
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.CHECKING)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    progress = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=100, blank=True)
    files = models.JSONField(default=list)
    report = models.JSONField(null=True, blank=True)
    only_if_all_good = models.BooleanField(default=False)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Import of {self.created_at:%d %b %Y %H:%M}"
