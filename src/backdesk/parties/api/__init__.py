"""The API of parties."""

from backdesk.parties.api.area import parties

from backdesk.parties.api import absences, engagements, invitations, me, organisation, people, skills, teams  # isort: skip

__all__ = [
    "absences",
    "engagements",
    "invitations",
    "me",
    "organisation",
    "parties",
    "people",
    "skills",
    "teams",
]
