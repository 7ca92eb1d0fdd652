"""allauth and Django say by signals what somebody did to their way of signing in: each becomes one operation."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social_signals
from django.contrib.auth import signals as auth_signals
from django.http import HttpRequest
from django.utils import timezone

from backdesk.parties.models import Person
from backdesk.parties.operations import lockout
from backdesk.parties.operations.credentials import Event, note
from backdesk.parties.queries import actor_for
from backdesk.parties.requests import SESSION_KEY
from backdesk.parties.sessions import mark_beginning


def connect() -> None:
    for signal, receiver in (
        (auth_signals.user_logged_in, session_began),
        (account_signals.user_logged_in, signed_in),
        (auth_signals.user_logged_out, signed_out),
        (account_signals.password_changed, password_changed),
        (account_signals.password_set, password_changed),
        (account_signals.password_reset, password_reset),
        (mfa_signals.authenticator_added, factor_added),
        (mfa_signals.authenticator_removed, factor_removed),
        (mfa_signals.authenticator_reset, factor_added),
        (mfa_signals.authentication_failed, code_was_wrong),
        (social_signals.social_account_added, single_sign_on_linked),
    ):
        signal.connect(receiver)


def session_began(request: HttpRequest, user: Person, **_: Any) -> None:
    mark_beginning(request, now=timezone.now())


def signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    lockout.forget_failures(email=user.email)
    methods = [_method(record) for record in get_authentication_records(request, user)]
    _note(request, user, Event.SIGNED_IN, by=" and ".join(dict.fromkeys(methods)))


def signed_out(request: HttpRequest, user: Person | None, **_: Any) -> None:
    if user is not None:
        _note(request, user, Event.SIGNED_OUT)


def password_changed(request: HttpRequest, user: Person, **_: Any) -> None:
    _note(request, user, Event.PASSWORD_CHANGED)


def password_reset(request: HttpRequest, user: Person, **_: Any) -> None:
    lockout.forget_failures(email=user.email)
    _note(request, user, Event.PASSWORD_RESET)


def factor_added(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _note(request, user, Event.RECOVERY_CODES_MADE)
    else:
        _note(request, user, Event.FACTOR_ADDED, by=authenticator.type)


def factor_removed(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    _note(request, user, Event.FACTOR_REMOVED, by=authenticator.type)


def code_was_wrong(request: HttpRequest, user: Person, **_: Any) -> None:
    get_adapter(request).note_failure(request, user.email)


def single_sign_on_linked(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    _note(request, sociallogin.user, Event.SINGLE_SIGN_ON_LINKED)


def _note(request: HttpRequest, person: Person, event: Event, *, by: str = "") -> None:
    actor = actor_for(person=person, organisation_id=request.session.get(SESSION_KEY), interface="web")
    note(actor=actor, now=timezone.now(), person=person, event=event, by=by)


def _method(record: dict[str, Any]) -> str:
    """password, totp, webauthn, recovery_codes or socialaccount."""
    return str(record.get("type") or record["method"])
