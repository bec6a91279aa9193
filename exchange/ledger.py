"""A small table as it is and as the files say it should be: kept in memory, compared there, written at the end."""

from collections.abc import Iterable
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import models

from exchange.arrays import insert_objects, update_objects

M = TypeVar("M", bound=models.Model)


class Ledger(Generic[M]):
    """Rows of one model by id; remembers what is new and what each changed row was before."""

    def __init__(self, model: type[M], rows: Iterable[M]) -> None:
        self.model = model
        self.rows: dict[UUID, M] = {row.pk: row for row in rows}
        self.made: dict[UUID, M] = {}
        self.before: dict[UUID, dict[str, Any]] = {}

    def add(self, row: M) -> M:
        """A new row."""
        self.rows[row.pk] = self.made[row.pk] = row
        return row

    def change(self, row: M, **values: Any) -> bool:
        """Set the values that differ; whether any did. Remembers the first value of each."""
        differs = False
        for name, value in values.items():
            old = getattr(row, name)
            if old != value:
                differs = True
                setattr(row, name, value)
                if row.pk not in self.made:
                    self.before.setdefault(row.pk, {}).setdefault(name, old)
        return differs

    @property
    def changed(self) -> dict[UUID, M]:
        """Rows that exist and end up different from what they were."""
        return {
            pk: self.rows[pk]
            for pk, old in self.before.items()
            if any(getattr(self.rows[pk], name) != value for name, value in old.items())
        }

    def counts(self) -> dict[str, int]:
        return {"made": len(self.made), "changed": len(self.changed)}

    def write(self) -> None:
        """Changes before additions: a place must be left before it can be taken."""
        update_objects(self.model, list[models.Model](self.changed.values()))
        insert_objects(self.model, list[models.Model](self.made.values()))
