"""Who hands work to whom in a work history, and the steps behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from backdesk.evidence import measures, process
from backdesk.evidence.process import Selection
from backdesk.planning import policies, records
from backdesk.planning.models import WorkHistory
from backdesk.platform.actor import Actor
from backdesk.platform.disclosure import disclosed_fields

Between = Literal["resource", "team", "party"]
COUNTED: Mapping[Between, str] = {"resource": "people", "team": "teams", "party": "parties"}
"""Under which names the summary of a history counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Between whom, of the cases kept; `function`: into which function alone."""

    between: Between = "team"
    function: str = ""
    keep: Selection = field(default_factory=Selection)


def betweens(actor: Actor, history: WorkHistory) -> tuple[Between, ...]:
    """Between whom work can be seen to be handed over: who did a step is not for every colleague's eyes."""
    told = [one for one, counted in COUNTED.items() if (history.summary.get(counted) or 0) > 1]
    return tuple(one for one in told if may_see(actor, one))


def may_see(actor: Actor, between: Between) -> bool:
    return disclosed_fields(actor, policies.STEP).shows(between)


def handovers_of(actor: Actor, history: WorkHistory, asked: Asked) -> pl.DataFrame:
    """By giver and taker, those of most handovers first; see `measures.handovers`."""
    policies.require(may_see(actor, asked.between))
    return measures.handovers(_measured(history, asked), between=asked.between, only=_into(asked))


def steps_handed_over(
    actor: Actor,
    history: WorkHistory,
    asked: Asked,
    *,
    giver: str = "",
    taker: str = "",
    came_back: bool = False,
) -> pl.LazyFrame:
    """The steps that `handovers_of` counts; of one giver, taker, or those that came back alone, where that is said."""
    policies.require(may_see(actor, asked.between))
    steps = measures.handed_over(_measured(history, asked), between=asked.between).lazy()
    if (into := _into(asked)) is not None:
        steps = steps.filter(into)
    for name, value in (("giver", giver), ("taker", taker)):
        if value:
            steps = steps.filter(pl.col(name).cast(pl.String) == value)
    return steps.filter("came_back") if came_back else steps


def _measured(history: WorkHistory, asked: Asked) -> pl.DataFrame:
    return process.select(records.measured(history).collect(), keep=asked.keep)


def _into(asked: Asked) -> pl.Expr | None:
    return pl.col("function").cast(pl.String) == asked.function if asked.function else None
