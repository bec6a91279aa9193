"""With whom a conversation was, besides the student: colleagues ticked and people typed, as one line (duty 12)."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

LONGEST_WHOM = 500


def whom_line(met: Sequence[str], typed: str) -> str:
    """Those ticked and those typed, names as they are today, each once; ValidationError where it is too long."""
    parts = [part.strip() for part in typed.split(",")]
    said = ", ".join([*met, *(name for name in parts if name and name not in met)])
    if len(said) > LONGEST_WHOM:
        raise ValidationError(f"Name fewer: {LONGEST_WHOM} letters at most, {len(said)} here.")
    return said
