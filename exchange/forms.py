"""Uploading a school's exports."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.core.files.uploadedfile import UploadedFile

from core.file_fields import ManyFilesField, ManyFilesInput
from exchange.folders import MOST_BYTES, MOST_FILES
from exchange.reading import TEXT_ENDINGS


class UploadForm(forms.Form):
    """One zip or several CSV files."""

    exports = ManyFilesField(
        label="CSV files, or one zip of them",
        widget=ManyFilesInput(attrs={"accept": ",".join(sorted([*TEXT_ENDINGS, ".zip"]))}),
        help_text=f"At most {MOST_FILES} files and {MOST_BYTES // 1024 // 1024} MB. Any names, any order of columns.",
        error_messages={"required": "Choose at least one file.", "empty": "One of the files is empty."},
    )

    def clean_exports(self) -> list["UploadedFile[Any]"]:
        """Only text and zips; what is inside them is looked at by the worker."""
        files: list[UploadedFile[Any]] = self.cleaned_data["exports"]
        for file in files:
            name = str(file.name).lower()
            if not name.endswith((*TEXT_ENDINGS, ".zip")):
                raise forms.ValidationError(
                    "%(name)s is not a CSV file. Export or save it as CSV, then choose that file.",
                    params={"name": file.name},
                )
        if sum(f.size or 0 for f in files) > MOST_BYTES:
            raise forms.ValidationError("Together the files are too large. Send attendance in a run of its own.")
        return files

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.layout = Layout(Field("exports"), Submit("send", "Check these files"))
        return helper
