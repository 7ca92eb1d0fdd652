"""The API of parties."""

from backdesk.parties.api.area import parties

from backdesk.parties.api import absences, invitations, me, organisation, people, skills, teams  # isort: skip

__all__ = ["absences", "invitations", "me", "organisation", "parties", "people", "skills", "teams"]
