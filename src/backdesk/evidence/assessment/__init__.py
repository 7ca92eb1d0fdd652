"""Which work to hand over, in which bundles, starting with what: each finding with its evidence."""

from backdesk.evidence.assessment.assessment import Assessment, Question, assess
from backdesk.evidence.assessment.bundling import Bundle, bundles
from backdesk.evidence.assessment.costs import Cost, costs
from backdesk.evidence.assessment.criteria import CRITERIA, CRITERION, Criterion
from backdesk.evidence.assessment.piloting import Pilot, pilot, why_no_pilot
from backdesk.evidence.assessment.preparing import MOSTLY
from backdesk.evidence.assessment.ranking import (
    HAND_OVER_FROM,
    HOLDS_FROM,
    LEAST_HOURS,
    NO_REASON,
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
from backdesk.evidence.assessment.records import DEFINITIONS, FIGURES, Study, study
from backdesk.evidence.assessment.scales import SCALES, Scale
from backdesk.evidence.assessment.scoring import ASKED, ActivityRecord, Answers, Evidence, Score, score

__all__ = [
    "ASKED",
    "CRITERIA",
    "CRITERION",
    "DEFINITIONS",
    "FIGURES",
    "HAND_OVER_FROM",
    "HOLDS_FROM",
    "LEAST_HOURS",
    "MOSTLY",
    "NO_REASON",
    "SCALES",
    "ActivityRecord",
    "Answers",
    "Assessment",
    "Bundle",
    "Candidate",
    "Cost",
    "Criterion",
    "Evidence",
    "MixedCurrencies",
    "Pilot",
    "Question",
    "Rate",
    "RateInvalid",
    "Rates",
    "RatesError",
    "RatesUnreadable",
    "Scale",
    "Score",
    "Study",
    "WeightsInvalid",
    "assess",
    "bundles",
    "costs",
    "pilot",
    "rank",
    "read_rates",
    "score",
    "study",
    "why_no_pilot",
]
