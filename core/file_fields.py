"""A form's field for several files at once."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class ManyFilesInput(forms.FileInput):
    """The browser's own field for files, for several of them."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A list of uploaded files."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        cleaned: list[UploadedFile[Any] | None] = [
            super(ManyFilesField, self).clean(file, initial) for file in files or [None]
        ]
        return [file for file in cleaned if file is not None]
