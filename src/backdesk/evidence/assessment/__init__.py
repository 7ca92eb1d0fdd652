"""Which work to hand over, in which bundles, starting with what: each finding with its evidence."""

from backdesk.evidence.assessment.bundling import Bundle, bundles
from backdesk.evidence.assessment.criteria import CRITERIA, CRITERION, SCALES, Criterion, Scale
from backdesk.evidence.assessment.piloting import Pilot, pilot, why_no_pilot
from backdesk.evidence.assessment.ranking import (
    HAND_OVER_FROM,
    HOLDS_FROM,
    Candidate,
    WeightsInvalid,
    rank,
)
from backdesk.evidence.assessment.rates import (
    MixedCurrencies,
    Rate,
    RateInvalid,
    Rates,
    RatesError,
    RatesUnreadable,
    read_rates,
)
from backdesk.evidence.assessment.scoring import ActivityRecord, Answers, Evidence, Score, score

__all__ = [
    "CRITERIA",
    "CRITERION",
    "HAND_OVER_FROM",
    "HOLDS_FROM",
    "SCALES",
    "ActivityRecord",
    "Answers",
    "Bundle",
    "Candidate",
    "Criterion",
    "Evidence",
    "MixedCurrencies",
    "Pilot",
    "Rate",
    "RateInvalid",
    "Rates",
    "RatesError",
    "RatesUnreadable",
    "Scale",
    "Score",
    "WeightsInvalid",
    "bundles",
    "pilot",
    "rank",
    "read_rates",
    "score",
    "why_no_pilot",
]
