from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession

from backdesk.parties.models import Role
from backdesk.parties.operations import create_token
from backdesk.parties.operations.addresses import confirmation_for
from backdesk.platform.isolation.sessions import SessionStore
from tests.cast import NOW, Cast
from tests.parties import company
from tests.parties.passkeys import add_passkey
from tests.permissions import Route

LEAD = frozenset({Role.OPERATIONS_LEAD.value})


def a_passkey(cast: Cast) -> Mapping[str, Any]:
    """Of the lead's own."""
    return {"pk": add_passkey(cast.person(Role.OPERATIONS_LEAD)).pk}


def an_app(cast: Cast) -> Mapping[str, Any]:
    """Of the lead's own; no address names it."""
    TOTP.activate(cast.person(Role.OPERATIONS_LEAD), "JBSWY3DPEHPK3PXP")
    return {}


def some_codes(cast: Cast) -> Mapping[str, Any]:
    RecoveryCodes.activate(cast.person(Role.OPERATIONS_LEAD))
    return {}


def a_link_of_the_lead(cast: Cast) -> Mapping[str, Any]:
    """To confirm a new address with."""
    person = cast.person(Role.OPERATIONS_LEAD)
    return {"token": confirmation_for(person=person, email="new@example.org")}


def a_session(cast: Cast) -> Mapping[str, Any]:
    """Of the lead's, on another device."""
    opened = SessionStore()
    opened.create()
    person = cast.person(Role.OPERATIONS_LEAD)
    return {
        "session_id": UserSession.objects.create(
            user=person, ip="192.0.2.1", session_key=opened.session_key
        ).pk
    }


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
    "account-email-confirmation": Route(roles=LEAD, of=a_link_of_the_lead, personal=True),
    "account-session-end": Route(method="post", roles=LEAD, of=a_session, personal=True),
    "account-sessions": Route(),
    "account-sessions-end-others": Route(method="post"),
    "account-token-new": Route(),
    "account-token-revocation": Route(method="post", roles=LEAD, of=a_token, personal=True),
    "account-tokens": Route(),
    "account_change_password": Route(),
    "account_set_password": Route(),
    "mfa_activate_totp": Route(),
    "mfa_add_webauthn": Route(),
    "mfa_deactivate_totp": Route(roles=LEAD, of=an_app, personal=True),
    "mfa_edit_webauthn": Route(roles=LEAD, of=a_passkey, personal=True),
    "mfa_generate_recovery_codes": Route(),
    "mfa_index": Route(),
    "mfa_remove_webauthn": Route(roles=LEAD, of=a_passkey, personal=True),
    "mfa_view_recovery_codes": Route(roles=LEAD, of=some_codes, personal=True),
}
#: Who has nothing to show once more who they are with is forbidden; the lead of the matrix has a passkey.
AGAIN = {
    "account_reauthenticate": Route(roles=LEAD),
    "mfa_reauthenticate": Route(roles=LEAD),
    "mfa_reauthenticate_webauthn": Route(roles=LEAD),
}
ROUTES = {
    **AGAIN,
    **SIGNING_IN,
    **OWN_ACCOUNT,
    **company.ROUTES,
    # Choosing an organisation one does not belong to is tested with the page itself.
    "choose-organisation": Route(method="post", of=None),
}
