"""allauth's forms with our labels and hints; validation is allauth's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth_forms

if TYPE_CHECKING:
    from django import forms

_ADVICE = "At least 10 characters. Four words that you remember work well."
USERNAME_HELP = "3 to 30 letters, digits, _ or -. Your profile will be /@name."
_PLAIN_TEXT = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = "E-mail or username"
        login.widget.attrs = _PLAIN_TEXT | {"autocomplete": "username webauthn", "data-limit": 254}
        password.help_text = ""
        _without_placeholders(self)

    def user_credentials(self) -> dict[str, str]:
        """Treat an e-mail address as an address only.

        allauth would try it as a username too, and so hash twice for an address with an account
        and once for one without: a measurable difference.
        """
        credentials: dict[str, str] = super().user_credentials()
        if "email" in credentials:
            credentials.pop("username", None)
        return credentials


class SignupForm(allauth_forms.SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"
        self.fields["username"].help_text = USERNAME_HELP
        self.fields["username"].widget.attrs |= _PLAIN_TEXT
        self.fields["password1"].help_text = _ADVICE
        _without_placeholders(self)


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_address(self)


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_address(self)


class AddEmailForm(allauth_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_address(self)


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        _without_placeholders(self)


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Current password"
        self.fields["oldpassword"].help_text = ""
        _ask_for_new_password(self)


class SetPasswordForm(allauth_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_new_password(self)


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_new_password(self)


def _ask_for_address(form: forms.Form) -> None:
    form.fields["email"].label = "E-mail"
    _without_placeholders(form)


def _ask_for_new_password(form: forms.Form) -> None:
    form.fields["password1"].label = "New password"
    form.fields["password1"].help_text = _ADVICE
    form.fields["password2"].label = "New password again"
    _without_placeholders(form)


def _without_placeholders(form: forms.Form) -> None:
    """Remove placeholders: they repeat the label, are faint and vanish on typing."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
