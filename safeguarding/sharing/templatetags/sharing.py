"""`{% load sharing %}`: what stands beside a `KeptFrom`, so that the file need not know this room."""

from typing import Any

from django import template

from safeguarding.sharing import selectors
from safeguarding.sharing.models import Confirmation

register = template.Library()


@register.simple_tag
def confirmation_of(kept: Any) -> Confirmation | None:
    """What the headteacher was asked about this, if anything."""
    return selectors.confirmations_of([kept.pk]).get(kept.pk)
