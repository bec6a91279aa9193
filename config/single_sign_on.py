"""The school's own Microsoft or Google accounts, each by one issuer; off while its tenant or its client is not set."""

from typing import Any

MICROSOFT, GOOGLE = "https://login.microsoftonline.com", "https://accounts.google.com"


def apps(*, microsoft: tuple[str, str, str], google: tuple[str, str, str]) -> list[dict[str, Any]]:
    """What allauth wants to know of each, from tenant (or domain), client and secret."""
    found = []
    tenant, client, secret = microsoft
    if tenant and client:
        found.append(app("Microsoft", f"{MICROSOFT}/{tenant}/v2.0", client, secret, {"tid": tenant}))
    domain, client, secret = google
    if domain and client:
        found.append(app("Google", GOOGLE, client, secret, {"hd": domain}, hd=domain))
    return found


def app(name: str, issuer: str, client: str, secret: str, claims: dict[str, str], **asks: str) -> dict[str, Any]:
    """One issuer: tokens come from nowhere else and carry these claims, or anybody's account would do.

    `asks` are added to the question that the browser takes there.
    """
    settings = {"server_url": issuer, "issuer": issuer, "claims": claims, "auth_params": asks}
    return {"provider_id": name.lower(), "name": name, "client_id": client, "secret": secret, "settings": settings}
