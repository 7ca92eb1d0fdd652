"""What Backdesk decides where allauth asks: who may sign in, how it is said, what is mailed, how secrets lie."""

from __future__ import annotations

import base64
import logging
import time
from functools import partial
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.parties.models import Person
from backdesk.parties.operations import lockout

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("This e-mail address and password do not belong together."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "incorrect_code": gettext_lazy("This code is not right, or it was used already."),
        "rate_limited": gettext_lazy("That was too often. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation, or found an organisation on the command line."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            lockout.refuse_if_locked(now=timezone.now(), **self.tried(request, credentials["email"]))
        except lockout.LockedOut as refused:
            raise ValidationError(str(refused), code="locked_out") from refused

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self.note_failure(request, credentials["email"])

    def note_failure(self, request: HttpRequest, email: str) -> None:
        lockout.count_failure(now=timezone.now(), **self.tried(request, email))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """After the commit: no transaction waits for a mail server, and none is undone by its failing."""
        request = allauth_context.request
        known = {"request": request, "email": email, "current_site": get_current_site(request)}
        letter = self.render_mail(template_prefix, email, {**known, **context})
        transaction.on_commit(partial(_send, letter))

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        with translation.override(user.language):
            super().send_password_reset_mail(user, email, context)

    def tried(self, request: HttpRequest, email: str) -> dict[str, str]:
        return {"email": email, "address": self.get_client_ip(request)}

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where fewer proxies told an address than there should be, that of whoever connects: nobody is kept out by a
        setting, and an address that was made up counts for nothing."""
        try:
            return str(super().get_client_ip(request))
        except (ImproperlyConfigured, PermissionDenied):
            log.warning(
                "A request came through fewer proxies than BACKDESK_TRUSTED_PROXIES says (%s).",
                settings.ALLAUTH_TRUSTED_PROXY_COUNT,
            )
            return str(request.META.get("REMOTE_ADDR", ""))

    def reauthenticate(self, user: Person, password: str) -> bool:
        is_theirs = bool(super().reauthenticate(user, password))
        if is_theirs:
            lockout.forget_failures(email=user.email)
        return is_theirs

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just signed in need not do so again at once."""
        records = get_authentication_records(allauth_context.request, allauth_context.request.user)
        last = max((record["at"] for record in records), default=0.0)
        if time.time() - last < account_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use your authenticator app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use your passkey"),
        }
        return [
            {**way, "description": words[way["id"]]} for way in super().get_reauthentication_methods(user)
        ]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        """What an authenticator app shares with us would let a reader of the database make codes."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """For the page itself: the content security policy knows no `data:` pictures."""
        import qrcode
        from qrcode.image.svg import SvgPathImage

        drawn = qrcode.make(url, image_factory=SvgPathImage, border=2)
        return str(drawn.to_string(encoding="unicode"))

    def generate_authenticator_name(self, user: Person, type: Any) -> str:  # noqa: A002  (allauth's word)
        return _("Passkey")


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """By the company's own provider comes only who is known here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Somebody's first time: the provider vouches for an address, and the address is a person's.

        Of all the provider tells, its number for the person is kept and nothing else.
        """
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
            return
        person = _person_of(sociallogin)
        if person is None:
            messages.error(
                request, _("Nobody has been invited with this address. Ask who invites people here.")
            )
            raise ImmediateHttpResponse(redirect("login"))
        sociallogin.connect(request, person)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("mfa_index")


def _send(letter: EmailMessage) -> None:
    """Whoever waits for it asks again; what is logged names nobody."""
    try:
        letter.send()
    except OSError as error:
        log.error("The mail server did not take a letter about signing in: %s", type(error).__name__)


def _person_of(sociallogin: SocialLogin) -> Person | None:
    verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
    return Person.objects.filter(email__in=verified[:1], is_active=True).first()


def _cipher() -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"backdesk second factors")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
