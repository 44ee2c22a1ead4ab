"""URLs of the allauth pages that the site offers.

The names are allauth's, because it reverses them. Pages not listed here are not reachable.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.github import views as github
from allauth.socialaccount.providers.google import views as google
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.socialaccount.providers.orcid import views as orcid
from allauth.usersessions import views as usersessions
from django.urls import path

from accounts.settings.views import security as security_page
from accounts.sign_in import views
from accounts.sign_in.views import offering_providers, while_offered

sign_in = [
    path("sign-in", offering_providers(account.login), name="account_login"),
    path(
        "sign-in/code",
        views.RequestLoginCodeView.as_view(),
        name="account_request_login_code",
    ),
    path(
        "sign-in/code/confirm",
        views.ConfirmLoginCodeView.as_view(),
        name="account_confirm_login_code",
    ),
    path("sign-in/passkey", views.LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    path("sign-in/second-step", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/inactive", account.account_inactive, name="account_inactive"),
    path("sign-out", views.LogoutView.as_view(), name="account_logout"),
]

sign_up = [
    path("sign-up", offering_providers(views.SignUpView.as_view()), name="account_signup"),
    path("confirm-email", account.email_verification_sent, name="account_email_verification_sent"),
]

forgotten_password = [
    path("password/reset", account.password_reset, name="account_reset_password"),
    path(
        "password/reset/code",
        account.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/reset/new",
        account.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "password/reset/done",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
]

reauthentication = [
    path("confirm/password", account.reauthenticate, name="account_reauthenticate"),
    path("confirm/code", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("confirm/passkey", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
]

security = [
    path("settings/email", account.email, name="account_email"),
    path("settings/security", security_page, name="mfa_index"),
    path("settings/security/password", account.password_change, name="account_change_password"),
    path("settings/security/first-password", account.password_set, name="account_set_password"),
    path("settings/security/sessions", usersessions.list_usersessions, name="usersessions_list"),
    path("settings/security/app", totp.activate_totp, name="mfa_activate_totp"),
    path("settings/security/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "settings/security/recovery-codes",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "settings/security/recovery-codes/new",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("settings/security/passkeys", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("settings/security/passkeys/add", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path(
        "settings/security/passkeys/<int:pk>/rename",
        webauthn.edit_webauthn,
        name="mfa_edit_webauthn",
    ),
    path(
        "settings/security/passkeys/<int:pk>/remove",
        webauthn.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
]

providers = [
    path(
        "settings/security/connections",
        while_offered(offering_providers(social.connections)),
        name="socialaccount_connections",
    ),
    path("sign-in/with/finish", while_offered(social.signup), name="socialaccount_signup"),
    path(
        "sign-in/with/cancelled",
        while_offered(social.login_cancelled),
        name="socialaccount_login_cancelled",
    ),
    path(
        "sign-in/with/failed", while_offered(social.login_error), name="socialaccount_login_error"
    ),
    *(
        pattern
        for name, module in [("github", github), ("google", google), ("orcid", orcid)]
        for pattern in (
            path(
                f"sign-in/with/{name}",
                while_offered(offering_providers(module.oauth2_login), name),
                name=f"{name}_login",
            ),
            path(
                f"sign-in/with/{name}/callback",
                while_offered(module.oauth2_callback, name),
                name=f"{name}_callback",
            ),
        )
    ),
    path(
        "sign-in/with/sso/<slug:provider_id>",
        while_offered(offering_providers(openid_connect.login), "openid_connect"),
        name="openid_connect_login",
    ),
    path(
        "sign-in/with/sso/<slug:provider_id>/callback",
        while_offered(openid_connect.callback, "openid_connect"),
        name="openid_connect_callback",
    ),
]

urlpatterns = [
    *sign_in,
    *sign_up,
    *forgotten_password,
    *reauthentication,
    *security,
    *providers,
]
