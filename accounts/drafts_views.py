"""The doors of draft saving: the address that the page posts to while somebody types, and discarding."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from accounts import drafts
from accounts.models import User
from accounts.permissions import Permission
from accounts.requests import UserRequest
from core.acting import Actor, acting_as
from core.limits import DRAFT_SAVES, limited
from core.mixins import PermissionRequiredMixin
from core.writers import writer_of


class DraftSave(PermissionRequiredMixin, View):
    """Keeps the fields of the form as they stand. JSON: {saved_at: "08:41", token, revision, forked}."""

    permission_required = Permission.USE_WAYMARK
    http_method_names = ["post"]

    @limited(DRAFT_SAVES)
    def post(self, request: UserRequest, form: str) -> JsonResponse:
        if not drafts.FORM_KEY.fullmatch(form):
            raise Http404("No such form")
        if not is_own_form(request):
            keep_for_writer(request, form)
            return JsonResponse({"signed_in": True, "writer": False}, status=403)
        token = drafts.token_from(request.POST.get("draft_token"))
        revision = request.POST.get("draft_revision", "0")
        if token is None or not revision.isdecimal():
            return JsonResponse({"error": "draft_token and draft_revision are needed"}, status=400)
        try:
            saved = drafts.save_draft(
                by=request.user,
                form=form,
                token=token,
                revision=min(int(revision), 1_000_000),
                fields=drafts.typed_fields(request.POST),
            )
        except drafts.TooMuchError as error:
            return JsonResponse({"error": str(error)}, status=429)
        return JsonResponse(_answer(saved))


class DraftDiscard(PermissionRequiredMixin, View):
    """Throws one unfinished draft away, for good."""

    permission_required = Permission.USE_WAYMARK
    http_method_names = ["post"]

    def post(self, request: UserRequest) -> HttpResponse:
        if drafts.discard_draft(by=request.user, token=drafts.token_from(request.POST.get("token"))):
            messages.success(request, "The draft is gone.")
        return redirect(safe_next(request, "/"))


def is_own_form(request: HttpRequest) -> bool:
    """Whether the form was opened by the person now signed in; a form without a stamp counts as not theirs."""
    return writer_of(request.POST.get("writer", "")) == request.user.pk


def refuse_form_of_another(request: HttpRequest, form: str) -> HttpResponse:
    """Keeps the text among the drafts of the one who opened the form; the one signed in now sees nothing of it."""
    return render(request, "accounts/form_of_another.html", {"kept": keep_for_writer(request, form)}, status=409)


def keep_for_writer(request: HttpRequest, form: str = "") -> bool:
    """Put what was sent among the drafts of whoever opened the form; whether that could be done.

    `form` is the form's own word where the address does not say it.
    """
    form = form or request.POST.get("draft_form", "")
    writer = writer_of(request.POST.get("writer", ""))
    token = drafts.token_from(request.POST.get("draft_token"))
    owner = User.objects.filter(pk=writer, is_active=True).first() if writer else None
    if owner is None or token is None or not drafts.FORM_KEY.fullmatch(form):
        return False
    try:
        # The stamp in the form is ours: these words are theirs, whoever sits at the computer now.
        with acting_as(Actor(user_id=owner.pk)):
            drafts.save_draft(by=owner, form=form, token=token, revision=0, fields=drafts.typed_fields(request.POST))
    except drafts.TooMuchError:
        return False
    return True


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """The page of ours to go back to, from the form's `next`."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return otherwise


def _answer(saved: drafts.Saved) -> dict[str, Any]:
    at = timezone.localtime(saved.draft.updated_at)
    return {
        "saved_at": f"{at:%H:%M}",
        "token": str(saved.draft.token),
        "revision": saved.draft.revision,
        "forked": saved.forked,
    }
