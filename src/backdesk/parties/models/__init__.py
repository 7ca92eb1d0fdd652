"""Organisations, the people in them, and what each person is there."""

from backdesk.parties.models.memberships import Membership, MembershipQuerySet, Role
from backdesk.parties.models.organisations import Organisation, OrganisationQuerySet
from backdesk.parties.models.people import Person, PersonManager
from backdesk.parties.models.tokens import Token

__all__ = (
    "Membership",
    "MembershipQuerySet",
    "Organisation",
    "OrganisationQuerySet",
    "Person",
    "PersonManager",
    "Role",
    "Token",
)
