from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from backdesk.parties.models import Role
from backdesk.parties.operations import create_token
from tests.cast import NOW, Cast
from tests.permissions import Route

LEAD = frozenset({Role.OPERATIONS_LEAD.value})


def a_passkey(cast: Cast) -> Mapping[str, Any]:
    """Of the lead's own."""
    person = cast.person(Role.OPERATIONS_LEAD)
    return {"pk": Authenticator.objects.create(user=person, type="webauthn", data={"name": "Laptop"}).pk}


def a_session(cast: Cast) -> Mapping[str, Any]:
    """Of the lead's, made anew for each address that ends it."""
    person = cast.person(Role.OPERATIONS_LEAD)
    return {"session_id": UserSession.objects.create(user=person, ip="192.0.2.1", session_key="lead").pk}


def a_token(cast: Cast) -> Mapping[str, Any]:
    month = NOW + timedelta(days=30)
    made = create_token(actor=cast.lead, now=NOW, name="Export", scopes=["read"], expires_at=month)
    return {"token_id": made.token.pk}


SIGNING_IN = {
    "account_inactive": Route(public=True),
    "account_login": Route(public=True),
    "account_reset_password": Route(public=True),
    "account_reset_password_done": Route(public=True),
    "account_reset_password_from_key": Route(public=True),
    "account_reset_password_from_key_done": Route(public=True),
    "login": Route(public=True),
    "logout": Route(method="post", public=True),
    "mfa_authenticate": Route(public=True),
    "mfa_login_webauthn": Route(public=True),
    "openid_connect_callback": Route(public=True),
    "openid_connect_login": Route(method="post", public=True),
    "socialaccount_login_cancelled": Route(public=True),
}
OWN_ACCOUNT = {
    "account": Route(),
    "account-email": Route(),
    "account-email-confirmation": Route(of=lambda cast: {"token": "not-signed"}, personal=True),
    "account-session-end": Route(method="post", roles=LEAD, of=a_session, personal=True),
    "account-sessions": Route(),
    "account-sessions-end-others": Route(method="post"),
    "account-token-new": Route(),
    "account-token-revocation": Route(method="post", roles=LEAD, of=a_token, personal=True),
    "account-tokens": Route(),
    "account_change_password": Route(),
    "account_reauthenticate": Route(),
    "account_set_password": Route(),
    "mfa_activate_totp": Route(),
    "mfa_add_webauthn": Route(),
    "mfa_deactivate_totp": Route(),
    "mfa_edit_webauthn": Route(roles=LEAD, of=a_passkey, personal=True),
    "mfa_generate_recovery_codes": Route(),
    "mfa_index": Route(),
    "mfa_reauthenticate": Route(),
    "mfa_reauthenticate_webauthn": Route(),
    "mfa_remove_webauthn": Route(roles=LEAD, of=a_passkey, personal=True),
    "mfa_view_recovery_codes": Route(),
}
ROUTES = {
    **SIGNING_IN,
    **OWN_ACCOUNT,
    # Choosing an organisation one does not belong to is tested with the page itself.
    "choose-organisation": Route(method="post", of=None),
}
