"""Replacements for allauth views that lose `next` or reveal too much."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.account import views as account_views
from allauth.account.internal.stagekit import stash_login, unstash_login
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.mfa.webauthn import views as webauthn_views
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts.sign_in import unconfirmed
from common import redirects

if TYPE_CHECKING:
    from collections.abc import Callable

    from allauth.account.forms import RequestLoginCodeForm, SignupForm
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    View = Callable[..., HttpResponseBase]

_AUTHORIZATION_ORIGINS = {
    "github": "https://github.com",
    "google": "https://accounts.google.com",
    "orcid": "https://orcid.org",
}


class SignUpView(account_views.SignupView):
    """Sign-up that shows a form error when two people take the same username at once."""

    def form_valid(self, form: SignupForm) -> HttpResponse:
        try:
            with transaction.atomic():
                response: HttpResponse = super().form_valid(form)
        except IntegrityError:
            form.add_error("username", "This username was just taken.")
            refused: HttpResponse = self.form_invalid(form)
            return refused
        # allauth drops `next` for an address that has an account, and the next page would
        # reveal the difference.
        _keep_way_back(self.request, self.get_next_url())
        return response


class RequestLoginCodeView(account_views.RequestLoginCodeView):
    """Keep `next` with the sign-in, and not only in the URL of the next page."""

    def form_valid(self, form: RequestLoginCodeForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _keep_way_back(self.request, self.get_next_url())
        return response


class ConfirmLoginCodeView(account_views.ConfirmLoginCodeView):
    def _verify_form_valid(self, form: Form) -> HttpResponse:
        way_back = self.get_next_url() or self.stage.login.redirect_url
        response: HttpResponse = self._process.finish(way_back)
        return response


class LoginWebAuthnView(webauthn_views.LoginWebAuthnView):
    """Sign-in by passkey. A failed try leads to the sign-in page and keeps `next`."""

    def form_invalid(self, form: Form) -> HttpResponse:
        super().form_invalid(form)
        url = passthrough_next_redirect_url(self.request, reverse("account_login"), "next")
        return HttpResponseRedirect(url)

    def get_success_url(self) -> str | None:
        # Called for members who are already signed in.
        url: str | None = get_next_redirect_url(self.request)
        return url


class LogoutView(account_views.LogoutView):
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        # "cache" is left out because pages are never stored (no-store), and "cookies" because
        # it would clear those of every site under the same registered domain.
        response["Clear-Site-Data"] = '"storage"'
        return response


def _keep_way_back(request: HttpRequest, url: str | None) -> None:
    login = unstash_login(request, peek=True)
    if login:
        login.redirect_url = url
        stash_login(request, login)


def form_action_origins() -> list[str]:
    """Return the origins of the offered providers, to which forms may redirect."""
    providers = settings.SOCIALACCOUNT_PROVIDERS
    origins = [origin for name, origin in _AUTHORIZATION_ORIGINS.items() if name in providers]
    for app in providers.get("openid_connect", {}).get("APPS", []):
        address = urlsplit(app["settings"]["server_url"])
        origins.append(f"{address.scheme}://{address.netloc}")
    return origins


def offering_providers(view: View) -> View:
    """Let the page's forms redirect to the providers. Other pages' forms may not."""

    @wraps(view)
    def offering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        allowed = csp_update({"form-action": form_action_origins()})
        return allowed(view)(request, *args, **kwargs)

    return offering


def while_offered(view: View, provider: str | None = None) -> View:
    """Answer 404 while the provider is off; without `provider`, while all are off."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        offered = settings.SOCIALACCOUNT_PROVIDERS
        if not offered or (provider is not None and provider not in offered):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_POST
@login_not_required
def sign_up_again(request: HttpRequest) -> HttpResponse:
    """Start the sign-up over after a mistyped address.

    The response is the same whether or not the address has an account.
    """
    login = unstash_login(request, peek=True)
    if login and login.signup and login.user:
        unconfirmed.withdraw_sign_up(user=login.user)
    next_url = redirects.local_next(request, otherwise="")
    logout(request)
    query = f"?{urlencode({'next': next_url})}" if next_url else ""
    return redirect(f"{reverse('account_signup')}{query}")
