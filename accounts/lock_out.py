"""What django-axes asks us: whose account was tried, from which address, and what is said when it is locked."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def account_of(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The address somebody signs in with, in one spelling; allauth passes it as `email`, never as `username`.

    With no name here, a lock would hold everybody behind the school's one address on the internet.
    """
    given = credentials or (request.POST if request is not None else {})
    name = given.get("email") or given.get("username") or given.get("login") or ""
    return str(name).strip().casefold()


def address_of(request: HttpRequest) -> str:
    """Where the request comes from: what our own proxies say, never what the browser says of itself."""
    address: str = get_adapter().get_client_ip(request)
    return address


def locked(request: HttpRequest, original: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """429, in plain words; the same whether or not there is such an account."""
    return render(request, "account/locked.html", status=429)
