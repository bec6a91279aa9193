"""Every model has a factory, tells how private it is, points only down the ladder; lists of names keep their order."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from factory.django import DjangoModelFactory

from audit.history import Change
from tests import factories

ROOMS = ("tutoring.", "safeguarding.")
LADDER = [name for name in settings.INSTALLED_APPS if "." not in name or name.startswith(ROOMS)]
OURS = [
    config for config in apps.get_app_configs() if (Path(settings.BASE_DIR) / config.name.replace(".", "/")).is_dir()
]
# A history holds what its model holds, at the same level, and only triggers write it.
MODELS = [model for config in OURS for model in config.get_models() if not issubclass(model, Change)]
PRIVACY = (Path(settings.BASE_DIR) / "docs/privacy.md").read_text()
LEVELS = {"school", "staff", "personal", "sensitive", "system"}


def _rung(model: type[models.Model]) -> int:
    return LADDER.index(model._meta.app_config.name)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_model_has_a_factory(model: type[models.Model]) -> None:
    made = {
        f._meta.model for f in vars(factories).values() if isinstance(f, type) and issubclass(f, DjangoModelFactory)
    }
    assert model in made, f"Add {model.__name__}Factory to tests/factories.py."


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_foreign_keys_point_down_the_ladder(model: type[models.Model]) -> None:
    for field in model._meta.get_fields():
        target = getattr(field, "related_model", None)
        if not field.auto_created and target in MODELS:
            assert _rung(target) <= _rung(model), (
                f"{model._meta.label}.{field.name} points up the ladder to {target._meta.label}."
            )


def _listed() -> dict[str, str]:
    rows = re.findall(r"^\| `([\w.]+)` \| (\w+) \|", PRIVACY, flags=re.MULTILINE)
    return dict(rows)


def test_every_field_says_how_private_it_is() -> None:
    fields = {f"{m._meta.label}.{f.name}" for m in MODELS for f in (*m._meta.fields, *m._meta.many_to_many)}
    listed = _listed()
    assert fields - listed.keys() == set(), "Add these fields to docs/privacy.md with a level."
    assert listed.keys() - fields == set(), "docs/privacy.md names fields that no longer exist."
    assert set(listed.values()) <= LEVELS


# Two people may have one name: an order that ends here leaves it to the database which of them stands first.
NAMES = re.compile(r"^-?(\w+__)?(last_name|first_name|sort_name|(preferred_)?(surname|forename))$")
MODULES = [path for c in OURS for path in Path(c.path).rglob("*.py") if "migrations" not in path.parts]


def ends_by_name(text: str) -> list[int]:
    """The lines on which rows are put in the order of people's names and nothing after them."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args]
    asked = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "order_by"]
    return [c.lineno for c in asked if isinstance(end := c.args[-1], ast.Constant) and NAMES.match(str(end.value))]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_two_of_one_name_stand_in_one_order(model: type[models.Model]) -> None:
    assert not model._meta.ordering or not NAMES.match(str(model._meta.ordering[-1]))


def test_no_list_by_name_leaves_the_order_open() -> None:
    assert {f"{path}:{line}" for path in MODULES for line in ends_by_name(path.read_text())} == set()
    assert ends_by_name('rows.order_by("day", "student__sort_name")\nrows.order_by("sort_name", "pk")') == [1]
