"""What an hour of whose work costs."""

from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.evidence import assessment
from backdesk.planning import operations, policies
from backdesk.planning.api.area import planning
from backdesk.planning.queries.rates import rates_of, repricing_of
from backdesk.platform.actor import Actor
from backdesk.platform.api import Amount, Call, Given, Name, RateIn, Schema
from backdesk.platform.api.jobs import JobOut

Kind = Literal["resource", "team", "activity", "market", "default"]


class RateOut(Schema):
    kind: Kind
    name: str
    rate: Amount
    currency: str


class RateGiven(Given):
    """`name` is of the person, team or activity; nothing for `default`, and for a `market` rate of all."""

    kind: Kind
    name: Annotated[Name, Field(max_length=300)] | Literal[""] = ""
    rate: RateIn
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


class RatesGiven(Given):
    rates: Annotated[list[RateGiven], Field(max_length=10_000)]

    @property
    def entries(self) -> tuple[assessment.Rate, ...]:
        return tuple(assessment.Rate(**one.model_dump()) for one in self.rates)


class RatesOut(Schema):
    rates: list[RateOut]
    repricing: JobOut | None = Field(
        description="Reckons costs with them: until it is done, they are those by the rates before. Null: it is done."
    )


@planning.read("/rates", RatesOut, may=policies.may_see_people_and_cost)
def get_rates(call: Call) -> Any:
    """All rates of the company."""
    return _told(call.actor)


@planning.change("/rates", RatesOut)
def set_rates(call: Call, given: RatesGiven) -> Any:
    """Replace all rates, and have the cost of every measured activity reckoned anew in the background."""
    operations.set_rates(actor=call.actor, now=call.now, rates=assessment.Rates(entries=given.entries))
    return _told(call.actor)


def _told(actor: Actor) -> dict[str, Any]:
    return {"rates": list(rates_of(actor).entries), "repricing": repricing_of(actor)}
