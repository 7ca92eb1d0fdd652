"""Engagements: with whom the company works."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.parties import operations, policies
from backdesk.parties.api.area import parties
from backdesk.parties.models import Engagement
from backdesk.parties.queries.engagements import EngagementRow, engagement_row, engagement_rows
from backdesk.platform.api import Call, Given, Id, Listing, Moment, Name, Page, Query, Schema, Text, listed


class EngagementOut(Schema):
    id: int
    name: str
    client_id: int
    client: str
    provider_id: int | None
    provider: str
    proposed_to: str
    state: Literal["proposed", "expired", "to come", "running", "ended"]
    proposed_at: datetime
    accepted_at: datetime | None
    begins_at: datetime
    ends_at: datetime | None


class ProposalGiven(Given):
    name: Annotated[Name, Field(max_length=200)]
    email: Annotated[
        Text, Field(min_length=3, max_length=254, description="Who leads delivery at the provider.")
    ]
    begins_at: Moment | None = Field(None, description="Null: as soon as it is accepted.")


class EndingGiven(Given):
    ends_at: Moment = Field(description="The moment from which no item comes in any more.")


@parties.read("/engagements", Page[EngagementOut], may=policies.may_see_engagements)
def list_engagements(call: Call, asked: Query[Listing]) -> Any:
    """Engagements, running ones first."""
    return listed(call, engagement_rows(actor=call.actor, now=call.now), asked, shown=_shown)


@parties.read("/engagements/{pk}", EngagementOut, may=policies.may_see_engagements)
def get_engagement(call: Call, pk: Id) -> Any:
    """One engagement."""
    return _one(call, pk)


@parties.create("/engagements", EngagementOut)
def propose_engagement(call: Call, given: ProposalGiven) -> Any:
    """Propose to hand work to a provider; the mail leaves in the background."""
    made = operations.propose_engagement(actor=call.actor, now=call.now, **given.model_dump())
    return _one(call, made.pk)


@parties.create("/engagements/{pk}/mails", EngagementOut, status=202)
def resend_proposal(call: Call, pk: Id) -> Any:
    """Send a proposal again, valid for two weeks from now; the link of the mail before works no more."""
    operations.resend_proposal(actor=call.actor, now=call.now, engagement=Engagement(pk=pk))
    return _one(call, pk)


@parties.remove("/engagements/{pk}")
def withdraw_proposal(call: Call, pk: Id) -> None:
    """Withdraw a proposal that nobody has accepted."""
    operations.withdraw_proposal(actor=call.actor, now=call.now, engagement=Engagement(pk=pk))


@parties.create("/engagements/{pk}/ending", EngagementOut, status=200)
def end_engagement(call: Call, pk: Id, given: EndingGiven) -> Any:
    """Say when it ends; what is open then is worked to its end."""
    operations.end_engagement(
        actor=call.actor, now=call.now, engagement=Engagement(pk=pk), ends_at=given.ends_at
    )
    return _one(call, pk)


def _one(call: Call, pk: int) -> dict[str, Any]:
    return _shown(engagement_row(actor=call.actor, now=call.now, pk=pk))


def _shown(row: EngagementRow) -> dict[str, Any]:
    names = (
        "name",
        "client_id",
        "provider_id",
        "proposed_to",
        "proposed_at",
        "accepted_at",
        "begins_at",
        "ends_at",
    )
    told = {name: getattr(row.engagement, name) for name in names}
    return {
        **told,
        "id": row.engagement.pk,
        "client": row.client,
        "provider": row.provider,
        "state": row.state,
    }
