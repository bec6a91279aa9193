"""What every page carries for a concern that is raised where there is no connection (journey 4.1).

The form cannot be had then, so a sheet comes with each page. Its words stay in the page until they can be kept as a
draft of the form, which opens with them: nothing is put into the browser's storage (decision 0005).
"""

from typing import Any

from django.http import HttpRequest

from accounts.permissions import Permission
from core.writers import stamp_of_writer
from safeguarding.views import draft_key


def context(request: HttpRequest) -> dict[str, Any]:
    """`unconnected`: of which form the sheet keeps a draft, and whose; nothing for who raises no concern."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.has_perm(Permission.RAISE_CONCERN):
        return {}
    return {"unconnected": {"form": draft_key(None), "writer": stamp_of_writer(user)}}
