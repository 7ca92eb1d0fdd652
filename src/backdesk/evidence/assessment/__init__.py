"""Which work to hand over, in which bundles, starting with what: each finding with its evidence."""

from backdesk.evidence.assessment.criteria import CRITERIA, CRITERION, SCALES, Criterion, Scale
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
    "Candidate",
    "Criterion",
    "Evidence",
    "MixedCurrencies",
    "Rate",
    "RateInvalid",
    "Rates",
    "RatesError",
    "RatesUnreadable",
    "Scale",
    "Score",
    "WeightsInvalid",
    "rank",
    "read_rates",
    "score",
]
