"""An assessment as plain data.

The document, schema `backdesk.assessment/1` (keys are only ever added under the same number):

- `log`: what was read and what it holds: `rows_read`, `rows_accepted`, `rows_rejected`, `rejects` (the first
  20: `line`, `field`, `value`, `reason`), `mapping`, `zone`, `zone_source`, `truncated` (None unless assessed
  from a file), and the figures of `Summary`.
- `calendar`: `text`, `zone`, `assumed`, `working_share`, and `found`, the working time that the record itself shows
  (fields of `WorkingTimeFound`).
- `candidates`: the ranking, strongest first: `activity`, `function`, `verdict`, `total`, `low`, `high`,
  `estimated`, `nothing`, `reasons`, `against`, `questions`, `scores` (`criterion`, `value`, `points`, `from`,
  `evidence`: `figure`, `value`, `score`, `text`), `figures`, `cost`.
- `bundles` (fields of `Bundle` and `text`), `minutes_per_crossing`, `crossings_today_per_case`.
- `pilot` (fields of `Pilot`) or None, then `no_pilot` says why.
- `keep`: `activity` and `why`. `questions`: `criterion`, `text`, `activities`. `notes`: decisions on the way.
- `edges`: `source`, `target`, `count`: how often the one causally precedes the other.
- `cost`: `currency`, `amount`, `amount_per_month`, `hours_without_rate`, or None without rates.
- `criteria`: how each is scored, with its weight. `definitions`: every figure named above.

Times are ISO 8601 in UTC, shares are of 1, money is a string with its decimals, what is not known is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from backdesk.evidence.assessment.costs import Cost
from backdesk.evidence.assessment.criteria import CRITERIA
from backdesk.evidence.assessment.ranking import Candidate
from backdesk.evidence.assessment.records import DEFINITIONS
from backdesk.evidence.assessment.scales import SCALES
from backdesk.evidence.assessment.scoring import Score
from backdesk.evidence.measures import working_time_found

if TYPE_CHECKING:
    from backdesk.evidence.assessment.assessment import Assessment

SCHEMA = "backdesk.assessment/1"
_FIRST_REJECTS = 20


def to_dict(assessment: Assessment) -> dict[str, Any]:
    """Give an assessment as plain data: dictionaries, lists, strings, numbers, None."""
    pilot = assessment.pilot
    document = {
        "schema": SCHEMA,
        "log": _log(assessment),
        "calendar": {
            "text": str(assessment.calendar),
            "zone": assessment.calendar.zone,
            "assumed": assessment.calendar_assumed,
            "working_share": assessment.working_share,
            "found": asdict(working_time_found(assessment.working_times)),
        },
        "candidates": [_candidate(one, assessment.costs) for one in assessment.candidates],
        "bundles": [asdict(one) | {"text": one.crossings_saved_text} for one in assessment.bundles],
        "minutes_per_crossing": assessment.minutes_per_crossing,
        "crossings_today_per_case": assessment.crossings_today,
        "pilot": asdict(pilot) if pilot else None,
        "no_pilot": assessment.no_pilot,
        "keep": [{"activity": one.activity, "why": one.against} for one in assessment.of_verdict("keep")],
        "questions": [asdict(one) for one in assessment.questions],
        "notes": assessment.notes,
        "edges": assessment.edges.select("source", "target", "count").to_dicts(),
        "cost": _whole_cost(assessment.costs),
        "criteria": _criteria(assessment.weights),
        "definitions": {name: _definition(name) for name in DEFINITIONS},
    }
    plain: dict[str, Any] = _plain(document)
    return plain


def _log(assessment: Assessment) -> dict[str, Any]:
    reading = assessment.reading
    how: dict[str, Any] = dict.fromkeys(
        ("rows_read", "rows_accepted", "rows_rejected", "rejects", "mapping", "zone_source", "truncated")
    )
    if reading:
        how |= {key: getattr(reading, key) for key in how if key not in ("rejects", "mapping")}
        how["rejects"] = reading.rejects.head(_FIRST_REJECTS).to_dicts()
        how["mapping"] = reading.mapping.to_dict()
    return how | asdict(assessment.summary)


def _candidate(candidate: Candidate, costs: Mapping[str, Cost] | None) -> dict[str, Any]:
    cost = (costs or {}).get(candidate.activity)
    return {
        "activity": candidate.activity,
        "function": candidate.function,
        "verdict": candidate.verdict,
        "total": candidate.total,
        "low": candidate.low,
        "high": candidate.high,
        "estimated": candidate.record.estimated,
        "nothing": candidate.nothing,
        "reasons": candidate.reasons,
        "against": candidate.against,
        "questions": candidate.questions,
        "scores": [_score(one, candidate.contributions) for one in candidate.scores],
        "figures": candidate.record.figures,
        "cost": asdict(cost) if cost else None,
    }


def _score(score: Score, contributions: Mapping[str, float]) -> dict[str, Any]:
    return {
        "criterion": score.criterion,
        "value": score.value,
        "points": contributions.get(score.criterion),
        "from": score.from_,
        "evidence": [
            {"figure": one.figure, "value": one.value, "score": one.score, "text": one.text}
            for one in score.evidence
        ],
    }


def _whole_cost(costs: Mapping[str, Cost] | None) -> dict[str, Any] | None:
    if not costs:
        return None
    every = list(costs.values())
    return {
        "currency": every[0].currency,
        "amount": sum((one.amount for one in every), Decimal(0)),
        "amount_per_month": sum((one.amount_per_month for one in every), Decimal(0)),
        "hours_without_rate": sum((one.hours_without_rate for one in every), Decimal(0)),
    }


def _criteria(weights: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        asdict(one)
        | {
            "weight": weights[one.name],
            "scales": [asdict(scale) | {"text": scale.definition()} for scale in SCALES[one.name]],
        }
        for one in CRITERIA
    ]


def _definition(name: str) -> dict[str, Any]:
    measure = DEFINITIONS[name]
    keys = ("title", "unit", "definition", "source", "needs_starts")
    return {key: getattr(measure, key) for key in keys}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return None
    return str(value) if isinstance(value, Decimal) else value
