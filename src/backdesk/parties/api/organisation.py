"""The organisation the token acts in."""

from typing import Annotated, Any

from pydantic import Field

from backdesk.parties import operations
from backdesk.parties.api.area import WorkingHours, parties
from backdesk.parties.queries.people import organisation_of
from backdesk.platform.api import Call, Given, Name, Schema, YesNo


class OrganisationOut(Schema):
    id: int
    name: str
    zone: str
    working_hours: str
    is_client: bool
    is_provider: bool
    second_factor_required: bool


class OrganisationGiven(Given):
    name: Annotated[Name, Field(max_length=200)]
    zone: Annotated[Name, Field(max_length=64, description="IANA name, such as Europe/Copenhagen.")]
    is_client: YesNo
    is_provider: YesNo
    second_factor_required: Annotated[
        YesNo | None,
        Field(description="Whether everybody needs one to sign in; stays as it is where not given."),
    ] = None
    working_hours: WorkingHours = None


@parties.read("/organisation", OrganisationOut)
def get_organisation(call: Call) -> Any:
    """The organisation."""
    return organisation_of(call.actor)


@parties.change("/organisation", OrganisationOut)
def change_organisation(call: Call, given: OrganisationGiven) -> Any:
    """Name it, its time zone, hours and side; say whether everybody there needs a second factor."""
    return operations.change_organisation(actor=call.actor, now=call.now, **given.model_dump())
