"""allauth's forms in our words: no placeholders, plain labels, and the lock-out before every code."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backdesk.parties.operations import lockout

_NOTHING = format_lazy("")  # where allauth says something, and a link below the form does
_PASSWORD_HINT = _("At least 12 characters. Not a common password, and nothing of your name or address.")
_LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Password"),
    "oldpassword": _("Present password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
    "code": _("Code"),
    "name": _("Name"),
}
_HINTS = {
    "password": _NOTHING,
    "password1": _PASSWORD_HINT,
    "name": _("So that you know it again: work laptop, telephone."),
}


class _Ours(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in _LABELS:
                field.label = _LABELS[name]
            if name in _HINTS:
                field.help_text = _HINTS[name]
            field.widget.attrs.pop("placeholder", None)


class _OurCode(_Ours):
    """Six digits of an app, or eight of a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(inputmode="numeric", maxlength=16, autofocus=True)

    def clean_code(self) -> str:
        adapter = get_adapter(context.request)
        tried = adapter.tried(context.request, self.user.email)  # type: ignore[attr-defined]
        try:
            lockout.refuse_if_locked(now=timezone.now(), **tried)
        except lockout.LockedOut as refused:
            raise ValidationError(str(refused), code="locked_out") from refused
        code: str = super().clean_code()  # type: ignore[misc]
        return code


class SignInForm(_Ours, account_forms.LoginForm):
    pass


class AgainForm(_Ours, account_forms.ReauthenticateForm):
    pass


class ForgottenForm(_Ours, account_forms.ResetPasswordForm):
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """A mail goes either way, so that neither answer nor time tells whether the address is known."""
        email: str = self.cleaned_data["email"]
        if self.users:
            super().save(request, **kwargs)
        else:
            get_adapter(request).send_mail("account/email/unknown_account", email, {})
        return email


class NewPasswordForm(_Ours, account_forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_Ours, account_forms.ChangePasswordForm):
    pass


class SetPasswordForm(_Ours, account_forms.SetPasswordForm):
    pass


class CodeForm(_OurCode, code_forms.AuthenticateForm):
    pass


class CodeAgainForm(_OurCode, code_forms.ReauthenticateForm):
    pass


class ActivateAppForm(_OurCode, ActivateTOTPForm):
    pass


class AddPasskeyForm(_Ours, AddWebAuthnForm):
    """Every passkey is one to sign in with: it is kept on the device and asks for finger, face or PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        return dict(super().clean() or {})


class RenamePasskeyForm(_Ours, EditWebAuthnForm):
    pass
