"""Identity providers: each is offered once its environment variables are set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    import environ

# Scopes: identity and e-mail address only, no access to data.
_SCOPES = {
    "github": ["read:user", "user:email"],
    "google": ["openid", "profile", "email"],
    "orcid": ["openid"],
}


def social_account_providers(env: environ.Env) -> dict[str, Any]:
    """Build SOCIALACCOUNT_PROVIDERS from `NAME_CLIENT_ID` and `NAME_CLIENT_SECRET`."""
    providers: dict[str, Any] = {}
    for name, scope in _SCOPES.items():
        if client := _client(env, name.upper()):
            providers[name] = {
                "APPS": [client],
                "SCOPE": scope,
                "OAUTH_PKCE_ENABLED": True,
            }
    if client := _client(env, "OIDC"):
        providers["openid_connect"] = {
            "APPS": [_openid_connect_app(env, client)],
            "OAUTH_PKCE_ENABLED": True,
        }
    return providers


def _client(env: environ.Env, prefix: str) -> dict[str, Any] | None:
    """Return the client's id and secret, None if neither is set. Only one is an error."""
    client_id = env.str(f"{prefix}_CLIENT_ID", "")
    secret = env.str(f"{prefix}_CLIENT_SECRET", "")
    if not client_id and not secret:
        return None
    if not client_id or not secret:
        raise ImproperlyConfigured(
            f"Set both {prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET, or neither."
        )
    return {"client_id": client_id, "secret": secret, "key": ""}


def _openid_connect_app(env: environ.Env, client: dict[str, Any]) -> dict[str, Any]:
    server = env.str("OIDC_SERVER_URL", "").rstrip("/")
    if not server:
        raise ImproperlyConfigured("Set OIDC_SERVER_URL, as https://login.example.org/realms/lab")
    return client | {
        "provider_id": "oidc",
        "name": env.str("OIDC_NAME", "single sign-on"),
        "settings": {"server_url": server},
    }
