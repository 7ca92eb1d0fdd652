"""Organisations, the people in them, and what each person is there."""

from backdesk.parties.models.absences import Absence, AbsenceQuerySet
from backdesk.parties.models.attempts import FailedAttempts
from backdesk.parties.models.cache import CacheEntry
from backdesk.parties.models.engagements import Engagement, Participant
from backdesk.parties.models.invitations import VALID_FOR, Invitation, InvitationQuerySet
from backdesk.parties.models.memberships import (
    CLIENT_ROLES,
    PROVIDER_ROLES,
    Membership,
    MembershipQuerySet,
    Role,
    roles_at,
)
from backdesk.parties.models.organisations import Organisation, OrganisationQuerySet
from backdesk.parties.models.people import Person, PersonManager
from backdesk.parties.models.skills import Level, PersonSkill, Skill
from backdesk.parties.models.teams import Team, TeamMembership, TeamMembershipQuerySet, TeamQuerySet
from backdesk.parties.models.tokens import Token

__all__ = (
    "CLIENT_ROLES",
    "PROVIDER_ROLES",
    "VALID_FOR",
    "Absence",
    "AbsenceQuerySet",
    "CacheEntry",
    "Engagement",
    "FailedAttempts",
    "Invitation",
    "InvitationQuerySet",
    "Level",
    "Membership",
    "MembershipQuerySet",
    "Organisation",
    "OrganisationQuerySet",
    "Participant",
    "Person",
    "PersonManager",
    "PersonSkill",
    "Role",
    "Skill",
    "Team",
    "TeamMembership",
    "TeamMembershipQuerySet",
    "TeamQuerySet",
    "Token",
    "roles_at",
)
