"""allauth and Django say by signals what somebody did to their way of signing in: each becomes one operation."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social_signals
from django.contrib.auth import signals as auth_signals
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.utils import timezone

from backdesk.parties.models import Person
from backdesk.parties.operations import lockout
from backdesk.parties.operations.credentials import Event, note
from backdesk.parties.operations.sessions import end_other_sessions
from backdesk.parties.queries import actor_for
from backdesk.parties.requests import SESSION_KEY
from backdesk.parties.sessions import mark_beginning
from backdesk.platform.actor import Actor, system
from backdesk.platform.isolation import identifying


def connect() -> None:
    for signal, receiver in (
        (auth_signals.user_logged_in, session_began),
        (account_signals.user_logged_in, signed_in),
        (auth_signals.user_logged_out, signed_out),
        (account_signals.password_changed, password_changed),
        (account_signals.password_set, password_changed),
        (account_signals.password_reset, password_changed),
        (mfa_signals.authentication_failed, code_was_wrong),
        (social_signals.social_account_added, single_sign_on_linked),
    ):
        signal.connect(receiver)
    # allauth's own signals of these come after the transaction, and an entry belongs into it.
    post_save.connect(factor_saved, sender=Authenticator)
    post_delete.connect(factor_deleted, sender=Authenticator)


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
    """Whoever was signed in with the former one is no longer."""
    lockout.forget_failures(email=user.email)
    end_other_sessions(
        actor=_actor(request, user), now=timezone.now(), person=user, session_key=request.session.session_key
    )
    _note(request, user, Event.PASSWORD_CHANGED)


def factor_saved(instance: Authenticator, created: bool, **_: Any) -> None:
    if created and instance.type == Authenticator.Type.RECOVERY_CODES:
        _note(context.request, instance.user, Event.RECOVERY_CODES_MADE)
    elif created:
        _note(context.request, instance.user, Event.FACTOR_ADDED, by=instance.type)


def factor_deleted(instance: Authenticator, **_: Any) -> None:
    """Recovery codes go only with the last factor, or when new ones are made."""
    if instance.type != Authenticator.Type.RECOVERY_CODES:
        _note(context.request, instance.user, Event.FACTOR_REMOVED, by=instance.type)


def code_was_wrong(request: HttpRequest, user: Person, **_: Any) -> None:
    get_adapter(request).note_failure(request, user.email)


def single_sign_on_linked(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    _note(request, sociallogin.user, Event.SINGLE_SIGN_ON_LINKED)


def _note(request: HttpRequest | None, person: Person, event: Event, *, by: str = "") -> None:
    note(actor=_actor(request, person), now=timezone.now(), person=person, event=event, by=by)


def _actor(request: HttpRequest | None, person: Person) -> Actor:
    """Whoever is signed in; before that the person themself; outside of a request Backdesk."""
    signed_in_as: Actor | None = getattr(request, "actor", None)
    if signed_in_as is not None:
        return signed_in_as
    with identifying():
        here = actor_for(
            person=person,
            organisation_id=request.session.get(SESSION_KEY) if request else None,
            interface="web",
        )
    return here if request else system(name="sign-in", organisation_id=here.organisation_id)


def _method(record: dict[str, Any]) -> str:
    """password, totp, webauthn, recovery_codes or socialaccount."""
    return str(record.get("type") or record["method"])
