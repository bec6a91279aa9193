"""Uploads that never touch the disk: what is secret stays in memory until it is sealed.

Django writes larger uploads to the machine's temporary folder. A view with `files_off_disk = True` gets them in memory;
how much that can be, `largest_request` says (core.middleware).
"""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler


class OffDiskHandler(MemoryFileUploadHandler):
    """Stands first in FILE_UPLOAD_HANDLERS, and steps aside for every view that does not ask for it."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        match = getattr(self.request, "resolver_match", None)
        view = getattr(match.func, "view_class", None) if match else None
        self.activated = getattr(view, "files_off_disk", False)
