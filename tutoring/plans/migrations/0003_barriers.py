"""The barriers every school is offered until it keeps a list of its own."""

from typing import Any

from django.db import migrations

OFFERED = {
    "social": ["Friendships", "Being left out or picked on", "Finding it hard to join in", "Online life"],
    "emotional": ["Worry", "Low mood", "Loss or change", "Confidence", "Anger"],
    "personal": ["Things at home", "Caring for somebody", "Sleep", "Health", "Money, kit or uniform"],
    "behavioural": ["Conduct in lessons", "Conduct at break and in corridors", "Truth and trust", "Getting drawn in by others"],
    "learning": ["Reading or writing", "Number", "Organisation", "Homework", "Staying with a task", "Motivation", "English is new"],
    "attendance": ["Getting up and in", "The journey", "Not wanting to be here", "Missing single lessons"],
}  # fmt: skip


def offer(apps: Any, schema_editor: Any) -> None:
    barriers = apps.get_model("plans", "Barrier").objects.using(schema_editor.connection.alias)
    rows = [(area, name) for area, names in OFFERED.items() for name in names]
    barriers.bulk_create(
        barriers.model(area=area, name=name, position=place) for place, (area, name) in enumerate(rows, start=1)
    )


def take_back(apps: Any, schema_editor: Any) -> None:
    barriers = apps.get_model("plans", "Barrier").objects.using(schema_editor.connection.alias)
    barriers.filter(school=None).delete()


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_policies")]
    operations = [migrations.RunPython(offer, take_back)]
