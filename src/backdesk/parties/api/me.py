"""Who a token acts for."""

from typing import Any

from pydantic import Field

from backdesk.parties.api.area import parties
from backdesk.parties.queries.people import organisation_of
from backdesk.platform.api import Call, Named, Schema


class MeOut(Schema):
    person: Named
    organisation: Named
    roles: list[str] = Field(description="What the person is there now.")
    token_id: int
    scopes: list[str]


@parties.read("/me", MeOut, scoped=False)
def get_me(call: Call) -> Any:
    """The token itself: for whom it acts, where, as what, and how much it may do. Any token may ask."""
    return {
        "person": {"id": call.actor.person_id, "name": call.actor.name},
        "organisation": organisation_of(call.actor),
        "roles": sorted(call.actor.roles),
        "token_id": call.token.token_id,
        "scopes": sorted(call.token.scopes),
    }
