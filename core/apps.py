"""Names the core app."""

from django.apps import AppConfig
from django.core.validators import MaxLengthValidator
from django.utils.translation import ngettext_lazy


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Too long a text is refused in plain words, in every form; the browser alone stops most of it."""
        words = "That is too long: %(show_value)d characters, and at most %(limit_value)d fit. Nothing is lost."
        MaxLengthValidator.message = ngettext_lazy(words, words, "limit_value")
