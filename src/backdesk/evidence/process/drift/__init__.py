"""Changes of a process over time: when, and what, with an error rate that holds."""

from backdesk.evidence.process.drift.finding import (
    SENTENCES,
    Change,
    Drift,
    Period,
    Shift,
    TooShort,
    drift,
)
from backdesk.evidence.process.drift.observing import Figure, FigureKind

__all__ = ["SENTENCES", "Change", "Drift", "Figure", "FigureKind", "Period", "Shift", "TooShort", "drift"]
