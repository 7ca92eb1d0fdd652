"""Reads of the parties."""

from backdesk.parties.queries.calendar import coming, strip
from backdesk.parties.queries.invitations import invitation_rows, invitations_running_out, open_invitations
from backdesk.parties.queries.people import (
    colleagues,
    former_rows,
    has_role,
    living_tokens,
    open_teams,
    organisation_of,
    people_rows,
    profile_of,
    roles_here,
    teams_open,
    teams_to_join,
)
from backdesk.parties.queries.places import Place, actor_for, actor_in, anybody_is_here, members, places_of
from backdesk.parties.queries.teams import (
    grades_of,
    matrix,
    matrix_of_team,
    members_of,
    people_to_add,
    team_rows,
)

__all__ = (
    "Place",
    "actor_for",
    "actor_in",
    "anybody_is_here",
    "colleagues",
    "coming",
    "former_rows",
    "grades_of",
    "has_role",
    "invitation_rows",
    "invitations_running_out",
    "living_tokens",
    "matrix",
    "matrix_of_team",
    "members",
    "members_of",
    "open_invitations",
    "open_teams",
    "organisation_of",
    "people_rows",
    "people_to_add",
    "places_of",
    "profile_of",
    "roles_here",
    "strip",
    "team_rows",
    "teams_open",
    "teams_to_join",
)
