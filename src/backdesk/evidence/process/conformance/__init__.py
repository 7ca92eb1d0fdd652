"""Whether cases went as the process says, where they did not, and how well the process describes them.

>>> from backdesk.evidence.process.conformance._example import two_invoices
>>> steps, model = two_invoices()
>>> found = conform(steps, model=model)
>>> found.by_kind.select("kind", "activity", "cases", "share").rows()
[('early', 'Check the invoice', 1, 0.5)]
"""

from backdesk.evidence.process.conformance.aligning import Aligner, Alignment, Pair, task_name
from backdesk.evidence.process.conformance.conforming import Conformance, NothingToCompare, conform
from backdesk.evidence.process.conformance.deviating import (
    SENTENCES,
    Deviation,
    DeviationKind,
    deviations,
)
from backdesk.evidence.process.conformance.net import NeverEnds
from backdesk.evidence.process.conformance.quality import Quality, precision, quality

__all__ = [
    "SENTENCES",
    "Aligner",
    "Alignment",
    "Conformance",
    "Deviation",
    "DeviationKind",
    "NeverEnds",
    "NothingToCompare",
    "Pair",
    "Quality",
    "conform",
    "deviations",
    "precision",
    "quality",
    "task_name",
]
