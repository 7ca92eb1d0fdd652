"""Statistics of samples: intervals of shares, sample sizes, reproducible samples, agreement."""

from backdesk.evidence.statistics.agreement import Agreement, NotATable, cohen_kappa
from backdesk.evidence.statistics.order_statistics import bounding_ranks
from backdesk.evidence.statistics.proportions import (
    ImpossibleCount,
    Interval,
    clopper_pearson,
    difference,
    wilson,
)
from backdesk.evidence.statistics.sampling import ImpossibleSample, sample_size, sample_size_to_see, sampled

__all__ = [
    "Agreement",
    "ImpossibleCount",
    "ImpossibleSample",
    "Interval",
    "NotATable",
    "bounding_ranks",
    "clopper_pearson",
    "cohen_kappa",
    "difference",
    "sample_size",
    "sample_size_to_see",
    "sampled",
    "wilson",
]
