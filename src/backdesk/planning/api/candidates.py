"""What to hand over: the ranking with its reasons, what goes together, with what to begin."""

from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.evidence.assessment import CRITERIA
from backdesk.planning import policies
from backdesk.planning.api.area import planning
from backdesk.planning.queries.activities import activity_of
from backdesk.planning.queries.candidates import Plan, Ranked, plans, ranked, ranking
from backdesk.platform.api import Call, Id, Listing, Page, Query, Schema, listed

Weight = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]
Verdict = Literal["hand over", "candidate", "ask", "keep"]


class EvidenceOut(Schema):
    figure: str
    value: float
    text: str


class ScoreOut(Schema):
    criterion: str
    value: float | None = Field(description="From 0 to 1; null where nobody has told.")
    evidence: list[EvidenceOut]


class CandidateOut(Schema):
    activity_id: int
    activity: str
    function: str | None
    verdict: Verdict
    total: float = Field(description="Points of what is known, -100 (all against) to 100 (all for).")
    low: float
    high: float
    contributions: dict[str, float]
    reasons: list[str]
    against: list[str]
    unknown: list[str]
    questions: list[str]
    scores: list[ScoreOut]


class BundleOut(Schema):
    activities: list[str]
    along: list[str]
    hours_per_month: float
    share_of_hours: float | None
    steps_per_month: float
    crossings_per_case: float
    crossings_apart_per_case: float
    gain_hours_per_month: float
    net_hours_per_month: float
    pays_up_to_minutes: float | None
    estimated: bool


class PilotOut(Schema):
    activity: str
    share: float
    hours_per_month: float
    steps_per_month: float
    estimated: bool
    reasons: list[str]
    reservations: list[str]
    runner_up: str | None
    why_not_runner_up: str | None


class PlanOut(Schema):
    """What to hand over together, and with what to begin, within one work history."""

    history_id: int
    history: str
    bundles: list[BundleOut]
    pilot: PilotOut | None
    why_no_pilot: str


class Weights(Schema):
    """How much each criterion counts, 0 to 5; those left out count as at first."""

    no_hands: Weight | None = None
    no_know_how: Weight | None = None
    no_experience: Weight | None = None
    hurts: Weight | None = None
    size: Weight | None = None
    value: Weight | None = None
    judgement: Weight | None = None
    customer_contact: Weight | None = None
    sensitivity: Weight | None = None
    variability: Weight | None = None
    coupling: Weight | None = None

    @property
    def weights(self) -> dict[str, float]:
        given = {one.name: getattr(self, one.name) for one in CRITERIA}
        return {one.name: one.weight if given[one.name] is None else given[one.name] for one in CRITERIA}


class CandidatesAsked(Listing, Weights):
    pass


@planning.read("/candidates", Page[CandidateOut], may=policies.may_read)
def list_candidates(call: Call, asked: Query[CandidatesAsked]) -> Any:
    """Everything in the inventory, what speaks most for handing it over first."""
    return listed(call, ranking(call.actor, weights=asked.weights), asked, shown=_shown)


@planning.read("/activities/{pk}/assessment", CandidateOut, may=policies.may_read)
def get_assessment(call: Call, pk: Id) -> Any:
    """What speaks for handing an activity over, and what against."""
    return _shown(ranked(call.actor, activity_of(call.actor, pk)))


@planning.read("/plans", list[PlanOut], may=policies.may_read)
def list_plans(call: Call, asked: Query[Weights]) -> Any:
    """What to hand over together, and with what to begin, for each work history."""
    return list(map(_plan, plans(ranking(call.actor, weights=asked.weights))))


def _shown(one: Ranked) -> dict[str, Any]:
    told = {name: getattr(one.candidate, name) for name in CandidateOut.model_fields if name != "activity_id"}
    return {**told, "activity_id": one.activity.pk}


def _plan(plan: Plan) -> dict[str, Any]:
    told = {"bundles": plan.bundles, "pilot": plan.pilot, "why_no_pilot": plan.why_no_pilot}
    return {**told, "history_id": plan.history.pk, "history": plan.history.name}
