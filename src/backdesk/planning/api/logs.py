"""Into a work history: its steps, its cases, the rows that were rejected, the map of how its work flows."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.evidence.process import Statistic
from backdesk.evidence.process.bpmn import write_bpmn
from backdesk.planning import policies
from backdesk.planning.api.area import planning
from backdesk.planning.queries import maps
from backdesk.planning.queries.logs import case_of, cases_of, history_read, rejects_of, steps_of
from backdesk.platform.api import By, Call, Id, Listing, Page, Query, Schema, Text, listed, sorts


class StepOut(Schema):
    case: str
    activity: str
    follows: str | None = Field(
        description="The activity it comes after; null where the case begins with it."
    )
    resource: str | None = Field(None, description="Who did it; null where unknown, or not for this role.")
    team: str | None
    function: str | None
    enabled_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    start_estimated: bool
    waiting_working_s: float | None
    touch_working_s: float | None
    waiting_s: float | None
    touch_s: float | None
    is_rework: bool | None
    is_handoff: bool | None
    line: int | None


class CaseOut(Schema):
    case: str
    arrived_at: datetime
    completed_at: datetime
    steps: int
    cycle_hours: float | None
    cycle_working_hours: float | None
    touch_hours: float | None
    flow_efficiency: float | None
    handoffs: int | None
    rework_steps: int | None
    variant: str | None


class RejectOut(Schema):
    line: int | None
    field: str | None
    value: str | None
    reason: str


Seconds = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class StepsAsked(Listing):
    sort: str = sorts(
        "case", "activity", "started_at", "ended_at", "waiting_working_s", "touch_working_s", "line",
        first="-ended_at",
    )  # fmt: skip
    case: Annotated[Text | None, By("case")] = None
    activity: Annotated[Text | None, By("activity")] = None
    follows: Annotated[Text | None, By("follows")] = None
    team: Annotated[Text | None, By("team")] = None
    is_rework: Annotated[bool | None, By("is_rework")] = None
    is_handoff: Annotated[bool | None, By("is_handoff")] = None
    waiting_at_least_s: Annotated[Seconds | None, By("waiting_working_s__gte")] = None
    touch_at_least_s: Annotated[Seconds | None, By("touch_working_s__gte")] = None


class CasesAsked(Listing):
    sort: str = sorts("case", "arrived_at", "completed_at", "steps", "cycle_hours", first="-arrived_at")
    case: Annotated[Text | None, By("case__icontains")] = None
    variant: Annotated[Text | None, By("variant")] = None
    steps_at_least: Annotated[int | None, Field(ge=0, le=2**31), By("steps__gte")] = None


class RejectsAsked(Listing):
    sort: str = sorts("line", "field", first="line")
    field: Annotated[Text | None, By("field")] = None


class NodeOut(Schema):
    activity: str
    steps: int
    cases: int
    position: float
    function: str | None
    touch_seconds: float | None
    touch_estimated: bool
    last_steps: int


class EdgeOut(Schema):
    """A path from one activity to the next; `source` is null where cases begin, `target` where they end."""

    source: str | None
    target: str | None
    count: int
    cases: int
    waiting_seconds: float | None


class MapOut(Schema):
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    starts: list[EdgeOut]
    ends: list[EdgeOut]
    main_path: list[str]
    cases: int
    activities_left_out: int
    paths_left_out: int
    shown_share: float


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class ModelOut(Schema):
    """A sound model of the work: as a process tree, and as BPMN 2.0."""

    tree: str
    bpmn: str
    cases: int
    cases_fitting: int = Field(description="Cases that went just as the model says.")
    variants: int
    left_out: list[str] = Field(description="Activities that are not in it, being taken for noise.")


class ModelAsked(Schema):
    noise: Share = Field(
        0.2, description="Ways on rarer than this part of the most frequent are left aside; 0 keeps all."
    )
    function: Text = Field("", description="The activities of this function of the log alone.")


class MapAsked(Schema):
    activities_share: Share = Field(
        1.0, description="Share of the activities shown, the most frequent first."
    )
    paths_share: Share = Field(0.2, description="Share of the paths shown, the most frequent first.")
    function: Text = Field("", description="The activities of this function of the log alone.")
    statistic: Statistic = Field("median", description="Of the waits along a path.")
    clock: Literal["working", "elapsed"] = Field("working", description="In which waits are counted.")


@planning.read("/histories/{pk}/steps", Page[StepOut], may=policies.may_read)
def list_steps(call: Call, pk: Id, asked: Query[StepsAsked]) -> Any:
    """The steps of a work history, with what was measured of each."""
    return listed(call, steps_of(call.actor, pk), asked)


@planning.read("/histories/{pk}/cases", Page[CaseOut], may=policies.may_read)
def list_cases(call: Call, pk: Id, asked: Query[CasesAsked]) -> Any:
    """The cases of a work history."""
    return listed(call, cases_of(call.actor, pk), asked)


@planning.read("/histories/{pk}/case", CaseOut, may=policies.may_read)
def get_case(call: Call, pk: Id, case: Text) -> Any:
    """One case by its name; its steps are under steps, by the same name."""
    return case_of(call.actor, pk, case)


@planning.read("/histories/{pk}/rejects", Page[RejectOut], may=policies.may_read)
def list_rejects(call: Call, pk: Id, asked: Query[RejectsAsked]) -> Any:
    """The rows of the file that could not be used, each with its reason."""
    return listed(call, rejects_of(call.actor, pk), asked)


@planning.read("/histories/{pk}/map", MapOut, may=policies.may_read)
def get_map(call: Call, pk: Id, asked: Query[MapAsked]) -> Any:
    """How work flows: the activities and the paths between them."""
    shown = maps.Asked(
        activities_share=asked.activities_share,
        paths_share=asked.paths_share,
        function=asked.function,
        statistic=asked.statistic,
        clock=asked.clock,
    )
    return maps.process_map_of(history_read(call.actor, pk), shown)


@planning.read("/histories/{pk}/model", ModelOut, may=policies.may_read)
def get_model(call: Call, pk: Id, asked: Query[ModelAsked]) -> Any:
    """A block-structured model of the work, found by the inductive miner."""
    shown = maps.ModelAsked(noise=asked.noise, function=asked.function)
    found = maps.model_of(history_read(call.actor, pk), shown)
    told = {name: getattr(found, name) for name in ("cases", "cases_fitting", "variants", "left_out")}
    return {**told, "tree": str(found.tree), "bpmn": write_bpmn(found.model).decode()}
