"""A work history beside a process, over time, and from hand to hand; and the live work read as a history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from backdesk.evidence.process import drift
from backdesk.planning import operations, policies
from backdesk.planning.api.area import planning
from backdesk.planning.api.histories import HistoryOut, shown
from backdesk.planning.queries import comparisons
from backdesk.planning.queries.handovers import Asked, Between, handovers_of
from backdesk.planning.queries.logs import history_read
from backdesk.platform.api import By, Call, Given, Id, Listing, Page, Query, Schema, Text, listed, sorts

Count = Annotated[int, Field(ge=0, le=2**31)]


class DeviationOut(Schema):
    """Of all cases that have it. Cycle times are an association, not what the deviation costs."""

    kind: str
    activity: str
    cases: int
    share: float
    times: int
    cycle_s: float | None = Field(description="Median elapsed time of the cases that have it.")
    other_cycle_s: float | None = Field(description="Of those that have it not.")


class ComparisonOut(Schema):
    process: str = Field(description="The name of the process the cases were laid beside.")
    fitness: float | None = Field(description="Of the settled cases; null where none is.")
    low: float = Field(description="Between `low` and `high` the fitness of all cases lies.")
    high: float
    precision: float | None
    cases: int
    fitting: int = Field(description="Cases that went as the process says.")
    unsettled: int
    notes: list[str]
    deviations: list[DeviationOut]


class ShiftOut(Schema):
    """What changed, before and after: a share, or the median of a duration in seconds."""

    kind: str
    activity: str | None
    next: str | None
    before: float
    after: float
    before_of: int = Field(description="Observations before.")
    after_of: int
    low: float | None = Field(description="95 % interval of the difference of shares; null for durations.")
    high: float | None
    said: str


class ChangeOut(Schema):
    at: datetime = Field(description="The beginning of the first period after it.")
    since: datetime
    until: datetime
    p_value: float
    shifts: list[ShiftOut]


class DriftOut(Schema):
    """When the work changed; where nothing changes, a change is found in 1 of 20 logs."""

    cases: int
    figures: int
    periods: int
    left_out: int = Field(description="Cases that began last, and may not be over.")
    changes: list[ChangeOut]


class HandoverOut(Schema):
    giver: str
    taker: str
    handovers: int
    cases: int
    handover_hours_median: float | None
    crossing_share: float | None
    returned: int
    returned_share: float


class HandoversAsked(Listing):
    between: Between = Field("team", description="`resource`: people, for those who may see who did what.")
    function: Text = Field("", description="Into this function of the log alone.")
    sort: str = sorts(
        "giver", "taker", "handovers", "cases", "handover_hours_median", "returned", "returned_share",
        first="-handovers",
    )  # fmt: skip
    giver: Annotated[Text | None, By("giver")] = None
    taker: Annotated[Text | None, By("taker")] = None
    handovers_at_least: Annotated[Count | None, By("handovers__gte")] = None


class LiveWorkGiven(Given):
    service_id: Id


@planning.read("/histories/{pk}/comparison", ComparisonOut, may=policies.may_read)
def get_comparison(call: Call, pk: Id) -> Any:
    """Where cases depart from the process they were compared with, those of most cases first."""
    history, found = comparisons.compared(call.actor, pk)
    assert history.process is not None
    return {**found.summary, "process": history.process.name, "deviations": found.by_kind.to_dicts()}


@planning.read("/histories/{pk}/changes", DriftOut, may=policies.may_read)
def get_changes(call: Call, pk: Id) -> Any:
    """When the work changed, and what changed in it."""
    found = comparisons.changes(history_read(call.actor, pk))
    told = {name: getattr(found, name) for name in ("cases", "figures", "periods", "left_out")}
    return {**told, "changes": [_change(one) for one in found.changes]}


@planning.read("/histories/{pk}/handovers", Page[HandoverOut], may=policies.may_read)
def list_handovers(call: Call, pk: Id, asked: Query[HandoversAsked]) -> Any:
    """Who hands work to whom, by giver and taker."""
    wanted = Asked(between=asked.between, function=asked.function)
    return listed(call, handovers_of(call.actor, history_read(call.actor, pk), wanted).lazy(), asked)


@planning.create("/live-histories", HistoryOut, status=202)
def read_live_work(call: Call, given: LiveWorkGiven) -> Any:
    """Have the live work on a service read as a history, in the background; anew, where it was read before."""
    return shown(operations.read_live_work(actor=call.actor, now=call.now, service_id=given.service_id))


def _change(change: drift.Change) -> Mapping[str, Any]:
    told = {name: getattr(change, name) for name in ("at", "since", "until", "p_value")}
    return {**told, "shifts": [_shift(one) for one in change.shifts]}


def _shift(shift: drift.Shift) -> Mapping[str, Any]:
    apart = shift.difference
    told = {name: getattr(shift, name) for name in ("before", "after", "before_of", "after_of")}
    figure = shift.figure
    return {
        **told,
        "kind": figure.kind,
        "activity": figure.activity or None,
        "next": figure.next or None,
        "low": apart and apart.low,
        "high": apart and apart.high,
        "said": str(shift),
    }
