"""Bringing organisations and people in, and all that is done to them."""

from backdesk.parties.operations.memberships import UnknownRole, give_role
from backdesk.parties.operations.organisations import found_client, found_organisation
from backdesk.parties.operations.people import EmailTaken, PasswordTooWeak, acceptable_password, add_person
from backdesk.parties.operations.zones import UnknownZone, known_zone

__all__ = (
    "EmailTaken",
    "PasswordTooWeak",
    "UnknownRole",
    "UnknownZone",
    "acceptable_password",
    "add_person",
    "found_client",
    "found_organisation",
    "give_role",
    "known_zone",
)
