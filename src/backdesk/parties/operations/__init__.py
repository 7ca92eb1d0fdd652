"""Bringing organisations and people in, and all that is done to them."""

from backdesk.parties.operations.memberships import UnknownRole, give_role
from backdesk.parties.operations.organisations import found_client, found_organisation
from backdesk.parties.operations.people import EmailTaken, PasswordTooWeak, acceptable_password, add_person
from backdesk.parties.operations.tokens import actor_for_token, create_token, revoke_token, revoke_tokens
from backdesk.parties.operations.zones import UnknownZone, known_zone

__all__ = (
    "EmailTaken",
    "PasswordTooWeak",
    "UnknownRole",
    "UnknownZone",
    "acceptable_password",
    "actor_for_token",
    "add_person",
    "create_token",
    "found_client",
    "found_organisation",
    "give_role",
    "known_zone",
    "revoke_token",
    "revoke_tokens",
)
