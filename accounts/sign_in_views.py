"""A person's own sign-in: their factors and browsers, proving that it is still them, signing out, an invitation."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.forms import ReauthenticateForm, SetPasswordForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from allauth.account.views import BaseReauthenticateView, LogoutView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import FormView, TemplateView

from accounts import entry, second_factor, sessions
from accounts.factor_forms import CodeAgainForm, PasskeyAgainForm
from accounts.requests import UserRequest
from accounts.selectors import sessions_of
from accounts.step_up import elevate
from audit.services import record

INVITATION_KEY = "invitation"


class OwnSignIn(IndexView):
    """Everything about how one signs in, and the way to each change."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["factor_missing"] = second_factor.is_missing(self.request)
        app = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.TOTP).first()
        context["may_remove_app"] = app is not None and get_adapter().can_delete_authenticator(app)
        context["browsers"] = UserSession.objects.filter(user=self.request.user).count()
        return context


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class AppAdd(ActivateTOTPView):
    """An app with codes; where there is one, the new phone's takes its place once it has shown a right code."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return FormView.dispatch(self, request, *args, **kwargs)  # allauth's own leads to removing

    def form_valid(self, form: Any) -> HttpResponse:
        user = self.request.user
        for old in Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP):
            old.delete()
            authenticator_removed.send(sender=Authenticator, request=self.request, user=user, authenticator=old)
        response: HttpResponse = super().form_valid(form)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        context["key"] = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        context["moves"] = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.TOTP).exists()
        return context


class StepUp(BaseReauthenticateView):
    """Proves with a passkey or a code that it is still the person who signed in: fifteen minutes for what is secret.

    A recovery code opens changes to one's factors and nothing secret. The password counts only where the demo asks for
    no second factor and the person has none.
    """

    template_name = "account/step_up.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.by_password = second_factor.may_use_password(request.user)  # type: ignore[arg-type]
        if not self.by_password and not second_factor.has_factor(request.user):  # type: ignore[arg-type]
            messages.info(request, "Add a passkey or an app first. This page will then ask for it.")
            return redirect("mfa_index")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_form_class(self) -> type:
        if self.by_password:
            return ReauthenticateForm  # type: ignore[no-any-return]
        return PasskeyAgainForm if "credential" in self.request.POST else CodeAgainForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        proof = self._accept(form)
        if proof != Authenticator.Type.RECOVERY_CODES:
            elevate(self.request)
            record("step_up.passed", by=self.request.user, obj=self.request.user, proof=proof)
        response: HttpResponse = super().form_valid(form)
        return response

    def _accept(self, form: Any) -> str:
        """Note the fresh proof for allauth; returns what it was: "password", "totp", "webauthn", "recovery_codes"."""
        if self.by_password:
            reauthenticate_by_password(self.request)
            return "password"
        form.save()
        used = form.cleaned_data.get("credential") or form.authenticator
        return str(used.type)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.by_password:
            return context
        held = set(Authenticator.objects.filter(user=self.request.user).values_list("type", flat=True))
        form = context["form"]
        context["code_form"] = form if isinstance(form, CodeAgainForm) else CodeAgainForm(user=self.request.user)
        if Authenticator.Type.WEBAUTHN in held:
            context["passkey_form"] = form if isinstance(form, PasskeyAgainForm) else PasskeyAgainForm(user=None)
            context["passkey_options"] = {"request_options": begin_authentication(self.request.user)}
        return context


@method_decorator(reauthentication_required(app="allauth.usersessions"), name="dispatch")
class SessionList(TemplateView):
    """The browsers one is signed in with, and an end to any of them."""

    template_name = "usersessions/usersession_list.html"
    request: UserRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sessions=sessions_of(self.request.user), **kwargs)

    def post(self, request: UserRequest) -> HttpResponse:
        if request.POST.get("session") == "others":
            ended = sessions.delete_sessions(request.user, keep=request.session.session_key)
        else:
            chosen = request.POST.get("session", "")
            session = get_object_or_404(UserSession, pk=int(chosen) if chosen.isdecimal() else 0, user=request.user)
            session.end()
            ended = 1
        record("session.ended", by=request.user, obj=request.user, reason="by the person", count=ended)
        messages.success(request, "Signed out there.")
        return redirect("sign_in:session-list")


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """Leaves nothing behind in the browser (ASVS V14.3.1); schools share computers."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


@method_decorator(login_not_required, name="dispatch")
class InvitationOpen(View):
    """The link in the mail: puts its token out of the address bar, into the session."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if entry.invitation_of(token) is None:
            return render(request, "account/invitation_gone.html")
        if request.user.is_authenticated:
            logout(request)
        request.session[INVITATION_KEY] = token
        return redirect("sign_in:invitation-accept")


@method_decorator(login_not_required, name="dispatch")
class InvitationAccept(FormView):  # type: ignore[type-arg]
    """Choosing the first password; the second factor comes right after."""

    template_name = "account/invitation.html"
    form_class = SetPasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = entry.invitation_of(request.session.get(INVITATION_KEY, ""))
        if found is None:
            return render(request, "account/invitation_gone.html")
        self.invitation = found
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.invitation.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(invitation=self.invitation, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        del self.request.session[INVITATION_KEY]
        entry.accept_invitation(self.invitation, password=form.cleaned_data["password1"])
        response: HttpResponse = perform_login(self.request, self.invitation.user)
        return response
