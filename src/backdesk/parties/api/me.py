"""Who a token acts for."""

from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.parties import operations
from backdesk.parties.api.area import WorkingHours, parties
from backdesk.parties.queries.people import OwnProfile, own_profile
from backdesk.platform.api import Call, Given, Name, Named, Schema


class MeGiven(Given):
    name: Annotated[Name, Field(max_length=200)]
    language: Literal["en", "de"]
    zone: Annotated[Name, Field(max_length=64, description="IANA name, such as Europe/Copenhagen.")]
    working_hours: WorkingHours = None


class MeOut(Schema):
    person: Named
    language: str
    zone: str
    working_hours: str
    organisation: Named
    roles: list[str] = Field(description="What the person is there now.")
    token_id: int
    scopes: list[str]


@parties.read("/me", MeOut, scoped=False)
def get_me(call: Call) -> Any:
    """The token itself: for whom it acts, where, as what, and how much it may do. Any token may ask."""
    return _me(call, own_profile(call.actor))


@parties.change("/me", MeOut)
def change_profile(call: Call, given: MeGiven) -> Any:
    """Say anew how the person is called, and in which language and zone they read; when they work."""
    own = own_profile(call.actor)
    operations.change_profile(actor=call.actor, now=call.now, person=own.person, **given.model_dump())
    return _me(call, own)


def _me(call: Call, own: OwnProfile) -> dict[str, Any]:
    return {
        "person": own.person,
        "language": own.person.language,
        "zone": own.person.zone,
        "working_hours": own.person.working_hours,
        "organisation": own.organisation,
        "roles": sorted(call.actor.roles),
        "token_id": call.token.token_id,
        "scopes": sorted(call.token.scopes),
    }
