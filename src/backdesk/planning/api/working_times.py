"""When the people of a work history work, as its record shows, and reckoning with it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.planning import operations, policies
from backdesk.planning.api.area import planning
from backdesk.planning.api.histories import HistoryOut, shown
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries.logs import history_read
from backdesk.planning.queries.working_times import working_time_of, working_times_of
from backdesk.platform.api import By, Call, Id, Listing, Page, Query, Schema, Text, listed, sorts


class WorkingTimeOut(Schema):
    """The working time found of the whole."""

    reckoned_with: str = Field(description="The working time that waiting and work are reckoned with.")
    calendar: str | None = Field(
        description="The one found; null where `problem` says why it cannot be told."
    )
    support: float | None
    confidence: float | None
    problem: str | None
    proposed: str | None = Field(
        description="What to reckon with instead, the holidays said before kept; null where there is nothing to change."
    )


class WorksOut(Schema):
    level: Literal["team", "person"]
    name: str
    people: int
    days: int
    times: int
    calendar: str
    calendar_hours: float
    calendar_confidence: float
    calendar_support: float
    outside_share: float
    departs: bool = Field(description="Seen on 20 days or more, a fifth or more outside the common hours.")


class WorksAsked(Listing):
    sort: str = sorts("name", "days", "calendar_hours", "outside_share", first="-outside_share")
    level: Annotated[Literal["team", "person"] | None, By("level")] = None
    name: Annotated[Text | None, By("name")] = None
    departs: Annotated[bool | None, By("departs")] = None


@planning.read("/histories/{pk}/working-time", WorkingTimeOut, may=policies.may_read)
def get_working_time(call: Call, pk: Id) -> Any:
    """The working time found in a work history, beside the one it is reckoned with."""
    history = history_read(call.actor, pk)
    told = working_time_of(history)
    found = {name: getattr(told.found, name) for name in ("calendar", "support", "confidence", "problem")}
    return {**found, "reckoned_with": history.reckoned_with, "proposed": told.proposed}


@planning.read("/histories/{pk}/working-times", Page[WorksOut], may=policies.may_read)
def list_working_times(call: Call, pk: Id, asked: Query[WorksAsked]) -> Any:
    """When its teams work, and its people for those who may see who did what."""
    return listed(call, working_times_of(call.actor, history_read(call.actor, pk)).lazy(), asked)


@planning.create("/histories/{pk}/reckonings", HistoryOut, status=202)
def reckon_with_found(call: Call, pk: Id) -> Any:
    """Reckon with the working time found: the history is read anew with it, in the background."""
    return shown(operations.reckon_with_found(actor=call.actor, now=call.now, history=WorkHistory(pk=pk)))
